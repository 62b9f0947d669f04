package io.eddy.series.time;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of times in text. In contrast to the numbers of values, they may have a decimal comma,
 * and blanks at both ends: a time has no thousands separators with which a comma could be confused.
 */
final class TimeNumber {
  private TimeNumber() {}

  /** Returns whether a text is a number. */
  static boolean isNumber(String text) {
    return normalized(text) != null;
  }

  /** Returns a number without blanks and with a decimal point; null if the text is none. */
  static @Nullable String normalized(String text) {
    String number = text.strip();
    int at = number.startsWith("-") || number.startsWith("+") ? 1 : 0;
    int whole = digits(number, at);
    int next = at + whole;
    int fraction = 0;
    if (next < number.length() && (number.charAt(next) == '.' || number.charAt(next) == ',')) {
      fraction = digits(number, next + 1);
      next += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return null;
    }
    if (next < number.length() && (number.charAt(next) == 'e' || number.charAt(next) == 'E')) {
      next++;
      if (next < number.length() && (number.charAt(next) == '-' || number.charAt(next) == '+')) {
        next++;
      }
      int exponent = digits(number, next);
      next += exponent;
      if (exponent == 0) {
        return null;
      }
    }
    return next == number.length() ? number.replace(',', '.') : null;
  }

  /** Returns whether a normalized number has neither a decimal point nor an exponent. */
  static boolean isInteger(String number) {
    return number.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
  }

  private static int digits(String text, int from) {
    int to = from;
    while (to < text.length() && isDigit(text.charAt(to))) {
      to++;
    }
    return to - from;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
