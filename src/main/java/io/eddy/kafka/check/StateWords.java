package io.eddy.kafka.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Words that fields with two states usually have, and words for a value that is not known. */
final class StateWords {
  /** Pairs of words for 0 and 1. */
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("off", "on"),
          List.of("false", "true"),
          List.of("no", "yes"),
          List.of("closed", "open"),
          List.of("close", "open"),
          List.of("closed", "opened"),
          List.of("inactive", "active"),
          List.of("idle", "active"),
          List.of("idle", "running"),
          List.of("stopped", "running"),
          List.of("offline", "online"),
          List.of("down", "up"),
          List.of("not_home", "home"),
          List.of("away", "home"),
          List.of("clear", "detected"),
          List.of("absent", "present"),
          List.of("disconnected", "connected"),
          List.of("disabled", "enabled"),
          List.of("unlocked", "locked"),
          List.of("dry", "wet"),
          List.of("low", "high"));

  private static final Set<String> MISSING = Set.of("unavailable", "unknown", "undefined");

  private StateWords() {}

  /** Returns whether a word stands for a value that is not known. */
  static boolean isMissing(String word) {
    return MISSING.contains(word.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the numbers of words; NaN for a word of a missing value.
   *
   * @param words without numbers
   * @return null if the words are more or others than the two of a pair and those of missing values
   */
  static @Nullable Map<String, Double> numbers(Set<String> words) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Set<String> states = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    words.stream().filter(word -> !isMissing(word)).forEach(states::add);
    if (!states.isEmpty()) {
      List<String> pair = pair(states);
      if (pair == null) {
        return null;
      }
      states.forEach(word -> numbers.put(word, word.equalsIgnoreCase(pair.get(1)) ? 1.0 : 0.0));
    }
    new TreeSet<>(words)
        .stream().filter(StateWords::isMissing).forEach(word -> numbers.put(word, Double.NaN));
    return numbers;
  }

  private static @Nullable List<String> pair(Set<String> states) {
    return states.size() != 2
        ? null
        : PAIRS.stream().filter(states::containsAll).findFirst().orElse(null);
  }
}
