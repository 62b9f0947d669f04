package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Creates dead letters: rejected records with their original key, value and headers, and the error
 * headers that Kafka Streams itself uses.
 */
public final class DeadLetters {
  /** Prefix of the error headers. */
  public static final String PREFIX = "__streams.errors.";

  /**
   * Header with the series of a rejected value, if the event has several values; repeated for each.
   * The other values of the event were accepted.
   */
  static final String REJECTED_SERIES = "eddy.refused";

  /** Header with the sizes of a record that is larger than a dead letter can be. */
  static final String TRUNCATED = "eddy.truncated";

  /** Maximum sizes of the key and of the original headers of a dead letter that is truncated. */
  private static final int MAX_KEY_BYTES = 16 << 10;

  private static final int MAX_HEADER_BYTES = 64 << 10;

  private static final int MAX_MESSAGE_LENGTH = 1024;
  private static final int MAX_TRACE_LENGTH = 8192;

  private DeadLetters() {}

  /**
   * Returns whether an error concerns only the record that was decoded, so that processing can go
   * on with the next record.
   */
  static boolean isRecordFault(Throwable error) {
    return !(error instanceof SchemaRegistryException)
        && !(error instanceof KafkaException)
        && (!(error instanceof VirtualMachineError) || error instanceof StackOverflowError);
  }

  private static String truncate(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
  }

  /**
   * Returns the dead letter of a record. Its headers contain no content of the record.
   *
   * @param source position of the record
   */
  public static Record<byte[], byte[]> of(
      Record<byte[], byte[]> record, RecordMetadata source, Throwable error) {
    Headers headers = new RecordHeaders();
    record
        .headers()
        .forEach(
            header -> {
              if (!header.key().startsWith(PREFIX) && !header.key().equals(REJECTED_SERIES)) {
                headers.add(header);
              }
            });
    add(headers, "exception", error.getClass().getName());
    if (error instanceof InvalidRecordException invalid) {
      add(headers, "message", truncate(invalid.reason(), MAX_MESSAGE_LENGTH));
    } else {
      add(headers, "message", "decoding failed: see the stack trace");
      add(headers, "stacktrace", trace(error));
    }
    add(headers, "topic", source.topic());
    add(headers, "partition", Integer.toString(source.partition()));
    add(headers, "offset", Long.toString(source.offset()));
    return record.withHeaders(headers).withTimestamp(Math.max(0, record.timestamp()));
  }

  /** Returns a stack trace without messages, which may contain content of the record. */
  private static String trace(Throwable error) {
    StringBuilder trace = new StringBuilder(error.getClass().getName());
    for (StackTraceElement element : error.getStackTrace()) {
      if (trace.length() > MAX_TRACE_LENGTH) {
        break;
      }
      trace.append("\n\tat ").append(element);
    }
    return truncate(trace.toString(), MAX_TRACE_LENGTH);
  }

  /** Returns the dead letter with the series whose values were rejected. */
  public static Record<byte[], byte[]> withRejectedSeries(
      Record<byte[], byte[]> letter, Collection<String> series) {
    Headers headers = new RecordHeaders(letter.headers());
    series.forEach(name -> headers.add(REJECTED_SERIES, name.getBytes(StandardCharsets.UTF_8)));
    return letter.withHeaders(headers);
  }

  /**
   * Returns a dead letter that is not larger than a producer accepts. If it is too large, its
   * original headers are dropped if they are large themselves, and its key and value are cut off; a
   * header has the original sizes.
   *
   * @param maxBytes maximum size before compression; a key and headers that are not cut off may
   *     exceed it if it is below 96 KiB
   */
  public static Record<byte[], byte[]> truncate(Record<byte[], byte[]> letter, int maxBytes) {
    if (RecordSize.of(letter) <= maxBytes) {
      return letter;
    }
    long headerBytes = RecordSize.of(letter.headers());
    Headers headers =
        headerBytes <= MAX_HEADER_BYTES
            ? new RecordHeaders(letter.headers())
            : errorHeaders(letter.headers());
    headers.add(
        TRUNCATED,
        "key %d, value %d, headers %d bytes"
            .formatted(RecordSize.of(letter.key()), RecordSize.of(letter.value()), headerBytes)
            .getBytes(StandardCharsets.UTF_8));
    Record<byte[], byte[]> small =
        letter
            .withHeaders(headers)
            .withKey(cutOff(letter.key(), MAX_KEY_BYTES))
            .withValue(letter.value() == null ? null : new byte[0]);
    return small.withValue(cutOff(letter.value(), Math.max(0, maxBytes - RecordSize.of(small))));
  }

  /** Returns the headers with the cause and the position, without those of rejected series. */
  private static Headers errorHeaders(Headers all) {
    Headers headers = new RecordHeaders();
    all.forEach(
        header -> {
          if (header.key().startsWith(PREFIX)) {
            headers.add(header);
          }
        });
    return headers;
  }

  private static byte @Nullable [] cutOff(byte @Nullable [] bytes, long maxLength) {
    return bytes == null || bytes.length <= maxLength
        ? bytes
        : Arrays.copyOf(bytes, (int) maxLength);
  }

  /** Returns the series whose values were rejected; empty if the whole event was. */
  public static Set<String> rejectedSeries(Headers headers) {
    Set<String> series = new HashSet<>();
    for (Header header : headers.headers(REJECTED_SERIES)) {
      series.add(new String(header.value(), StandardCharsets.UTF_8));
    }
    return series;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
