package io.eddy.kafka.config;

import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.topics.TopicNames;
import java.util.List;

/** Builds stream settings from the defaults and a few other values. */
public final class StreamSettingsBuilder {
  private final String model;
  private EventMapping events = EventMapping.defaults(EventFormat.JSON, List.of());
  private TopicNames topics = TopicNames.DEFAULT;
  private StreamPolicies policies = StreamPolicies.DEFAULT;

  private StreamSettingsBuilder(String model) {
    this.model = model;
  }

  /** Starts with JSON events in the default topics. */
  public static StreamSettingsBuilder settings(String model) {
    return new StreamSettingsBuilder(model);
  }

  public StreamSettingsBuilder events(EventMapping mapping) {
    events = mapping;
    return this;
  }

  public StreamSettingsBuilder covariates(List<String> names) {
    events = events.withCovariates(names);
    return this;
  }

  public StreamSettingsBuilder topics(TopicNames names) {
    topics = names;
    return this;
  }

  public StreamSettingsBuilder policies(StreamPolicies streamPolicies) {
    policies = streamPolicies;
    return this;
  }

  public StreamSettings build() {
    return new StreamSettings(model, events, topics, policies, OutputFormat.DEFAULT);
  }
}
