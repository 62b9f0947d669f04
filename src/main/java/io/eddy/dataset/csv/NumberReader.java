package io.eddy.dataset.csv;

import io.eddy.series.NumberText;
import io.eddy.series.RoundedIntegers;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers with a decimal point or comma. The separator is the one that is stated, otherwise
 * the first that occurs in the file; a comma is detected only where it does not separate fields.
 *
 * <p>A number such as 1.234 may also have a thousands separator. If the columns are not separated
 * by commas, it is proof of neither; {@link #doubt()} tells whether all numbers are of that form.
 */
final class NumberReader {
  private static final int MAX_EXACT_DIGITS = 15;
  private static final int GROUP_DIGITS = 3;
  private static final double[] POWERS_OF_TEN = new double[MAX_EXACT_DIGITS + 1];

  static {
    // Powers of ten up to 1e22 are exact.
    for (int i = 0; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = Double.parseDouble("1e" + i);
    }
  }

  private final NumberOptions options;

  /** Decimal separator; 0 until it is known. */
  private char decimal;

  /** Whether a number has shown that the separator is no thousands separator. */
  private boolean isProven;

  private @Nullable String doubtful;
  private long roundedIntegers;

  /** Creates a reader for a file whose fields are separated by {@code separator}. */
  NumberReader(NumberOptions options, char separator) {
    this.options = options;
    Character stated = options.decimal();
    decimal = stated != null ? stated : separator == ',' ? '.' : 0;
    isProven = decimal != 0;
  }

  /** Returns whether a text stands for a missing value. */
  boolean isMissing(String text) {
    return MissingWords.isMissing(text)
        || (!options.missing().isEmpty() && options.missing().contains(text));
  }

  /**
   * Reads a text without blanks at its ends. Infinite numbers are returned as such.
   *
   * @return NaN if the value is missing
   * @throws NumberFormatException if it is no number; the message says what was expected
   */
  double read(String text) {
    if (!options.missing().isEmpty() && options.missing().contains(text)) {
      return Double.NaN;
    }
    double exact = exact(text);
    return Double.isNaN(exact) ? readSlowly(text) : exact;
  }

  /**
   * Reads digits with an optional sign and decimals. Both the digits and the power of ten are
   * exact, so that their quotient is correctly rounded (Clinger 1990).
   *
   * @return NaN if the text has another form
   */
  private double exact(String text) {
    int length = text.length();
    int at = length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    if (length - at > MAX_EXACT_DIGITS || at == length) {
      return Double.NaN;
    }
    int start = at;
    int mark = -1;
    long digits = 0;
    for (; at < length; at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits = 10 * digits + (c - '0');
      } else if ((c == '.' || c == ',') && mark < 0 && isDecimal(c)) {
        mark = at;
      } else {
        return Double.NaN;
      }
    }
    int decimals = mark < 0 ? 0 : length - mark - 1;
    if (mark >= 0 && length - start == 1) {
      return Double.NaN;
    }
    if (mark >= 0 && !isProven) {
      note(text, start, mark, decimals);
    }
    double number = (double) digits / POWERS_OF_TEN[decimals];
    return text.charAt(0) == '-' ? -number : number;
  }

  private boolean isDecimal(char mark) {
    return decimal == 0 || decimal == mark;
  }

  private void note(String text, int start, int mark, int decimals) {
    decimal = text.charAt(mark);
    int whole = mark - start;
    boolean isGroup =
        decimals == GROUP_DIGITS
            && whole >= 1
            && whole <= GROUP_DIGITS
            && text.charAt(start) != '0';
    if (!isGroup) {
      isProven = true;
    } else if (doubtful == null) {
      doubtful = text;
    }
  }

  private double readSlowly(String text) {
    if (MissingWords.isMissing(text)) {
      return Double.NaN;
    }
    int point = text.indexOf('.');
    int comma = text.indexOf(',');
    int mark = point >= 0 ? point : comma;
    boolean hasBoth = point >= 0 && comma >= 0;
    if (!hasBoth && mark >= 0 && isDecimal(text.charAt(mark))) {
      String number = comma >= 0 ? text.replace(',', '.') : text;
      if (NumberText.isNumber(number)) {
        decimal = text.charAt(mark);
        isProven = true;
        return Double.parseDouble(number);
      }
    } else if (mark < 0 && NumberText.isNumber(text)) {
      roundedIntegers += RoundedIntegers.contains(text) ? 1 : 0;
      return Double.parseDouble(text);
    }
    throw new NumberFormatException(expected(text));
  }

  private String expected(String text) {
    String last = text.substring(text.length() - 1);
    if (text.matches("[-+]?\\d{1,3}([ ,.'\u2019_\u00a0\u202f]\\d{3})+([.,]\\d+)?")
        && !isOnlyMark(text)) {
      return "a number without thousands separators";
    }
    if (text.matches("[-+]?\\d*[.,]\\d+([eE][-+]?\\d+)?")) {
      return decimal == '.'
          ? "a number with a decimal point (--decimal , reads a decimal comma)"
          : "a number with a decimal comma (--decimal . reads a decimal point)";
    }
    if (last.equals("%")) {
      return "a number without a percent sign";
    }
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.CURRENCY_SYMBOL)) {
      return "a number without a currency";
    }
    return "a number";
  }

  /** Returns whether the text has one separator, which may be that of decimals. */
  private static boolean isOnlyMark(String text) {
    return text.chars().filter(c -> c == ',' || c == '.').count() == 1
        && text.matches("[-+]?[\\d.,]+");
  }

  /**
   * Returns a number that may have a thousands separator if nothing in the file shows that it has
   * not; otherwise null.
   */
  @Nullable String doubt() {
    return isProven ? null : doubtful;
  }

  /** Returns the number of integers beyond ±2^53 that were rounded to a float64. */
  long roundedIntegers() {
    return roundedIntegers;
  }

  /** Returns the decimal separator; 0 if no number has one. */
  char decimal() {
    return decimal;
  }
}
