package io.eddy.dataset.csv;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text of a CSV file. What is null is detected.
 *
 * @param encoding null for UTF-8, or UTF-16 with a byte order mark
 * @param separator character between two fields
 * @param headerLine line of the column names, from 1; 0 if the file has none. By default it is the
 *     first line that is neither blank nor a comment
 */
public record TextOptions(
    @Nullable Charset encoding, @Nullable Character separator, @Nullable Integer headerLine) {
  /** Detects everything. */
  public static final TextOptions DETECT = new TextOptions(null, null, null);

  static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');

  /**
   * Returns the separator of an option: a character, or {@code tab}, {@code comma}, {@code
   * semicolon}, {@code pipe}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static char separatorOf(String text) {
    char separator =
        switch (text) {
          case "tab", "\\t" -> '\t';
          case "comma" -> ',';
          case "semicolon" -> ';';
          case "pipe" -> '|';
          default -> text.length() == 1 ? text.charAt(0) : '"';
        };
    if (separator == '"' || separator == '#' || Character.isLetterOrDigit(separator)) {
      throw new IllegalArgumentException(
          "expected one character such as ';', or tab, got '%s'".formatted(text));
    }
    return separator;
  }

  /** Returns a separator as an option's value. */
  static String describe(char separator) {
    return separator == '\t' ? "tab" : "'" + separator + "'";
  }
}
