package io.eddy.kafka.event;

import io.eddy.dataset.SeriesData;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes observations as events, each exactly once and in the given order. */
public final class EventPublisher implements AutoCloseable {
  private static final byte[] INVALID = "invalid event".getBytes(StandardCharsets.US_ASCII);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;
  private final BrokerErrors errors;
  private final EventEncoder encoder;
  private final String topic;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  public EventPublisher(Map<String, Object> client, EventMapping mapping, String topic) {
    errors = new BrokerErrors(client);
    Map<String, Object> settings = ClientProperties.producer(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Keeps the order if a batch is rejected and sent again.
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    encoder = new EventEncoder(mapping, topic);
    this.topic = topic;
  }

  /** Returns the observations of several series, ordered by time. */
  public static List<Observation> mergeByTime(List<SeriesData> series) {
    List<Observation> all = new ArrayList<>();
    for (SeriesData data : series) {
      all.addAll(data.observations());
    }
    all.sort(Comparator.comparingLong(Observation::timestampMs));
    return all;
  }

  /** Sends an observation without waiting for the acknowledgement. */
  public void send(Observation observation) {
    send(observation, (timeNs, metadata) -> {});
  }

  /**
   * Sends an observation without waiting for the acknowledgement.
   *
   * @param acknowledged receives the {@link System#nanoTime} of this call and the record's position
   * @throws BrokerException if the topic is unavailable or an earlier event failed
   */
  public void send(Observation observation, BiConsumer<Long, RecordMetadata> acknowledged) {
    send(observation, encoder.encode(observation), acknowledged);
  }

  /** Sends an event at the position of an observation that no forecaster can decode. */
  public void sendInvalid(Observation observation) {
    send(observation, INVALID.clone(), (timeNs, metadata) -> {});
  }

  private void send(
      Observation observation, byte[] value, BiConsumer<Long, RecordMetadata> acknowledged) {
    requireNoFailure();
    long sentNs = System.nanoTime();
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  topic, null, observation.timestampMs(), encoder.key(observation), value),
              (metadata, error) -> {
                if (error != null) {
                  failure.compareAndSet(null, error);
                } else {
                  acknowledged.accept(sentNs, metadata);
                }
              });
    } catch (KafkaException e) {
      throw errors.explain(e, "Write on topic " + topic);
    }
  }

  /** Waits until all events are acknowledged. */
  public void flush() {
    producer.flush();
    requireNoFailure();
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private void requireNoFailure() {
    Exception error = failure.get();
    if (error != null) {
      throw errors.explain(error, "Write on topic " + topic);
    }
  }
}
