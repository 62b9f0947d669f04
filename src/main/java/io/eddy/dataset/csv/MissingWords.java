package io.eddy.dataset.csv;

import io.eddy.series.NumberText;
import java.util.Set;
import java.util.TreeSet;

/**
 * Texts that stand for a missing value: those of events, and further ones of spreadsheets,
 * statistics programs and statistical offices.
 */
final class MissingWords {
  private static final Set<String> MORE = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    MORE.addAll(Set.of("--", ".", "..", "...", "#na", "#n/a n/a", "n.a.", "nat", "missing"));
    MORE.addAll(Set.of("1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "\u2013", "\u2014"));
  }

  private MissingWords() {}

  /** Returns whether a text without blanks at its ends stands for a missing value. */
  static boolean isMissing(String text) {
    return text.isEmpty() || NumberText.isMissing(text) || MORE.contains(text);
  }
}
