package io.eddy.kafka.topics;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Iterates over the committed records of a partition between two offsets. */
public final class PartitionRecords
    implements Iterator<ConsumerRecord<byte[], byte[]>>, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BrokerErrors errors;
  private final TopicPartition partition;
  private final long end;
  private Iterator<ConsumerRecord<byte[], byte[]>> polled =
      List.<ConsumerRecord<byte[], byte[]>>of().iterator();

  /**
   * Creates an iterator that owns and closes its consumer.
   *
   * @param begin inclusive; negative for the beginning of the partition
   * @param end exclusive
   */
  PartitionRecords(
      KafkaConsumer<byte[], byte[]> consumer,
      BrokerErrors errors,
      TopicPartition partition,
      long begin,
      long end) {
    this.consumer = consumer;
    this.errors = errors;
    this.partition = partition;
    this.end = end;
    consumer.assign(List.of(partition));
    if (begin < 0) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seek(partition, begin);
    }
  }

  /**
   * Returns whether there is another record.
   *
   * @throws BrokerException if no broker answers or it rejects the request
   */
  @Override
  public boolean hasNext() {
    try {
      while (!polled.hasNext() && consumer.position(partition) < end) {
        polled =
            consumer.poll(POLL).records(partition).stream()
                .filter(record -> record.offset() < end)
                .iterator();
      }
      return polled.hasNext();
    } catch (KafkaException e) {
      throw errors.explain(e, "Read");
    }
  }

  @Override
  public ConsumerRecord<byte[], byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return polled.next();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
