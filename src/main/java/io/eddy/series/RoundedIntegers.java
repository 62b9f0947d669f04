package io.eddy.series;

import java.math.BigDecimal;

/**
 * Integers that a float64 cannot hold exactly: some of those beyond ±2^53. Values are read as
 * float64, so that such an integer is rounded. It usually is an identifier and no measurement.
 */
public final class RoundedIntegers {
  private static final long MAX_EXACT = 1L << 53;
  private static final int MAX_EXACT_DIGITS = 15;

  private RoundedIntegers() {}

  /** Returns whether a float64 cannot hold an integer exactly. */
  public static boolean contains(long integer) {
    return (integer > MAX_EXACT || integer < -MAX_EXACT) && contains(BigDecimal.valueOf(integer));
  }

  /** Returns whether a number is an integer that a float64 cannot hold exactly. */
  public static boolean contains(BigDecimal number) {
    double rounded = number.doubleValue();
    return Double.isFinite(rounded)
        && Math.abs(rounded) >= MAX_EXACT
        && number.compareTo(new BigDecimal(rounded)) != 0
        && number.stripTrailingZeros().scale() <= 0;
  }

  /**
   * Returns whether a text is an integer, in digits with an optional sign, that a float64 cannot
   * hold exactly.
   */
  public static boolean contains(String text) {
    int length = text.length();
    if (length <= MAX_EXACT_DIGITS) {
      return false;
    }
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    for (int i = start; i < length; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return contains(new BigDecimal(text));
  }
}
