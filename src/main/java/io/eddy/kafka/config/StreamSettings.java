package io.eddy.kafka.config;

import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.rollout.ModelLimits;
import java.util.List;

/**
 * Settings that determine the topology and its output.
 *
 * @param model name of the model whose versions serve
 * @param events mapping of events to observations; its covariates are stored with every value,
 *     whether or not the serving version uses them
 * @param topics names of all topics
 * @param policies treatment of late, invalid and excess events, and of model versions
 * @param output encoding of forecasts, scores and anomalies
 */
public record StreamSettings(
    String model,
    EventMapping events,
    TopicNames topics,
    StreamPolicies policies,
    OutputFormat output) {
  public StreamSettings {
    if (events.isRekeyed() == (topics.keyedEvents() == null)) {
      throw new IllegalArgumentException(
          "topic.keyed-events: expected a topic if and only if the events are repartitioned");
    }
    if (policies.anomalies().isOff() != (topics.anomalies() == null)) {
      throw new IllegalArgumentException(
          "topic.anomalies: expected a topic if and only if anomalies is not off");
    }
  }

  /** Returns the covariates that are read from every event. */
  public List<String> covariates() {
    return events.covariates();
  }

  /** Returns the requirements that a model version has to meet to be loaded. */
  public ModelLimits modelLimits() {
    return policies.models().limits();
  }
}
