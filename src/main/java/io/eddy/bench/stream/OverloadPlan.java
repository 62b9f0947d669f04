package io.eddy.bench.stream;

import java.time.Duration;

/**
 * The options of an overload.
 *
 * @param stream the series, the events that measure the capacity, and the settings of Eddy
 * @param factor input during the overload, as a multiple of the capacity
 * @param length of the overload
 * @param heap size of the heap of {@code serve}, as in {@code -Xmx}
 * @param flood additional events
 * @param isVerified whether {@code verify} compares every forecast at the end
 */
public record OverloadPlan(
    StreamPlan stream,
    double factor,
    Duration length,
    String heap,
    Flood flood,
    boolean isVerified) {
  /** Additional events, as many as those of known series. */
  public enum Flood {
    NONE,
    /** Each of a series that has not been seen before. */
    SERIES,
    /** Each without a valid value, in a way of its own. */
    INVALID
  }
}
