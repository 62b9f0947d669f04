package io.eddy.cli.terminal;

import java.util.Locale;

/** Formats numbers for tables. */
public final class Figures {
  private static final double MAX_SPREADS = 1000;

  private Figures() {}

  /**
   * Formats a number so that differences of a hundredth of {@code spread} are visible, or like
   * {@link #digits(double)} if four digits suffice for that.
   */
  public static String digits(double value, double spread) {
    if (!(spread > 0) || Math.abs(value) < MAX_SPREADS * spread) {
      return digits(value);
    }
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(spread)));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Formats a number with four digits, with an exponent when it is very large or very small. */
  public static String digits(double value) {
    double size = Math.abs(value);
    String format =
        size >= 1e6 || (size < 1e-3 && size > 0) ? "%.3e" : size >= 1000 ? "%.0f" : "%.4g";
    return String.format(Locale.ROOT, format, value);
  }
}
