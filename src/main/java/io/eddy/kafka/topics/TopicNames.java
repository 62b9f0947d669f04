package io.eddy.kafka.topics;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a forecaster reads and writes. All differ.
 *
 * @param keyedEvents the events under their series' names, where these are not their keys; else
 *     null
 */
public record TopicNames(
    String events,
    String forecasts,
    String scores,
    String models,
    String activations,
    String deadLetters,
    String status,
    @Nullable String keyedEvents) {

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

  /** Of events whose keys are their series. */
  public TopicNames(
      String events,
      String forecasts,
      String scores,
      String models,
      String activations,
      String deadLetters,
      String status) {
    this(events, forecasts, scores, models, activations, deadLetters, status, null);
  }

  public TopicNames {
    Set<String> seen = new HashSet<>();
    for (String name :
        present(events, forecasts, scores, models, activations, deadLetters, status, keyedEvents)) {
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
    return present(
        events, forecasts, scores, models, activations, deadLetters, status, keyedEvents);
  }

  /** The topic whose events give the forecasts, which name their positions there. */
  public String source() {
    return keyedEvents == null ? events : keyedEvents;
  }

  /** The same with events that are brought under their series' names in a topic of their own. */
  public TopicNames withKeyedEvents(String topic) {
    return new TopicNames(
        events, forecasts, scores, models, activations, deadLetters, status, topic);
  }

  private static List<String> present(@Nullable String... names) {
    return Stream.of(names).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }
}
