package io.eddy.kafka.event;

import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record that cannot be used, as it goes to the dead-letter topic: key, value and headers as they
 * came, with the error headers that Kafka Streams itself writes.
 */
public final class DeadLetters {
  public static final String PREFIX = "__streams.errors.";

  /**
   * A series whose value was refused, where the others of the event were not; once for each. What
   * is said of the letter is then said of these alone.
   */
  static final String REFUSED = "eddy.refused";

  private static final int MESSAGE = 1024;
  private static final int TRACE = 8192;

  private DeadLetters() {}

  /**
   * Whether a record that fails with it can be put aside: it is the record's fault, or reading it
   * was, and the program itself is still sound.
   */
  static boolean isRecordFault(Throwable error) {
    return !(error instanceof SchemaRegistryException)
        && !(error instanceof KafkaException)
        && (!(error instanceof VirtualMachineError) || error instanceof StackOverflowError);
  }

  private static String capped(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  public static Record<byte[], byte[]> of(
      Record<byte[], byte[]> record, RecordMetadata source, Throwable error) {
    Headers headers = new RecordHeaders();
    record
        .headers()
        .forEach(
            header -> {
              if (!header.key().startsWith(PREFIX) && !header.key().equals(REFUSED)) {
                headers.add(header);
              }
            });
    add(headers, "exception", error.getClass().getName());
    if (error instanceof InvalidRecordException invalid) {
      add(headers, "message", capped(invalid.reason(), MESSAGE));
    } else {
      add(headers, "message", "reading it failed: see the stack trace");
      add(headers, "stacktrace", trace(error));
    }
    add(headers, "topic", source.topic());
    add(headers, "partition", Integer.toString(source.partition()));
    add(headers, "offset", Long.toString(source.offset()));
    return record.withHeaders(headers).withTimestamp(Math.max(0, record.timestamp()));
  }

  /** Where an error came from; its message is left out, since it may quote the record. */
  private static String trace(Throwable error) {
    StringBuilder trace = new StringBuilder(error.getClass().getName());
    for (StackTraceElement element : error.getStackTrace()) {
      if (trace.length() > TRACE) {
        break;
      }
      trace.append("\n\tat ").append(element);
    }
    return capped(trace.toString(), TRACE);
  }

  /** A letter that is about some of the event's series alone. */
  public static Record<byte[], byte[]> withRejectedSeries(
      Record<byte[], byte[]> letter, Collection<String> series) {
    Headers headers = new RecordHeaders(letter.headers());
    series.forEach(one -> headers.add(REFUSED, one.getBytes(StandardCharsets.UTF_8)));
    return letter.withHeaders(headers);
  }

  /** The series that a letter is about; empty where it is about the whole event. */
  public static Set<String> rejectedSeries(Headers headers) {
    Set<String> series = new HashSet<>();
    for (Header header : headers.headers(REFUSED)) {
      series.add(new String(header.value(), StandardCharsets.UTF_8));
    }
    return series;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
