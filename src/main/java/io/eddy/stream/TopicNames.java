package io.eddy.stream;

import java.util.List;

/** The topics that a forecaster reads and writes. */
public record TopicNames(
    String events,
    String forecasts,
    String scores,
    String models,
    String activations,
    String deadLetters) {

  /** The names used where none are configured. */
  public static final TopicNames DEFAULT =
      new TopicNames(
          "sensor-events", "forecasts", "forecast-scores", "models", "activations", "dead-letters");

  /** All of them. */
  public List<String> all() {
    return List.of(events, forecasts, scores, models, activations, deadLetters);
  }
}
