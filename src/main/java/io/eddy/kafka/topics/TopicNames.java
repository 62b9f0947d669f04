package io.eddy.kafka.topics;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names of the topics that Eddy reads and writes, all distinct.
 *
 * @param keyedEvents topic of the events re-keyed by series name; null if the events topic is keyed
 *     by series name already
 * @param anomalies topic of the anomalies; null if they are off
 * @param alerts topic of alerts; null if there are no rules
 */
public record TopicNames(
    String events,
    String forecasts,
    String scores,
    String models,
    String activations,
    String deadLetters,
    String status,
    @Nullable String keyedEvents,
    @Nullable String anomalies,
    @Nullable String alerts) {

  /** Default name of the topic of anomalies, which exists only if they are on. */
  public static final String DEFAULT_ANOMALIES = "anomalies";

  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  /** Default names. */
  public static final TopicNames DEFAULT =
      new TopicNames(
          "sensor-events",
          "forecasts",
          "forecast-scores",
          "models",
          "activations",
          "dead-letters",
          "model-status");

  /** Creates names without keyed events, anomalies and alerts. */
  public TopicNames(
      String events,
      String forecasts,
      String scores,
      String models,
      String activations,
      String deadLetters,
      String status) {
    this(events, forecasts, scores, models, activations, deadLetters, status, null, null, null);
  }

  public TopicNames {
    Set<String> seen = new HashSet<>();
    for (String name :
        present(
            events,
            forecasts,
            scores,
            models,
            activations,
            deadLetters,
            status,
            keyedEvents,
            anomalies,
            alerts)) {
      if (!LEGAL.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "topic '%s': expected at most 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'"
                .formatted(name));
      }
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "topic %s: expected distinct topic names".formatted(name));
      }
    }
  }

  /** Returns all names, events first. */
  public List<String> all() {
    return present(
        events,
        forecasts,
        scores,
        models,
        activations,
        deadLetters,
        status,
        keyedEvents,
        anomalies,
        alerts);
  }

  /** Returns the topic that forecasts are computed from, and whose positions they name. */
  public String source() {
    return keyedEvents == null ? events : keyedEvents;
  }

  /** Returns these names with a keyed events topic. */
  public TopicNames withKeyedEvents(String topic) {
    return withOptional(topic, anomalies, alerts);
  }

  /** Returns these names with a topic of anomalies. */
  public TopicNames withAnomalies(String topic) {
    return withOptional(keyedEvents, topic, alerts);
  }

  /** Returns these names with a topic of alerts. */
  public TopicNames withAlerts(String topic) {
    return withOptional(keyedEvents, anomalies, topic);
  }

  private TopicNames withOptional(
      @Nullable String keyedTopic, @Nullable String anomaliesTopic, @Nullable String alertsTopic) {
    return new TopicNames(
        events,
        forecasts,
        scores,
        models,
        activations,
        deadLetters,
        status,
        keyedTopic,
        anomaliesTopic,
        alertsTopic);
  }

  private static List<String> present(@Nullable String... names) {
    return Stream.of(names).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }
}
