package io.eddy.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.Observation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * An event's key and value to an observation. The series is the key, as UTF-8.
 *
 * <p>Whatever is wrong with a record is said by an {@link InvalidRecordException}; nothing else is
 * thrown. Used by one thread.
 */
public final class EventDecoder {
  /** Longest series name, in bytes of UTF-8. */
  public static final int MAX_KEY_BYTES = 1024;

  private static final int MAX_NUMBER_BYTES = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxDocumentLength(64 << 10)
                  .maxStringLength(16 << 10)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final EventFormat format;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final SingleObject<SensorEvent> sensorEvents =
      new SingleObject<>(SensorEvent.getClassSchema());

  public EventDecoder(EventFormat format) {
    this.format = format;
  }

  /**
   * Decodes one record.
   *
   * @param key the record's key; null is an error
   * @param value the record's value; null is an error
   * @param timestampMs the record's timestamp, used where the value has none
   */
  public Observation decode(byte @Nullable [] key, byte @Nullable [] value, long timestampMs) {
    if (key == null || key.length == 0) {
      throw new InvalidRecordException("the key is empty: expected the name of the series");
    }
    if (key.length > MAX_KEY_BYTES) {
      throw new InvalidRecordException(
          "the key has %d bytes: at most %d are taken", key.length, MAX_KEY_BYTES);
    }
    if (value == null) {
      throw new InvalidRecordException("the value is null: expected an event");
    }
    String series = text("key", key);
    return switch (format) {
      case NUMBER -> observation(series, timestampMs, number(value));
      case JSON -> json(series, value, timestampMs);
      case AVRO -> {
        SensorEvent event = sensorEvents.decode(value);
        yield observation(series, event.getTimestamp().toEpochMilli(), event.getValue());
      }
    };
  }

  private static Observation observation(String series, long timestampMs, double value) {
    if (timestampMs < 0) {
      throw new InvalidRecordException(
          "timestamp: expected epoch milliseconds from 0 on, got %d", timestampMs);
    }
    if (!Double.isFinite(value)) {
      throw new InvalidRecordException("value: expected a finite number, got %s", value);
    }
    if (!Observation.isWithinReach(value)) {
      throw new InvalidRecordException("value: expected a number within ±1e35, got %s", value);
    }
    return new Observation(series, timestampMs, value);
  }

  private String text(String what, byte[] bytes) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException("the %s is no UTF-8", what);
    }
  }

  private double number(byte[] value) {
    if (value.length > MAX_NUMBER_BYTES) {
      throw new InvalidRecordException("value: expected a number, got %d bytes", value.length);
    }
    return parseNumber(text("value", value).strip());
  }

  private static double parseNumber(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidRecordException("value: expected a number, got '%s'", text);
    }
  }

  private static Observation json(String series, byte[] value, long recordTimestampMs) {
    long timestampMs = recordTimestampMs;
    Double number = null;
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidRecordException("expected a JSON object with timestamp and value");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("value")) {
          number = jsonNumber(parser);
        } else if (field.equals("timestamp")) {
          timestampMs = jsonTime(parser);
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new InvalidRecordException("expected one JSON object, got more after it");
      }
    } catch (IOException e) {
      throw new InvalidRecordException(
          "no JSON: %s",
          e instanceof com.fasterxml.jackson.core.JsonProcessingException json
              ? json.getOriginalMessage()
              : e.getMessage());
    }
    if (number == null) {
      throw new InvalidRecordException("field value is missing: expected a number");
    }
    return observation(series, timestampMs, number);
  }

  private static double jsonNumber(JsonParser parser) throws IOException {
    if (parser.currentToken().isNumeric()) {
      return parser.getDoubleValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parseNumber(parser.getText());
    }
    throw new InvalidRecordException(
        "field value: expected a number, got %s", parser.currentToken());
  }

  private static long jsonTime(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parseTime(parser.getText());
    }
    throw new InvalidRecordException(
        "field timestamp: expected epoch milliseconds or an ISO-8601 time, got %s",
        parser.currentToken());
  }

  private static long parseTime(String text) {
    try {
      return text.endsWith("Z")
          ? Instant.parse(text).toEpochMilli()
          : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new InvalidRecordException(
          "field timestamp: expected epoch milliseconds or an ISO-8601 time with its zone, got"
              + " '%s'",
          text);
    }
  }
}
