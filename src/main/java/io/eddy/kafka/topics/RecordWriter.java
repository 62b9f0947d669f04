package io.eddy.kafka.topics;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records to a topic one by one, each after the previous one is acknowledged. */
public final class RecordWriter implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  /**
   * Connects to the broker and waits until the topic's metadata is available.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public RecordWriter(Map<String, Object> client, String topic) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      var unused = producer.partitionsFor(topic);
    } catch (TimeoutException e) {
      producer.close();
      try (TopicAdmin admin = new TopicAdmin(client)) {
        admin.require(topic);
      }
      throw new BrokerException("writing to the broker failed: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a record and waits for the acknowledgement.
   *
   * @throws BrokerException if the broker rejects the record
   */
  public void write(String key, byte[] value) {
    try {
      var unused =
          producer
              .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
              .get();
    } catch (ExecutionException | KafkaException e) {
      throw new BrokerException(
          "writing to the broker failed: "
              + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted", e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
