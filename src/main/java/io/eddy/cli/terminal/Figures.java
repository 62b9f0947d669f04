package io.eddy.cli.terminal;

import java.util.Locale;

/** Formats numbers for tables. */
public final class Figures {
  private Figures() {}

  /** Formats a number with four digits, with an exponent when it is very large or very small. */
  public static String digits(double value) {
    double size = Math.abs(value);
    String format =
        size >= 1e6 || (size < 1e-3 && size > 0) ? "%.3e" : size >= 1000 ? "%.0f" : "%.4g";
    return String.format(Locale.ROOT, format, value);
  }
}
