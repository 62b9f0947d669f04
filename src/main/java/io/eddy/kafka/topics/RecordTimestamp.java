package io.eddy.kafka.topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Extracts a record's timestamp, and 0 if it has none, which Kafka represents by −1.
 *
 * <p>Kafka Streams' own extractors fail on such a record or skip it silently. With timestamp 0 the
 * record is processed, and a timestamp field in the event takes precedence. Public because Kafka
 * Streams creates it by reflection.
 */
public final class RecordTimestamp implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, record.timestamp());
  }
}
