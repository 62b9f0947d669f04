package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.EpochUnit;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of InfluxDB's line protocol as the elements of a list. There are two forms:
 *
 * <ul>
 *   <li>If the value is {@code value}, an element is one field of a line, with its name in {@code
 *       field}. Text is left out, and so are Booleans, unless words stand for numbers.
 *   <li>If the values are fields such as {@code fields.usage_idle}, an element is a line.
 * </ul>
 *
 * All elements have {@code measurement}, {@code tags}, {@code fields} and {@code timestamp}. An
 * invalid line costs only itself.
 */
final class InfluxEvents {
  /** Begins the path of a field of a line. */
  static final String FIELDS = "fields.";

  private static final String FIELD = "field";
  private static final String TIMESTAMP = "timestamp";
  private static final int MAX_BYTES = 512 << 10;
  private static final LogicalTime NANOS =
      Objects.requireNonNull(LogicalTime.of("timestamp-nanos"));

  private final JsonEvents events;
  private final boolean isPerField;
  private final boolean namesField;
  private final boolean hasWords;
  private final boolean isAuto;

  InfluxEvents(EventMapping mapping, JsonEvents events) {
    this.events = events;
    isPerField = InfluxPaths.isPerField(mapping);
    namesField = InfluxPaths.namesField(mapping);
    hasWords = !mapping.words().numbers().isEmpty();
    isAuto = isAuto(mapping);
  }

  /** Returns whether timestamps of lines have the protocol's usual unit, nanoseconds. */
  static boolean isAuto(EventMapping mapping) {
    return mapping.time().format().equals(TimestampFormat.AUTO);
  }

  /** Reads the mapped fields of an event into {@code fields}. */
  void read(byte[] value, EventFields fields) {
    if (value.length > MAX_BYTES) {
      throw new InvalidRecordException(
          "not an event: expected at most %d bytes, got %d", MAX_BYTES, value.length);
    }
    try (TokenBuffer out = new TokenBuffer(null, false)) {
      out.writeStartArray();
      InfluxLine.Scanner lines = new InfluxLine.Scanner(text(value));
      if (!lines.hasNext()) {
        throw new InvalidRecordException("expected a line of line protocol, got none");
      }
      while (lines.hasNext()) {
        writeNext(lines, out);
      }
      out.writeEndArray();
      events.read(out.asParser(), fields);
    } catch (IOException e) {
      throw JsonEvents.invalid(e);
    }
  }

  /**
   * Writes all valid lines as a list of objects, for inspection: numbers of timestamps are not
   * interpreted. The list is empty if most lines are invalid.
   */
  static void writeTree(byte[] value, JsonGenerator out) throws IOException {
    InfluxLine.Scanner scanner = new InfluxLine.Scanner(text(value));
    List<InfluxLine> lines = new ArrayList<>();
    int invalid = 0;
    while (scanner.hasNext()) {
      try {
        lines.add(scanner.next());
      } catch (InvalidRecordException e) {
        scanner.skipLine();
        invalid++;
      }
    }
    out.writeStartArray();
    for (InfluxLine line : invalid > lines.size() ? List.<InfluxLine>of() : lines) {
      out.writeStartObject();
      writeContent(line, out);
      if (line.time() != null) {
        out.writeNumberField(TIMESTAMP, line.time());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static String text(byte[] value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException("value is not valid UTF-8");
    }
  }

  private void writeNext(InfluxLine.Scanner lines, JsonGenerator out) throws IOException {
    InfluxLine line;
    try {
      line = lines.next();
    } catch (InvalidRecordException e) {
      lines.skipLine();
      out.writeEmbeddedObject(e);
      return;
    }
    if (!isPerField) {
      write(line, null, out);
      return;
    }
    long numbers = line.fields().values().stream().filter(this::isValue).count();
    if (numbers > 1 && !namesField) {
      out.writeEmbeddedObject(
          new InvalidRecordException(
              "a line has %d fields with numbers: add field to events.key, or name fields in"
                  + " events.value as fields.NAME",
              numbers));
      return;
    }
    for (Map.Entry<String, Object> field : line.fields().entrySet()) {
      if (isValue(field.getValue())) {
        write(line, field, out);
      }
    }
  }

  private boolean isValue(Object value) {
    return hasWords || value instanceof Number;
  }

  private void write(InfluxLine line, Map.@Nullable Entry<String, Object> field, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    writeContent(line, out);
    if (field != null) {
      out.writeStringField(FIELD, field.getKey());
      write(field, EventMapping.VALUE, out);
    }
    if (line.time() != null) {
      out.writeFieldName(TIMESTAMP);
      writeTime(line.time(), out);
    }
    out.writeEndObject();
  }

  private static void writeContent(InfluxLine line, JsonGenerator out) throws IOException {
    out.writeStringField("measurement", line.measurement());
    out.writeObjectFieldStart("tags");
    for (Map.Entry<String, String> tag : line.tags().entrySet()) {
      out.writeStringField(tag.getKey(), tag.getValue());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("fields");
    for (Map.Entry<String, Object> field : line.fields().entrySet()) {
      write(field, field.getKey(), out);
    }
    out.writeEndObject();
  }

  private static void write(Map.Entry<String, Object> field, String name, JsonGenerator out)
      throws IOException {
    out.writeFieldName(name);
    if (field.getValue() instanceof Double number) {
      out.writeNumber(number);
    } else if (field.getValue() instanceof BigInteger number) {
      out.writeNumber(number);
    } else if (field.getValue() instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else {
      out.writeString(field.getValue().toString());
    }
  }

  /** Writes nanoseconds, unless a format is set or the number is implausible in that unit. */
  private void writeTime(long time, JsonGenerator out) throws IOException {
    EpochUnit unit = EpochUnit.of(time);
    if (!isAuto) {
      out.writeNumber(time);
    } else if (unit == EpochUnit.NS) {
      out.writeEmbeddedObject(new TypedTime(NANOS, time));
    } else {
      out.writeEmbeddedObject(
          new InvalidRecordException(
              "field timestamp: expected epoch nanoseconds, got a number that %s",
              unit == null
                  ? "is no time from 1990 to 2100: set events.timestamp-format to its unit"
                  : "looks like %s: set events.timestamp-format = %s"
                      .formatted(unit, unit.format().id())));
    }
  }
}
