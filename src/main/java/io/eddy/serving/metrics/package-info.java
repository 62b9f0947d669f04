/**
 * Metrics in Prometheus' text format: Eddy's own, which {@link io.eddy.serving.metrics.EddyMetric}
 * defines, and those of Kafka Streams, the JVM, the process and the log through Micrometer.
 *
 * <p>Every label has a bounded number of values: names of series are never labels.
 */
@NullMarked
package io.eddy.serving.metrics;

import org.jspecify.annotations.NullMarked;
