package io.eddy.cli.report;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats the records of one of Eddy's topics. */
public sealed interface TopicFormat
    permits ActivationFormat,
        AnomalyFormat,
        AlertFormat,
        DeadLetterFormat,
        ForecastFormat,
        ModelFormat,
        ScoreFormat,
        StatusFormat {
  /**
   * Returns a line of text.
   *
   * @throws InvalidRecordException if the record is not one of the topic
   */
  String line(ConsumerRecord<byte[], byte[]> record);

  /**
   * Returns a JSON document on one line.
   *
   * @throws InvalidRecordException if the record is not one of the topic
   */
  String json(ConsumerRecord<byte[], byte[]> record);

  /** Returns whether a record is one of those that the topic is named after. */
  default boolean isShown(ConsumerRecord<byte[], byte[]> record) {
    return true;
  }

  /** Returns whether a record belongs to a series; false if the topic's records do not. */
  default boolean isOf(String series, ConsumerRecord<byte[], byte[]> record) {
    return record.key() != null && key(record).equals(series);
  }

  /** Returns the key as text; empty if the record has no key. */
  static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  /** Returns the value. */
  static byte[] value(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      throw new InvalidRecordException("expected a value, got a tombstone");
    }
    return Objects.requireNonNull(record.value());
  }

  /** Returns the position of a record, for messages. */
  static String position(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }
}
