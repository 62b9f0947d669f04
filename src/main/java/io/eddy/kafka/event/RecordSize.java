package io.eddy.kafka.event;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The size of records before compression, which a producer limits: one that is larger fails its
 * transaction.
 */
public final class RecordSize {
  /** Upper bounds of what a batch, a record and a header need beyond their contents. */
  private static final int BATCH_BYTES = 512;

  private static final int HEADER_BYTES = 10;

  private RecordSize() {}

  /** Returns the limit of a producer with the settings of Kafka Streams. */
  public static int limit(Map<String, Object> settings) {
    String name = ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
    return Stream.of(StreamsConfig.producerPrefix(name), name)
        .map(settings::get)
        .filter(Objects::nonNull)
        .map(value -> Integer.parseInt(value.toString()))
        .findFirst()
        .orElseGet(
            () -> (Integer) ProducerConfig.configDef().defaultValues().getOrDefault(name, 0));
  }

  /** Returns an upper bound of the size of a record. */
  public static long of(Record<byte[], byte[]> record) {
    return BATCH_BYTES + of(record.key()) + of(record.value()) + of(record.headers());
  }

  static long of(Headers headers) {
    long size = 0;
    for (Header header : headers) {
      // A character takes at most three bytes in UTF-8.
      size += HEADER_BYTES + 3L * header.key().length() + of(header.value());
    }
    return size;
  }

  static long of(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
