package io.eddy.series.time;

import org.jspecify.annotations.Nullable;

/**
 * Units of numbers that count from 1970-01-01T00:00:00Z. A number is plausible in a unit if it is a
 * time from 1990 up to 2100. A number is plausible in at most one unit.
 */
public enum EpochUnit {
  /** Seconds. */
  S(1, "epoch seconds"),
  /** Milliseconds. */
  MS(1_000, "epoch milliseconds"),
  /** Microseconds. */
  US(1_000_000, "epoch microseconds"),
  /** Nanoseconds. */
  NS(1_000_000_000, "epoch nanoseconds");

  private static final long YEAR_1990_S = 631_152_000L;
  private static final long YEAR_2100_S = 4_102_444_800L;

  /** Bound of the conversion from fractions, so that rounding does not overflow. */
  private static final double MAX_ABS_MS = 9e18;

  private final long perSecond;
  private final String description;

  EpochUnit(long perSecond, String description) {
    this.perSecond = perSecond;
    this.description = description;
  }

  /** Returns the unit in which a number is plausible; null if none exists. */
  public static @Nullable EpochUnit of(long number) {
    for (EpochUnit unit : values()) {
      if (unit.isPlausible(number)) {
        return unit;
      }
    }
    return null;
  }

  /** Returns the unit in which a number is plausible; null if none exists. */
  public static @Nullable EpochUnit of(double number) {
    for (EpochUnit unit : values()) {
      if (unit.isPlausible(number)) {
        return unit;
      }
    }
    return null;
  }

  /** Returns whether a number is a time from 1990 up to 2100 in this unit. */
  public boolean isPlausible(long number) {
    return number >= YEAR_1990_S * perSecond && number < YEAR_2100_S * perSecond;
  }

  /** Returns whether a number is a time from 1990 up to 2100 in this unit. */
  public boolean isPlausible(double number) {
    return number >= (double) YEAR_1990_S * perSecond && number < (double) YEAR_2100_S * perSecond;
  }

  /**
   * Converts to epoch milliseconds, rounding down.
   *
   * @throws ArithmeticException on overflow
   */
  public long toMs(long number) {
    return this == S ? Math.multiplyExact(number, 1_000L) : Math.floorDiv(number, perSecond / 1000);
  }

  /**
   * Converts a number with a fraction to epoch milliseconds, rounding to the nearest, because most
   * decimal fractions have no exact binary representation.
   *
   * @throws ArithmeticException if the result is no 64-bit number
   */
  public long toMs(double number) {
    double perMs = perSecond / 1e3;
    double ms = this == S ? number * 1e3 : number / perMs;
    if (!(Math.abs(ms) <= MAX_ABS_MS)) {
      throw new ArithmeticException("out of range");
    }
    return Math.round(ms);
  }

  /**
   * Converts from epoch milliseconds; seconds are rounded down.
   *
   * @throws ArithmeticException on overflow
   */
  public long ofMs(long ms) {
    return this == S ? Math.floorDiv(ms, 1_000L) : Math.multiplyExact(ms, perSecond / 1000);
  }

  /** Returns the format of this unit. */
  public TimestampFormat format() {
    return switch (this) {
      case S -> TimestampFormat.S;
      case MS -> TimestampFormat.MS;
      case US -> TimestampFormat.US;
      case NS -> TimestampFormat.NS;
    };
  }

  @Override
  public String toString() {
    return description;
  }
}
