package io.eddy.kafka.event;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Where an event came from that was brought under its series' name: its position and its own key,
 * in headers. Headers of these names that came with it are not taken over.
 */
public final class EventOrigin {
  /** Topic, partition and offset, as in {@code readings-3@42}. */
  public static final String POSITION = "eddy.source";

  /** The key as it came; there is none where it was null. */
  public static final String KEY = "eddy.source.key";

  private EventOrigin() {}

  /** The event under another key. */
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

  /** The event under its own key. */
  public static Record<byte[], byte[]> withOriginalKey(Record<byte[], byte[]> record) {
    Header key = record.headers().lastHeader(KEY);
    return record.withKey(key == null ? null : key.value());
  }
}
