package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of InfluxDB's line protocol: {@code measurement,tag=text field=1.5,other=2i 1700000000}.
 *
 * @param fields by name: a Double, a BigInteger, a Boolean, or a String
 * @param time the timestamp; null if the line has none
 */
record InfluxLine(
    String measurement, Map<String, String> tags, Map<String, Object> fields, @Nullable Long time) {
  /** Reads one line after the other. */
  static final class Scanner {
    private static final String NAME_END = ", ";
    private static final String KEY_END = "=";
    private static final String TAG_END = ", ";

    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    /** Skips empty lines and comments; returns whether a line follows. */
    boolean hasNext() {
      while (at < text.length()) {
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '#') {
          skipLine();
        } else if (at < text.length() && !isLineEnd()) {
          return true;
        } else {
          at++;
        }
      }
      return false;
    }

    /**
     * Reads the next line.
     *
     * @throws InvalidRecordException if it is invalid; {@link #skipLine} goes on to the next one
     */
    InfluxLine next() {
      String measurement = required(token(NAME_END), "a measurement");
      Map<String, String> tags = new LinkedHashMap<>();
      while (take(',')) {
        String key = required(token(KEY_END), "the name of a tag");
        require('=', "= after the name of a tag");
        tags.put(key, required(token(TAG_END), "the value of a tag"));
      }
      requireSpace("a space before the fields");
      Map<String, Object> fields = new LinkedHashMap<>();
      do {
        String key = required(token(KEY_END), "the name of a field");
        require('=', "= after the name of a field");
        fields.put(key, fieldValue());
      } while (take(','));
      Long time = null;
      if (at < text.length() && text.charAt(at) == ' ') {
        skipSpaces();
        time = at >= text.length() || isLineEnd() ? null : time();
      }
      if (at < text.length() && !isLineEnd()) {
        throw invalid("the end of the line after the timestamp");
      }
      return new InfluxLine(measurement, tags, fields, time);
    }

    /** Skips the rest of the current line. */
    void skipLine() {
      while (at < text.length() && text.charAt(at) != '\n') {
        at++;
      }
    }

    /**
     * Reads up to a character of {@code ends}; a backslash before one of , = or space escapes it.
     */
    private String token(String ends) {
      StringBuilder result = new StringBuilder();
      while (at < text.length() && !isLineEnd() && ends.indexOf(text.charAt(at)) < 0) {
        char next = text.charAt(at);
        if (next == '\\' && at + 1 < text.length() && ",= ".indexOf(text.charAt(at + 1)) >= 0) {
          next = text.charAt(++at);
        }
        result.append(next);
        at++;
      }
      return result.toString();
    }

    private Object fieldValue() {
      if (at < text.length() && text.charAt(at) == '"') {
        return quoted();
      }
      String value = required(token(", "), "the value of a field");
      return switch (value) {
        case "t", "T", "true", "True", "TRUE" -> true;
        case "f", "F", "false", "False", "FALSE" -> false;
        default -> number(value);
      };
    }

    private Number number(String value) {
      char last = value.charAt(value.length() - 1);
      String digits = value.substring(0, value.length() - 1);
      try {
        if (last == 'i') {
          return BigInteger.valueOf(Long.parseLong(digits));
        }
        if (last == 'u') {
          return new BigInteger(Long.toUnsignedString(Long.parseUnsignedLong(digits)));
        }
        if (NumberText.isNumber(value)) {
          return NumberText.parse(value);
        }
      } catch (NumberFormatException e) {
        // The message below says what is accepted.
      }
      throw invalid(
          "a number such as 1.5, 2i or 3u, a Boolean or text in quotes as a field's value");
    }

    private String quoted() {
      StringBuilder result = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char next = text.charAt(at);
        if (next == '"') {
          at++;
          return result.toString();
        }
        if (next == '\\'
            && at + 1 < text.length()
            && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\')) {
          next = text.charAt(++at);
        }
        result.append(next);
      }
      throw invalid("a closing quote");
    }

    private Long time() {
      int from = at;
      while (at < text.length() && !isLineEnd() && text.charAt(at) != ' ') {
        at++;
      }
      int end = at;
      skipSpaces();
      try {
        return Long.valueOf(text.substring(from, end));
      } catch (NumberFormatException e) {
        throw invalid("a whole number as the timestamp");
      }
    }

    private boolean isLineEnd() {
      char next = text.charAt(at);
      return next == '\n'
          || (next == '\r' && (at + 1 == text.length() || text.charAt(at + 1) == '\n'));
    }

    private void skipSpaces() {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }

    private boolean take(char expected) {
      boolean isNext = at < text.length() && text.charAt(at) == expected;
      at += isNext ? 1 : 0;
      return isNext;
    }

    private void require(char expected, String description) {
      if (!take(expected)) {
        throw invalid(description);
      }
    }

    private void requireSpace(String description) {
      require(' ', description);
      skipSpaces();
    }

    private String required(String token, String description) {
      if (token.isEmpty()) {
        throw invalid(description);
      }
      return token;
    }

    private static InvalidRecordException invalid(String expected) {
      return new InvalidRecordException("not valid line protocol: expected %s", expected);
    }
  }
}
