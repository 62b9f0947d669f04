package io.eddy.kafka.config;

import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.topics.TopicNames;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the topic names. */
final class TopicSettings {
  private static final String EVENTS = "topic.events";
  private static final String FORECASTS = "topic.forecasts";
  private static final String SCORES = "topic.scores";
  private static final String MODELS = "topic.models";
  private static final String ACTIVATIONS = "topic.activations";
  private static final String DEAD_LETTERS = "topic.dead-letters";
  private static final String STATUS = "topic.status";
  private static final String ANOMALIES = "topic.anomalies";
  private static final String KEYED_EVENTS = "topic.keyed-events";
  private static final String ALERTS = "topic.alerts";

  private static final String GROUP = "Topics";

  private TopicSettings() {}

  static void define(ConfigDef definition) {
    TopicNames defaults = TopicNames.DEFAULT;
    define(definition, 1, EVENTS, defaults.events(), "Events. Eddy only reads this topic.");
    define(
        definition,
        2,
        FORECASTS,
        defaults.forecasts(),
        "Forecasts, each in the partition of its event.");
    define(
        definition,
        3,
        SCORES,
        defaults.scores(),
        "Scores: the errors of earlier forecasts, once the actual values are known.");
    define(definition, 4, MODELS, defaults.models(), "Model files, in parts. Compacted.");
    define(
        definition,
        5,
        ACTIVATIONS,
        defaults.activations(),
        "Activations: which version serves from when. Compacted.");
    define(
        definition,
        6,
        DEAD_LETTERS,
        defaults.deadLetters(),
        "Rejected events with their original bytes and the reason.");
    define(
        definition,
        7,
        STATUS,
        defaults.status(),
        "Status of each instance: versions loaded and rejected, series per version. Compacted.");
    define(
        definition,
        8,
        KEYED_EVENTS,
        "keyed-events",
        "Events repartitioned by the name of their series. Used only if events.key is not the record's key alone, if its format leaves the partition of a series open, or if the values are in a list.");
    define(
        definition,
        9,
        ANOMALIES,
        TopicNames.DEFAULT_ANOMALIES,
        "Anomalies, each in the partition of its event. Used only if anomalies is not off.");
    define(
        definition,
        10,
        ALERTS,
        "alerts",
        "Alerts that fired or cleared, each in the partition of its event. Used only with"
            + " alerts.rules.");
  }

  private static void define(
      ConfigDef definition, int order, String key, String defaultName, String documentation) {
    definition.define(
        key,
        ConfigDef.Type.STRING,
        defaultName,
        Validators.topicName(),
        Importance.MEDIUM,
        documentation,
        GROUP,
        order,
        Width.MEDIUM,
        key);
  }

  /** Returns the name of the events topic. */
  static String events(SettingValues values) {
    return values.text(EVENTS);
  }

  /**
   * Returns the names.
   *
   * @param events mapping of the events, which decides whether there are keyed events
   * @param anomalies which decide whether there is a topic of anomalies
   */
  static TopicNames names(SettingValues values, EventMapping events, AnomalyPolicy anomalies) {
    TopicNames defaults = optional(TopicNames.DEFAULT, values, events, anomalies);
    return values.create(
        "topic.", () -> optional(given(values), values, events, anomalies), defaults);
  }

  private static TopicNames optional(
      TopicNames names, SettingValues values, EventMapping events, AnomalyPolicy anomalies) {
    TopicNames keyed =
        events.isRekeyed() ? names.withKeyedEvents(values.text(KEYED_EVENTS)) : names;
    TopicNames detecting = anomalies.isOff() ? keyed : keyed.withAnomalies(values.text(ANOMALIES));
    return AlertSettings.rules(values).isEmpty()
        ? detecting
        : detecting.withAlerts(values.text(ALERTS));
  }

  private static TopicNames given(SettingValues values) {
    return new TopicNames(
        values.text(EVENTS),
        values.text(FORECASTS),
        values.text(SCORES),
        values.text(MODELS),
        values.text(ACTIVATIONS),
        values.text(DEAD_LETTERS),
        values.text(STATUS));
  }
}
