package io.eddy.kafka.event;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Headers of the keyed events topic that hold an event's original position and key. Headers of the
 * same names on the original event are dropped.
 */
public final class EventOrigin {
  /** Header with the original topic, partition and offset, as in {@code readings-3@42}. */
  public static final String POSITION = "eddy.source";

  /** Header with the original key; absent if the key was null. */
  public static final String KEY = "eddy.source.key";

  private EventOrigin() {}

  /** Returns the event with the series name as its key, and its origin in headers. */
  public static Record<byte[], byte[]> withSeriesKey(
      Record<byte[], byte[]> record, RecordMetadata source, byte[] key) {
    Headers headers = new RecordHeaders(record.headers());
    headers.remove(POSITION);
    headers.remove(KEY);
    headers.add(
        POSITION,
        "%s-%d@%d"
            .formatted(source.topic(), source.partition(), source.offset())
            .getBytes(StandardCharsets.UTF_8));
    if (record.key() != null) {
      headers.add(KEY, record.key());
    }
    return record.withKey(key).withHeaders(headers);
  }

  /** Returns the event with its original key. */
  public static Record<byte[], byte[]> withOriginalKey(Record<byte[], byte[]> record) {
    Header key = record.headers().lastHeader(KEY);
    return record.withKey(key == null ? null : key.value());
  }
}
