package io.eddy.kafka.topics;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records to a topic one by one, each after the previous one is acknowledged. */
public final class RecordWriter implements AutoCloseable {
  private static final String WRITE = "Write";

  private final KafkaProducer<byte[], byte[]> producer;
  private final BrokerErrors errors;
  private final String topic;

  /**
   * Connects to the broker and waits until the topic's metadata is available.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   * @throws BrokerException if no broker answers or the topic is missing
   */
  public RecordWriter(Map<String, Object> client, String topic) {
    this.topic = topic;
    errors = new BrokerErrors(client);
    Map<String, Object> settings = ClientProperties.producer(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    KafkaProducer<byte[], byte[]> created = null;
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.require(topic);
      created = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      var unused = created.partitionsFor(topic);
    } catch (KafkaException e) {
      if (created != null) {
        created.close(Duration.ZERO);
      }
      throw errors.explain(e, WRITE);
    }
    producer = created;
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
      throw errors.explain(e, WRITE);
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
