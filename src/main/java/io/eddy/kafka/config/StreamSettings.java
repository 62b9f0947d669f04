package io.eddy.kafka.config;

import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.rollout.ModelLimits;
import java.util.List;

/**
 * What the topology needs to know.
 *
 * @param model name of the model that serves
 * @param events how they become observations; its covariates are kept beside the value, whatever
 *     model serves
 * @param topics where everything lies
 * @param limits what a version has to be like beside sound
 * @param policies how events are taken that are not as they should be
 * @param output form of what is written
 */
public record StreamSettings(
    String model,
    EventMapping events,
    TopicNames topics,
    ModelLimits limits,
    StreamPolicies policies,
    OutputFormat output) {
  public StreamSettings {
    if (events.key().isRecordKey() != (topics.keyedEvents() == null)) {
      throw new IllegalArgumentException(
          "a topic of keyed events: expected one where fields name the series, and only there");
    }
  }

  /** What is written has the usual form. */
  public StreamSettings(
      String model,
      EventMapping events,
      TopicNames topics,
      ModelLimits limits,
      StreamPolicies policies) {
    this(model, events, topics, limits, policies, OutputFormat.DEFAULT);
  }

  /** Of events that come in order. */
  public StreamSettings(String model, EventMapping events, TopicNames topics, ModelLimits limits) {
    this(model, events, topics, limits, StreamPolicies.DEFAULT);
  }

  /** Of events in their usual form, and of versions without limits. */
  public StreamSettings(
      String model, EventFormat format, TopicNames topics, List<String> covariates) {
    this(model, EventMapping.defaults(format, covariates), topics, ModelLimits.NONE);
  }

  /** Of events without covariates. */
  public StreamSettings(String model, EventFormat format, TopicNames topics) {
    this(model, format, topics, List.of());
  }

  /** Fields of the events that are read and kept beside the value. */
  public List<String> covariates() {
    return events.covariates();
  }
}
