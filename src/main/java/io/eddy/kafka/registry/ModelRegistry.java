package io.eddy.kafka.registry;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Author;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Access to the model versions and activations of a deployment. */
public final class ModelRegistry {
  private final ModelsTopicIndex index;
  private final PublishedModels models;
  private final ModelPublisher publisher;
  private final ActivationLog activations;
  private final RolloutManager rollout;

  /**
   * Creates a registry that accepts every valid model file.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public ModelRegistry(Map<String, Object> client, TopicNames topics) {
    this(client, topics, ModelLoader.WITHOUT_LIMITS);
  }

  /**
   * Creates a registry.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param loader the forecasters' loader; versions that it rejects are not activated
   */
  public ModelRegistry(Map<String, Object> client, TopicNames topics, ModelLoader loader) {
    this(client, topics, loader, CurrentOperator.get());
  }

  /**
   * Creates a registry.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param loader the forecasters' loader; versions that it rejects are not activated
   * @param author of the activations
   */
  public ModelRegistry(
      Map<String, Object> client, TopicNames topics, ModelLoader loader, Author author) {
    index = new ModelsTopicIndex(new TopicReader(client), topics.models());
    models = new PublishedModels(index, loader);
    publisher = new ModelPublisher(client, topics.models(), index);
    activations = new ActivationLog(client, topics, author);
    rollout = new RolloutManager(client, topics, index, models, activations);
  }

  /** Returns the transactional id that all writers of activations share. */
  public static String transactionalId(TopicNames topics) {
    return ExclusiveWriter.transactionalId(topics);
  }

  public PublishedModels models() {
    return models;
  }

  public ModelPublisher publisher() {
    return publisher;
  }

  public ActivationLog activations() {
    return activations;
  }

  public RolloutManager rollout() {
    return rollout;
  }

  /**
   * Loads the version that serves the series that no narrower scope contains.
   *
   * @param timestampMs event time, epoch milliseconds
   * @return empty if no version serves
   * @throws InvalidModelException if the version is rejected
   */
  public Optional<Model> serving(String model, long timestampMs) {
    index.refresh();
    return load(activations.read(model).findForAll(Role.SERVE, timestampMs, models::isLoadable));
  }

  /**
   * Loads the version that serves a series.
   *
   * @param timestampMs event time, epoch milliseconds
   * @return empty if no version serves
   * @throws InvalidModelException if the version is rejected
   */
  public Optional<Model> serving(String model, String series, long timestampMs) {
    index.refresh();
    return load(activations.read(model).find(Role.SERVE, series, timestampMs, models::isLoadable));
  }

  private Optional<Model> load(@Nullable Activation activation) {
    return activation == null ? Optional.empty() : models.load(activation.version());
  }
}
