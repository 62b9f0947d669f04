package io.eddy.kafka.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory with a unit, such as {@code 256MiB}. */
final class ByteSize {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})\\s?(KiB|MiB|GiB)");

  private ByteSize() {}

  /**
   * Returns a size in bytes.
   *
   * @throws IllegalArgumentException if the text is not a size
   */
  static long parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a size such as 256MiB, got \"%s\"".formatted(text));
    }
    return Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "KiB" -> 10;
      case "MiB" -> 20;
      default -> 30;
    };
  }

  /** Returns whether the text is a size in a range. */
  static boolean isIn(String text, long minBytes, long maxBytes) {
    try {
      long bytes = parse(text);
      return bytes >= minBytes && bytes <= maxBytes;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns a size as text, in the largest unit without a remainder. */
  static String format(long bytes) {
    for (String unit : List.of("GiB", "MiB")) {
      int shift = shift(unit);
      if (bytes >> shift << shift == bytes) {
        return (bytes >> shift) + unit;
      }
    }
    return (bytes >> 10) + "KiB";
  }
}
