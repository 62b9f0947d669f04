/**
 * A real single-node Kafka broker in the process, for the demo, development and tests.
 *
 * <p>Depends on the Kafka server alone.
 */
@NullMarked
package io.eddy.embedded;

import org.jspecify.annotations.NullMarked;
