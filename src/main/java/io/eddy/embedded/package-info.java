/**
 * A single-node Kafka broker in this process, for the demo, development and tests.
 *
 * <p>Depends on the Kafka server only.
 */
@NullMarked
package io.eddy.embedded;

import org.jspecify.annotations.NullMarked;
