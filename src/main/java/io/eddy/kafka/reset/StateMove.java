package io.eddy.kafka.reset;

import io.eddy.kafka.state.StoredKey;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.kafka.topics.PartitionGrowth;
import io.eddy.kafka.topics.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Moves the states of series to other partitions of the changelog topics: appends their records to
 * the new partition first, and deletes them from the old one when all have been appended.
 *
 * <p>May be repeated from the beginning after a failure, as long as no forecaster has run: the
 * deletions have a header, and keys that were deleted in this way are not appended again.
 */
final class StateMove implements AutoCloseable {
  private static final String MOVED = "eddy.moved";
  private static final int MAX_REMEMBERED = 1 << 20;

  private final TopicReader reader;
  private final BrokerErrors errors;
  private final PartitionGrowth growth;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Set<String> moved = new HashSet<>();
  private volatile @Nullable Exception failure;

  StateMove(Map<String, Object> client, PartitionGrowth growth) {
    this.growth = growth;
    reader = new TopicReader(client);
    errors = new BrokerErrors(client);
    Map<String, Object> settings = ClientProperties.producer(client);
    settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Appends the records of the moving series to their new partitions. */
  void append(String changelog, StoredKey keys) {
    for (int partition = 0; partition < growth.from(); partition++) {
      Set<Bytes> deleted = deleted(changelog, partition);
      read(
          changelog,
          partition,
          record -> {
            String series = keys.series(record.key());
            if (!isMarked(record)
                && !deleted.contains(Bytes.wrap(record.key()))
                && moves(series, record.partition())) {
              moved.add(series);
              send(
                  new ProducerRecord<>(
                      changelog,
                      growth.partition(utf8(series)),
                      record.timestamp(),
                      record.key(),
                      record.value(),
                      record.headers()));
            }
          });
    }
    flush();
  }

  /** Deletes the records of the moved series, and the values of the whole partition. */
  void delete(String changelog, StoredKey keys) {
    for (int partition = 0; partition < growth.from(); partition++) {
      Set<Bytes> sent = new HashSet<>();
      read(
          changelog,
          partition,
          record -> {
            String series = keys.series(record.key());
            boolean isLeft = series.isEmpty() || moves(series, record.partition());
            if (isLeft && record.value() != null && sent.add(Bytes.wrap(record.key()))) {
              delete(record);
            }
            if (sent.size() > MAX_REMEMBERED) {
              sent.clear();
            }
          });
    }
    flush();
  }

  private void delete(ConsumerRecord<byte[], byte[]> record) {
    send(
        new ProducerRecord<>(
            record.topic(),
            record.partition(),
            record.timestamp(),
            record.key(),
            null,
            List.of(new RecordHeader(MOVED, new byte[0]))));
  }

  /** Returns the number of series that moved. */
  int moved() {
    return moved.size();
  }

  /** Returns whether a series moves. One that is not in the partition of its key stays there. */
  private boolean moves(String series, int partition) {
    byte[] key = utf8(series);
    return !series.isEmpty()
        && growth.partitioner().partition(key, growth.from()) == partition
        && growth.partition(key) != partition;
  }

  /** Returns the keys whose last record is the deletion of a move. */
  private Set<Bytes> deleted(String changelog, int partition) {
    Set<Bytes> deleted = new HashSet<>();
    read(
        changelog,
        partition,
        record -> {
          Bytes key = Bytes.wrap(record.key());
          if (isMarked(record)) {
            deleted.add(key);
          } else {
            deleted.remove(key);
          }
        });
    return deleted;
  }

  private static boolean isMarked(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(MOVED) != null;
  }

  private void read(
      String changelog, int partition, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    TopicPartition wanted = new TopicPartition(changelog, partition);
    Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(changelog));
    ends.keySet().retainAll(Set.of(wanted));
    reader.read(ends, sink);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (sent, error) -> {
              if (error != null) {
                failure = error;
              }
            });
  }

  private void flush() {
    producer.flush();
    Exception failed = failure;
    if (failed != null) {
      throw errors.explain(
          failed instanceof KafkaException kafka ? kafka : new KafkaException(failed), "Write");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the form of the keys of a changelog topic. */
  static StoredKey keys(String application, String changelog) {
    if (changelog.equals(changelog(application, ForecastTopology.STATES))) {
      return StoredKey.STATE;
    }
    return changelog.equals(changelog(application, ForecastTopology.UNDO_LOGS))
        ? StoredKey.UNDO
        : StoredKey.PART;
  }

  private static String changelog(String application, String store) {
    return application + "-" + store + "-changelog";
  }

  @Override
  public void close() {
    producer.close();
  }
}
