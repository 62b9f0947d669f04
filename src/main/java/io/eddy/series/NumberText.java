package io.eddy.series;

import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers as text, in events and in CSV files.
 *
 * <p>A number is decimal: an optional sign, ASCII digits with an optional decimal point, and an
 * optional exponent, without any other character. This is stricter than {@link Double#parseDouble},
 * which also accepts white space, hexadecimal numbers and the type suffixes of Java.
 */
public final class NumberText {
  private static final Set<String> MISSING = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    MISSING.addAll(Set.of("nan", "inf", "infinity", "null", "none", "nil"));
    MISSING.addAll(Set.of("na", "n/a", "#n/a", "<na>", "\\n", "?", "-"));
  }

  private NumberText() {}

  /**
   * Returns the number in a text; infinite if it is beyond the range of a {@code double}.
   *
   * @throws NumberFormatException if the text is not a decimal number
   */
  public static double parse(String text) {
    if (!isNumber(text)) {
      throw new NumberFormatException("not a decimal number");
    }
    return Double.parseDouble(text);
  }

  /** Returns whether a text is a decimal number. */
  public static boolean isNumber(String text) {
    int from = isSign(text, 0) ? 1 : 0;
    int point = afterDigits(text, from);
    boolean hasPoint = point < text.length() && text.charAt(point) == '.';
    int end = hasPoint ? afterDigits(text, point + 1) : point;
    if (end - from == (hasPoint ? 1 : 0)) {
      return false;
    }
    if (end == text.length()) {
      return true;
    }
    if (text.charAt(end) != 'e' && text.charAt(end) != 'E') {
      return false;
    }
    int exponent = isSign(text, end + 1) ? end + 2 : end + 1;
    int last = afterDigits(text, exponent);
    return last > exponent && last == text.length();
  }

  private static boolean isSign(String text, int index) {
    return index < text.length() && (text.charAt(index) == '+' || text.charAt(index) == '-');
  }

  private static int afterDigits(String text, int from) {
    int index = from;
    while (index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9') {
      index++;
    }
    return index;
  }

  /**
   * Returns whether a text stands for a missing value: it is blank, or one of the usual words in
   * any case, such as NaN, -Infinity, null, None, NA, N/A, \N, ? and -.
   */
  public static boolean isMissing(String text) {
    return text.isBlank()
        || MISSING.contains(text)
        || (isSign(text, 0) && isNotFinite(text.substring(1)));
  }

  private static boolean isNotFinite(String text) {
    return text.equalsIgnoreCase("nan")
        || text.equalsIgnoreCase("inf")
        || text.equalsIgnoreCase("infinity");
  }
}
