package io.eddy.admission;

import java.util.Locale;

/** The kinds of reasons for which an event is rejected. Metrics use their ids. */
public enum RejectionKind {
  /** The event is malformed or beyond the limits of values and timestamps. */
  INVALID,
  /** No version of the model serves events of this time. */
  NO_VERSION,
  /** The partition has as many active series as {@code series.max-per-partition} allows. */
  SERIES_LIMIT,
  /** The timestamp is far ahead of the series' previous one, and no second event confirms it. */
  TIMESTAMP_JUMP,
  /** No version gives a finite forecast. */
  NON_FINITE,
  /** The model does not accept the value: it is not one of its classes. */
  UNSUPPORTED_VALUE;

  /** Returns the name in lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
