package io.eddy.kafka.registry;

import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records that depend on the contents of topics, with optimistic concurrency control.
 *
 * <p>All writers of a deployment share a transactional id. A writer that begins ends the open
 * transaction of the previous one and fences it, so that it reads complete topics, and it can
 * commit only if no other writer has begun since. A fenced writer reads and decides again.
 */
final class ExclusiveWriter {
  private static final int MAX_ATTEMPTS = 12;
  private static final Duration MAX_PAUSE = Duration.ofSeconds(4);
  private static final Duration MIN_PAUSE = Duration.ofMillis(50);

  private final Map<String, Object> client;
  private final String transactionalId;
  private final TopicReader reader;

  /**
   * Creates the writer of a deployment's models and activations topics.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  ExclusiveWriter(Map<String, Object> client, TopicNames topics) {
    this.client = client;
    transactionalId = transactionalId(topics);
    reader = new TopicReader(client);
  }

  static String transactionalId(TopicNames topics) {
    return "eddy-registry-" + topics.activations();
  }

  /**
   * Writes all records or none, and returns once they can be read.
   *
   * @param decide reads the topics and returns the records to write; called again if the broker
   *     rejected the transaction, for example because another writer has begun in the meantime
   * @throws BrokerException if no broker answers or the write fails
   */
  void write(Supplier<List<ProducerRecord<byte[], byte[]>>> decide) {
    for (int attempt = 1; !tryToWrite(decide); attempt++) {
      if (attempt == MAX_ATTEMPTS) {
        throw new BrokerException(
            "nothing was written: the broker rejected %d transactions of %s; try again"
                .formatted(MAX_ATTEMPTS, transactionalId),
            new IllegalStateException());
      }
      pause(attempt);
    }
  }

  /** Returns false if the broker rejected the transaction; nothing is written then. */
  private boolean tryToWrite(Supplier<List<ProducerRecord<byte[], byte[]>>> decide) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      List<ProducerRecord<byte[], byte[]>> records = decide.get();
      producer.beginTransaction();
      Map<TopicPartition, Long> written = new ConcurrentHashMap<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // The commit throws a failure again.
        var unused =
            producer.send(
                record,
                (metadata, failure) -> {
                  if (failure == null) {
                    written.put(
                        new TopicPartition(metadata.topic(), metadata.partition()),
                        metadata.offset());
                  }
                });
      }
      producer.commitTransaction();
      reader.awaitReadable(written);
      return true;
    } catch (KafkaException e) {
      if (isNotCommitted(e) || (e.getCause() != null && isNotCommitted(e.getCause()))) {
        return false;
      }
      throw new BrokerErrors(settings()).explain(e, "Write");
    }
  }

  /**
   * Returns whether the broker rejected the transaction, so that none of its records is committed:
   * another writer has fenced this one, or the broker does not accept a record as part of the
   * transaction, which happens when a marker of the previous transaction arrives late.
   */
  static boolean isNotCommitted(Throwable e) {
    return e instanceof ProducerFencedException
        || e instanceof InvalidProducerEpochException
        || e instanceof InvalidPidMappingException
        || e instanceof InvalidTxnStateException
        || e instanceof TransactionAbortableException;
  }

  /** Sleeps with exponential backoff and jitter. */
  private static void pause(int attempt) {
    long maxNanos = Math.min(MAX_PAUSE.toNanos(), MIN_PAUSE.toNanos() << Math.min(attempt, 10));
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(maxNanos));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = ClientProperties.producer(client);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    return settings;
  }
}
