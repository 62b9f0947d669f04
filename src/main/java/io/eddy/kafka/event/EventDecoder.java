package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event's key and value to observations, as a mapping says.
 *
 * <p>Whatever is wrong with a record is said by an {@link InvalidRecordException}, or for one of
 * several values in the event that is returned; nothing else is thrown, but a {@link
 * SchemaRegistryException} where a schema registry that is needed is away. Used by one thread.
 */
public final class EventDecoder {
  private static final int MAX_NUMBER_BYTES = 64;

  private final EventMapping mapping;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final JsonEvents json;
  private final AvroEvents avro;
  private final EventFields fields;

  /** Decodes values alone, of events in their usual form. */
  public EventDecoder(EventFormat format) {
    this(format, List.of());
  }

  /** Decodes values and covariates, and what an event says of these in the steps after it. */
  public EventDecoder(EventFormat format, List<String> covariates) {
    this(EventMapping.defaults(format, covariates));
  }

  /** Decodes what a mapping names. */
  public EventDecoder(EventMapping mapping) {
    this.mapping = mapping;
    json = new JsonEvents(mapping);
    avro = new AvroEvents(mapping);
    fields = new EventFields(mapping);
  }

  static SingleObjectEncoding<SensorEvent> newSensorEvents() {
    return new SingleObjectEncoding<>(SensorEvent.getClassSchema());
  }

  /**
   * Decodes one record of a mapping with one value; as {@link #read} else.
   *
   * @return its observation
   */
  public Observation decode(byte @Nullable [] key, byte @Nullable [] value, long timestampMs) {
    return read(key, value, timestampMs).observations().get(0);
  }

  /**
   * Decodes one record.
   *
   * @param key the record's key; null or empty is an error where it is the name of the series
   * @param value the record's value; null is an error
   * @param timestampMs the record's timestamp, used where the value has none
   * @return at least one observation or refused value
   */
  public DecodedEvent read(byte @Nullable [] key, byte @Nullable [] value, long timestampMs) {
    String series = mapping.key().isRecordKey() ? series(key) : null;
    if (value == null) {
      throw new InvalidRecordException("the value is null: expected an event");
    }
    fields.clear();
    switch (mapping.format()) {
      case NUMBER -> fields.putValue(0, number(value));
      case JSON -> json.read(value, fields);
      case AVRO -> avro.read(value, fields);
    }
    return fields.toEvent(series, timestampMs);
  }

  /**
   * The series that a record's key names.
   *
   * @throws InvalidRecordException where it names none
   */
  public String series(byte @Nullable [] key) {
    if (key == null || key.length == 0) {
      throw new InvalidRecordException("the key is empty: expected the name of the series");
    }
    if (key.length > SeriesKey.MAX_BYTES) {
      throw new InvalidRecordException(
          "the key has %d bytes: at most %d are taken", key.length, SeriesKey.MAX_BYTES);
    }
    return text("key", key);
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

  static double parseNumber(String field, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidRecordException("%s: expected a number", field).got("'" + text + "'");
    }
  }
}
