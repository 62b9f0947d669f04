package io.eddy.stream;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The topics that a forecaster reads and writes. All seven differ. */
public record TopicNames(
    String events,
    String forecasts,
    String scores,
    String models,
    String activations,
    String deadLetters,
    String status) {

  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  /** The names used where none are configured. */
  public static final TopicNames DEFAULT =
      new TopicNames(
          "sensor-events", "forecasts", "forecast-scores", "models", "activations", "dead-letters");

  /** With the status topic's usual name. */
  public TopicNames(
      String events,
      String forecasts,
      String scores,
      String models,
      String activations,
      String deadLetters) {
    this(events, forecasts, scores, models, activations, deadLetters, "model-status");
  }

  public TopicNames {
    Set<String> seen = new HashSet<>();
    for (String name :
        List.of(events, forecasts, scores, models, activations, deadLetters, status)) {
      if (!LEGAL.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "topic '%s': expected at most 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'"
                .formatted(name));
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "topic %s: two of the topics have this name".formatted(name));
      }
    }
  }

  /** All of them. */
  public List<String> all() {
    return List.of(events, forecasts, scores, models, activations, deadLetters, status);
  }
}
