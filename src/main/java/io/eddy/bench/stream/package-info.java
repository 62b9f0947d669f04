/**
 * The benchmark of the stream: a broker, {@code serve} and a bare Kafka Streams topology in
 * processes of their own, which process the same events in turns.
 *
 * <p>The bare topology reads, stores and emits as many bytes per event as Eddy, and computes
 * nothing. A turn is the time in which one of the two streams runs; the other one is suspended.
 */
@NullMarked
package io.eddy.bench.stream;

import org.jspecify.annotations.NullMarked;
