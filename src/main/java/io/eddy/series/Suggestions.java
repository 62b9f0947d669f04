package io.eddy.series;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Known names that are similar to a misspelled one. */
public final class Suggestions {
  private static final int MAX_SUGGESTIONS = 3;

  /** Shorter names are part of too many others. */
  private static final int MIN_PART_LENGTH = 3;

  /** Longer names are no misspelled ones. */
  private static final int MAX_LENGTH = 200;

  private Suggestions() {}

  /**
   * Returns {@code ; did you mean "a" or "b"?}, or an empty string if no known name is similar.
   *
   * @param quote put before and after each name
   */
  public static String question(String name, Collection<String> known, String quote) {
    List<String> similar = similar(name, known);
    return similar.isEmpty()
        ? ""
        : similar.stream()
            .map(suggestion -> quote + suggestion + quote)
            .collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }

  /**
   * Returns the known names with the smallest edit distance if that is at most a third of the
   * length of the name's last part; else those that have the same last part or contain the name.
   */
  public static List<String> similar(String name, Collection<String> known) {
    if (name.length() > MAX_LENGTH) {
      return List.of();
    }
    String given = normalized(name);
    int min =
        known.stream().mapToInt(other -> distance(given, normalized(other))).min().orElse(999);
    String lastPart = given.substring(name.lastIndexOf('.') + 1);
    if (min <= Math.max(1, lastPart.length() / 3)) {
      return known.stream()
          .filter(other -> distance(given, normalized(other)) == min)
          .limit(MAX_SUGGESTIONS)
          .toList();
    }
    if (given.length() < MIN_PART_LENGTH) {
      return List.of();
    }
    List<String> ending =
        known.stream().filter(other -> normalized(other).endsWith("." + lastPart)).toList();
    List<String> containing =
        known.stream().filter(other -> normalized(other).contains(given)).toList();
    return (ending.isEmpty() ? containing : ending).stream().limit(MAX_SUGGESTIONS).toList();
  }

  private static String normalized(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
  }

  /** Returns the Levenshtein distance. */
  private static int distance(String first, String second) {
    int[] previous = IntStream.rangeClosed(0, second.length()).toArray();
    for (int i = 1; i <= first.length(); i++) {
      int[] current = new int[second.length() + 1];
      current[0] = i;
      for (int j = 1; j <= second.length(); j++) {
        int substitution = first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(previous[j - 1] + substitution, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[second.length()];
  }
}
