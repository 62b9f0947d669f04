package io.eddy.stream;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that cannot be used, as it goes to the dead-letter topic: key, value and headers as they
 * came, with the error headers that Kafka Streams itself writes.
 */
final class DeadLetters {
  static final String PREFIX = "__streams.errors.";

  private DeadLetters() {}

  static Record<byte[], byte[]> of(
      Record<byte[], byte[]> record, RecordMetadata source, RuntimeException error) {
    Headers headers = new RecordHeaders();
    record
        .headers()
        .forEach(
            header -> {
              if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
              }
            });
    add(headers, "exception", error.getClass().getName());
    add(headers, "message", String.valueOf(error.getMessage()));
    add(headers, "topic", source.topic());
    add(headers, "partition", Integer.toString(source.partition()));
    add(headers, "offset", Long.toString(source.offset()));
    return record.withHeaders(headers).withTimestamp(Math.max(0, record.timestamp()));
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
