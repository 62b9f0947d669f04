package io.eddy.cli.option;

import io.eddy.model.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses {@code --bounds}: {@code none}, or a range, {@code integer}, or both. */
final class BoundsOption {
  private static final String INTEGER = "integer";
  private static final Pattern RANGE = Pattern.compile("(.*?)\\.\\.(.*)");

  private BoundsOption() {}

  /**
   * Returns the bounds, or null for those of the data.
   *
   * @throws IllegalArgumentException if the words are not bounds
   */
  static @Nullable Bounds parse(List<String> words) {
    if (words.isEmpty()) {
      return null;
    }
    List<String> ranges = new ArrayList<>(words);
    boolean isInteger = ranges.remove(INTEGER);
    if (ranges.equals(List.of("none")) && !isInteger) {
      return Bounds.NONE;
    }
    if (ranges.isEmpty()) {
      return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true, true);
    }
    Matcher range = RANGE.matcher(ranges.get(0));
    if (ranges.size() > 1 || !range.matches()) {
      throw invalid(words);
    }
    return new Bounds(
        bound(range.group(1), Double.NEGATIVE_INFINITY, words),
        bound(range.group(2), Double.POSITIVE_INFINITY, words),
        isInteger,
        true);
  }

  private static double bound(String text, double none, List<String> words) {
    try {
      return text.isEmpty() ? none : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid(words);
    }
  }

  private static IllegalArgumentException invalid(List<String> words) {
    return new IllegalArgumentException(
        "--bounds: expected a range such as 0.. or 0..100, integer, both, or none, got "
            + String.join(",", words));
  }
}
