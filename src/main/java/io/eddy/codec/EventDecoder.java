package io.eddy.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.Covariates;
import io.eddy.series.LookAhead;
import io.eddy.series.Observation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  private static final String AHEAD = "ahead";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxDocumentLength(512 << 10)
                  .maxStringLength(16 << 10)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final EventFormat format;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final Set<String> covariates;
  private final SingleObject<SensorEvent> sensorEvents = newSensorEvents();

  /** Decodes values alone. */
  public EventDecoder(EventFormat format) {
    this(format, List.of());
  }

  /**
   * Decodes values and covariates, and what an event says of these in the steps after it.
   *
   * @param covariates fields to read beside; one that an event does not have is missing, a plain
   *     number has none
   */
  public EventDecoder(EventFormat format, List<String> covariates) {
    this.format = format;
    this.covariates = Set.copyOf(covariates);
  }

  static SingleObject<SensorEvent> newSensorEvents() {
    return new SingleObject<>(
        SensorEvent.getClassSchema(), "SensorEvent-1.avsc", "SensorEvent-2.avsc");
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
      case NUMBER -> observation(series, timestampMs, number(value), Beside.NOTHING);
      case JSON -> json(series, value, timestampMs);
      case AVRO -> {
        SensorEvent event = sensorEvents.decode(value);
        yield observation(
            series,
            event.getTimestamp().toEpochMilli(),
            event.getValue(),
            new Beside(covariates(event), ahead(event)));
      }
    };
  }

  /** What stands beside the value. */
  private record Beside(Covariates covariates, LookAhead ahead) {
    static final Beside NOTHING = new Beside(Covariates.NONE, LookAhead.NONE);
  }

  private LookAhead ahead(SensorEvent event) {
    Map<String, List<Double>> all = event.getAhead();
    if (all == null || covariates.isEmpty()) {
      return LookAhead.NONE;
    }
    AheadReader reader = new AheadReader();
    for (String name : covariates) {
      List<Double> numbers = all.get(name);
      if (numbers != null) {
        reader.begin(name);
        numbers.forEach(reader::add);
      }
    }
    return reader.toLookAhead();
  }

  private Covariates covariates(SensorEvent event) {
    Map<String, Double> all = event.getCovariates();
    if (all == null || covariates.isEmpty()) {
      return Covariates.NONE;
    }
    Map<String, Double> values = new TreeMap<>();
    for (String name : covariates) {
      put(values, name, all.getOrDefault(name, Double.NaN));
    }
    return new Covariates(values);
  }

  /** Sets a covariate; NaN takes it away. */
  private static void put(Map<String, Double> values, String name, double value) {
    if (Double.isNaN(value)) {
      values.remove(name);
    } else if (!Observation.isWithinReach(value)) {
      throw new InvalidRecordException("%s: expected a number within ±1e35, got %s", name, value);
    } else {
      values.put(name, value);
    }
  }

  private static Observation observation(
      String series, long timestampMs, double value, Beside beside) {
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
    return new Observation(series, timestampMs, value, beside.covariates(), beside.ahead());
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
    return parseNumber("value", text("value", value).strip());
  }

  private static double parseNumber(String field, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidRecordException("%s: expected a number, got '%s'", field, text);
    }
  }

  private Observation json(String series, byte[] value, long recordTimestampMs) {
    long timestampMs = recordTimestampMs;
    Double number = null;
    Map<String, Double> numbers = covariates.isEmpty() ? Map.of() : new TreeMap<>();
    LookAhead ahead = LookAhead.NONE;
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidRecordException("expected a JSON object with timestamp and value");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("value")) {
          number = jsonNumber(parser, "value");
        } else if (field.equals("timestamp")) {
          timestampMs = jsonTime(parser);
        } else if (isAhead(field, parser.currentToken())) {
          ahead = jsonAhead(parser);
        } else if (covariates.contains(field)) {
          put(numbers, field, jsonCovariate(parser, field));
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
    Covariates present = numbers.isEmpty() ? Covariates.NONE : new Covariates(numbers);
    return observation(series, timestampMs, number, new Beside(present, ahead));
  }

  /** Whether the field holds what is known ahead, and is no covariate of that name. */
  private boolean isAhead(String field, JsonToken token) {
    return field.equals(AHEAD)
        && !covariates.isEmpty()
        && (token == JsonToken.START_OBJECT || !covariates.contains(AHEAD));
  }

  /** An object of lists of numbers, of which null is unknown. */
  private LookAhead jsonAhead(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return LookAhead.NONE;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidRecordException(
          "field ahead: expected an object of lists of numbers, got %s", parser.currentToken());
    }
    AheadReader reader = new AheadReader();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (!covariates.contains(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.START_ARRAY) {
        reader.begin(name);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          reader.add(jsonCovariate(parser, reader.field()));
        }
      } else if (token != JsonToken.VALUE_NULL) {
        throw new InvalidRecordException(
            "field ahead.%s: expected a list of numbers, got %s", name, token);
      }
    }
    return reader.toLookAhead();
  }

  private static double jsonNumber(JsonParser parser, String field) throws IOException {
    if (parser.currentToken().isNumeric()) {
      return parser.getDoubleValue();
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parseNumber(field, parser.getText());
    }
    throw new InvalidRecordException(
        "field %s: expected a number, got %s", field, parser.currentToken());
  }

  /** NaN where it is null or an empty text; true is 1, false 0. */
  private static double jsonCovariate(JsonParser parser, String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> Double.NaN;
      case VALUE_TRUE -> 1;
      case VALUE_FALSE -> 0;
      case VALUE_STRING ->
          parser.getText().isBlank() ? Double.NaN : parseNumber(field, parser.getText());
      default -> jsonNumber(parser, field);
    };
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
