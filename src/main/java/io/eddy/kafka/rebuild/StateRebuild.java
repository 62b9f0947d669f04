package io.eddy.kafka.rebuild;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.state.StoredKey;
import io.eddy.kafka.state.StoredRecords;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.kafka.verify.Verifier;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the state of an application whose changelog topics do not exist, up to its committed
 * offsets. Publishes no forecasts.
 */
public final class StateRebuild {
  private final EddyConfig settings;
  private final BrokerAdmin broker;
  private volatile @Nullable Exception failure;

  /**
   * Creates it.
   *
   * @param broker a connection, which the caller closes
   */
  public StateRebuild(EddyConfig settings, BrokerAdmin broker) {
    this.settings = settings;
    this.broker = broker;
  }

  /**
   * The result of a rebuild.
   *
   * @param series number of series
   * @param inexact number of series whose state may differ from the lost one, because events or
   *     versions that it depends on were deleted
   * @param verification the comparison with the forecasts
   */
  public record Result(long series, long inexact, VerifyReport verification) {}

  /**
   * Creates the changelog topics and writes the state.
   *
   * @throws BrokerException if a request fails
   */
  public Result run() {
    createChangelogs();
    long[] counts = new long[2];
    Map<String, Object> client = ClientProperties.producer(settings.client());
    client.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    VerifyReport report;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      report =
          new Verifier(settings.client(), settings.stream(), settings.applicationId())
              .run(
                  VerifyScope.everything(10),
                  (partition, series, parts, isExact) -> {
                    counts[0]++;
                    counts[1] += isExact ? 0 : 1;
                    new StoredRecords(
                            (store, key, value) -> send(producer, store, partition, key, value))
                        .put(series, parts);
                  });
      producer.flush();
    }
    Exception failed = failure;
    if (failed != null) {
      throw new BrokerErrors(settings.client())
          .explain(
              failed instanceof KafkaException kafka ? kafka : new KafkaException(failed), "Write");
    }
    return new Result(counts[0], counts[1], report);
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      StoredKey store,
      int partition,
      byte[] key,
      byte[] value) {
    if (store == StoredKey.UNDO && !settings.stream().policies().lateness().isRevising()) {
      return;
    }
    var unused =
        producer.send(
            new ProducerRecord<>(changelog(store(store)), partition, key, value),
            (sent, error) -> {
              if (error != null) {
                failure = error;
              }
            });
  }

  private static String store(StoredKey store) {
    return switch (store) {
      case STATE -> ForecastTopology.STATES;
      case PART -> ForecastTopology.WINDOWS;
      case UNDO -> ForecastTopology.UNDO_LOGS;
    };
  }

  private String changelog(String store) {
    return settings.applicationId() + "-" + store + "-changelog";
  }

  /** Creates the topics as Kafka Streams does. */
  private void createChangelogs() {
    String source = settings.stream().topics().source();
    int partitions =
        Optional.ofNullable(broker.topics(List.of(source)).get(source))
            .orElseThrow(
                () ->
                    new BrokerException(
                        "topic " + source + " is missing", new IllegalStateException()))
            .partitions()
            .size();
    List<String> names =
        new ArrayList<>(ForecastTopology.requiredChangelogTopics(settings.applicationId()));
    if (settings.stream().policies().lateness().isRevising()) {
      names.add(changelog(ForecastTopology.UNDO_LOGS));
    }
    Map<String, String> topicSettings = new HashMap<>();
    topicSettings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    topicSettings.put(
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
    List<NewTopic> topics =
        names.stream()
            .map(
                name ->
                    new NewTopic(name, Optional.of(partitions), replication())
                        .configs(topicSettings))
            .toList();
    broker.await(broker.client().createTopics(topics).all(), "Create");
  }

  private Optional<Short> replication() {
    Object factor = settings.client().get("replication.factor");
    return factor == null ? Optional.empty() : Optional.of(Short.valueOf(factor.toString()));
  }
}
