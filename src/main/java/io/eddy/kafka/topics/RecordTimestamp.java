package io.eddy.kafka.topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's own time, in epoch milliseconds; 0 of one that has none, which Kafka says by −1.
 *
 * <p>Kafka Streams would stop at such a record, or leave it out without a word. As one of 1970 it
 * is an event as any other: the time in its fields counts where there is one. Public as Kafka makes
 * it by its name.
 */
public final class RecordTimestamp implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return of(record);
  }

  public static long of(ConsumerRecord<?, ?> record) {
    return Math.max(0, record.timestamp());
  }
}
