package io.eddy.kafka.event;

import io.eddy.series.NumberText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Words that stand for numbers in value and covariate fields, such as ON and OFF.
 *
 * @param numbers by word, in any case; NaN if the word stands for a missing value
 */
public record ValueWords(Map<String, Double> numbers) {
  /** No words. */
  public static final ValueWords NONE = new ValueWords(Map.of());

  /** Stands for a missing value, in place of a number. */
  private static final String MISSING = "missing";

  private static final int MAX_WORDS = 256;

  public ValueWords {
    if (numbers.size() > MAX_WORDS) {
      throw new IllegalArgumentException(
          "value-words: expected at most %d words, got %d".formatted(MAX_WORDS, numbers.size()));
    }
    Map<String, Double> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    numbers.forEach(
        (word, number) -> {
          if (sorted.put(word, number) != null) {
            throw new IllegalArgumentException(
                "value-words: expected distinct words, got %s twice".formatted(word));
          }
        });
    numbers = Collections.unmodifiableMap(sorted);
  }

  /**
   * Parses words such as {@code ON=1} and {@code unavailable=missing}.
   *
   * @throws IllegalArgumentException if an assignment has no word or no number
   */
  public static ValueWords parse(List<String> assignments) {
    Map<String, Double> numbers = new java.util.LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.lastIndexOf('=');
      String word = equals < 0 ? "" : assignment.substring(0, equals).strip();
      String number = assignment.substring(equals + 1).strip();
      boolean isMissing = number.equalsIgnoreCase(MISSING);
      if (word.isEmpty() || !(isMissing || NumberText.isNumber(number))) {
        throw new IllegalArgumentException(
            "value-words: expected WORD=NUMBER or WORD=missing, got '%s'".formatted(assignment));
      }
      if (numbers.put(word, isMissing ? Double.NaN : NumberText.parse(number)) != null) {
        throw new IllegalArgumentException(
            "value-words: expected distinct words, got %s twice".formatted(word));
      }
    }
    return numbers.isEmpty() ? NONE : new ValueWords(numbers);
  }

  /** Returns the number that a word stands for; null if it is not one of the words. */
  @Nullable Double number(String word) {
    return numbers.isEmpty() ? null : numbers.get(word);
  }

  /** Returns the words as they are set: {@code OFF=0,ON=1,unavailable=missing}. */
  public String setting() {
    return join("=", ",");
  }

  /** Returns the words for messages: {@code OFF as 0, ON as 1}. */
  public String description() {
    return join(" as ", ", ");
  }

  private String join(String assignment, String separator) {
    List<String> words = new ArrayList<>();
    numbers.forEach(
        (word, number) ->
            words.add(
                word
                    + assignment
                    + (number.isNaN()
                        ? MISSING
                        : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString())));
    return String.join(separator, words);
  }
}
