package io.eddy.kafka.registry;

import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes what follows from what is on topics, such that nothing comes in between.
 *
 * <p>All writers share one transactional id. Whoever begins ends the transaction of the one before
 * and fences it off; what a writer reads after that is therefore complete, and it can commit only
 * if no other has begun since. One that was fenced off reads and decides anew.
 */
final class ExclusiveWriter {
  private static final int ATTEMPTS = 12;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

  private final Map<String, Object> client;
  private final String transactionalId;
  private final TopicReader reader;

  /**
   * A writer.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param transactionalId the same for all that must not write at once
   */
  ExclusiveWriter(Map<String, Object> client, String transactionalId) {
    this.client = client;
    this.transactionalId = transactionalId;
    reader = new TopicReader(client);
  }

  /**
   * Writes all of what is decided, or nothing, and returns once it can be read.
   *
   * @param decide reads the topics and says what to write; asked anew where another one has begun
   *     in the meantime
   * @throws BrokerException where no broker answers or it refuses
   */
  void write(Supplier<List<ProducerRecord<byte[], byte[]>>> decide) {
    for (int attempt = 1; !tryToWrite(decide); attempt++) {
      if (attempt == ATTEMPTS) {
        throw new BrokerException(
            "others keep writing under the transactional id %s: nothing was written, try again"
                .formatted(transactionalId),
            new IllegalStateException());
      }
      pause(attempt);
    }
  }

  /** False where another writer has begun in the meantime. */
  private boolean tryToWrite(Supplier<List<ProducerRecord<byte[], byte[]>>> decide) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      List<ProducerRecord<byte[], byte[]>> records = decide.get();
      producer.beginTransaction();
      Map<TopicPartition, Long> written = new ConcurrentHashMap<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // A failure is thrown again by the commit.
        var unused =
            producer.send(
                record,
                (place, failure) -> {
                  if (failure == null) {
                    written.put(
                        new TopicPartition(place.topic(), place.partition()), place.offset());
                  }
                });
      }
      producer.commitTransaction();
      reader.awaitReadable(written);
      return true;
    } catch (KafkaException e) {
      if (isFenced(e) || (e.getCause() != null && isFenced(e.getCause()))) {
        return false;
      }
      if (e instanceof TimeoutException) {
        throw BrokerException.unreachable(
            String.valueOf(client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)), e);
      }
      throw new BrokerException("writing to the broker failed: " + e.getMessage(), e);
    }
  }

  private static boolean isFenced(Throwable e) {
    return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
  }

  /** Longer from time to time, by chance, so that two writers do not fence each other for good. */
  private static void pause(int attempt) {
    long longest =
        Math.min(LONGEST_PAUSE.toNanos(), SHORTEST_PAUSE.toNanos() << Math.min(attempt, 10));
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(client);
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
