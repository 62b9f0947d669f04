package io.eddy.stream;

import io.eddy.codec.EventFormat;
import java.util.List;

/**
 * What the topology needs to know.
 *
 * @param model name of the model that serves
 * @param format of the events
 * @param topics where everything lies
 * @param covariates fields of the events that are read and kept beside the value, whatever model
 *     serves
 * @param limits what a version has to be like beside sound
 */
public record StreamSettings(
    String model,
    EventFormat format,
    TopicNames topics,
    List<String> covariates,
    ModelLimits limits) {
  public StreamSettings {
    covariates = List.copyOf(covariates);
  }

  /** Of versions without limits. */
  public StreamSettings(
      String model, EventFormat format, TopicNames topics, List<String> covariates) {
    this(model, format, topics, covariates, ModelLimits.NONE);
  }

  /** Of events without covariates. */
  public StreamSettings(String model, EventFormat format, TopicNames topics) {
    this(model, format, topics, List.of());
  }
}
