/**
 * Status of running instances: the status topic, which {@code eddy models status} reads, and the
 * registration of MXBeans.
 */
@NullMarked
package io.eddy.kafka.status;

import org.jspecify.annotations.NullMarked;
