package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.kafka.event.DeadLetters;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Formats dead letters: time, position of the rejected event, series if known, and reason. */
public final class DeadLetterFormat implements TopicFormat {
  /** Reason of a record without the headers of a dead letter. */
  private static final String UNKNOWN = "unknown: the record has no error headers";

  @Override
  public String line(ConsumerRecord<byte[], byte[]> record) {
    List<String> series = series(record);
    return "%s  %s  %s%s"
        .formatted(
            Instant.ofEpochMilli(record.timestamp()),
            source(record),
            series.isEmpty() ? "" : String.join(", ", series) + "  ",
            reason(record));
  }

  @Override
  public String json(ConsumerRecord<byte[], byte[]> record) {
    String partition = header(record, "partition");
    String offset = header(record, "offset");
    return Json.write(
        new Letter(
            Instant.ofEpochMilli(record.timestamp()).toString(),
            header(record, "topic"),
            partition == null ? null : Integer.valueOf(partition),
            offset == null ? null : Long.valueOf(offset),
            series(record),
            reason(record),
            header(record, "exception"),
            text(record.key()),
            text(record.key()) == null ? base64(record.key()) : null,
            text(record.value()),
            text(record.value()) == null ? base64(record.value()) : null));
  }

  /** Returns whether a letter names the series, or has it as its key. */
  @Override
  public boolean isOf(String series, ConsumerRecord<byte[], byte[]> record) {
    return series(record).contains(series);
  }

  /** Returns the reason of a rejection. */
  static String reason(ConsumerRecord<byte[], byte[]> record) {
    String message = header(record, "message");
    return message == null ? UNKNOWN : message;
  }

  /** Returns the position of the rejected event. */
  static String source(ConsumerRecord<byte[], byte[]> record) {
    String topic = header(record, "topic");
    return topic == null
        ? TopicFormat.position(record)
        : topic + "-" + header(record, "partition") + "@" + header(record, "offset");
  }

  /** Returns the series whose values were rejected, or the key, which usually names the series. */
  private static List<String> series(ConsumerRecord<byte[], byte[]> record) {
    List<String> rejected =
        List.copyOf(new TreeSet<>(DeadLetters.rejectedSeries(record.headers())));
    String key = text(record.key());
    return rejected.isEmpty() && key != null ? List.of(key) : rejected;
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(DeadLetters.PREFIX + name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Returns bytes as text; null if they are not printable text. */
  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean isPrintable =
          text.chars().noneMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
      return isPrintable ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  @JsonInclude(Include.NON_NULL)
  private record Letter(
      String timestamp,
      @Nullable String topic,
      @Nullable Integer partition,
      @Nullable Long offset,
      List<String> series,
      String reason,
      @Nullable String exception,
      @Nullable String key,
      @Nullable String keyBase64,
      @Nullable String value,
      @Nullable String valueBase64) {}
}
