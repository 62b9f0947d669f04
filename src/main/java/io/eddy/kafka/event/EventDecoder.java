package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.RoundedIntegers;
import io.eddy.series.time.TimestampCounts;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the key and value of a record into observations, according to a mapping.
 *
 * <p>An invalid record is rejected with an {@link InvalidRecordException}; one invalid value among
 * several is reported in the decoded event. If a schema registry is required and unavailable, a
 * {@link SchemaRegistryException} is thrown. Not thread-safe.
 */
final class EventDecoder {
  private static final int MAX_NUMBER_BYTES = 64;
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final EventMapping mapping;
  private final SeriesNames names;
  private final FieldNumbers numbers;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final WrappedJson json;
  private final ProtobufEvents protobuf;
  private final InfluxEvents influx;
  private final AvroEvents avro;
  private final EventFields fields;

  EventDecoder(EventMapping mapping) {
    this.mapping = mapping;
    names = new SeriesNames(mapping.key());
    numbers = new FieldNumbers(mapping.words());
    JsonEvents events = new JsonEvents(mapping);
    json = new WrappedJson(mapping, events);
    protobuf = new ProtobufEvents(mapping, events);
    influx = new InfluxEvents(mapping, events);
    avro = new AvroEvents(mapping);
    fields = new EventFields(mapping);
  }

  static SingleObjectEncoding<SensorEvent> newSensorEvents() {
    return new SingleObjectEncoding<>(SensorEvent.getClassSchema());
  }

  /** Returns the counts of the timestamps read from fields so far. */
  TimestampCounts timestampCounts() {
    return fields.timestampCounts();
  }

  /** Returns how many integers of the last event were rounded; resets the number. */
  long takeRoundedIntegers() {
    return fields.takeRoundedIntegers();
  }

  /** Decodes a record without headers. */
  DecodedEvent decode(byte @Nullable [] key, byte[] value, long timestampMs) {
    return decode(key, value, NO_HEADERS, timestampMs);
  }

  /**
   * Decodes one record.
   *
   * @param key must not be null or empty if it is the series name
   * @param timestampMs the record's timestamp, used if the value has none
   * @return an event with at least one observation or rejected value, or {@link DecodedEvent#NONE}
   * @throws InvalidRecordException if the record as a whole is invalid
   */
  DecodedEvent decode(byte @Nullable [] key, byte[] value, Headers headers, long timestampMs) {
    fields.clear();
    switch (mapping.format()) {
      case NUMBER -> number(value);
      case JSON -> json.read(value, headers, fields);
      case AVRO -> avro.read(value, headers, fields);
      case PROTOBUF -> protobuf.read(value, headers, fields);
      case INFLUX -> influx.read(value, fields);
      case DOUBLE, FLOAT, LONG, INT, SHORT -> binaryNumber(value);
    }
    return fields.toEvent(key, timestampMs);
  }

  /**
   * Returns the series name in a record's key.
   *
   * @throws InvalidRecordException if the key is not a series name
   */
  String series(byte @Nullable [] key) {
    return names.name(key);
  }

  private String text(String name, byte[] bytes) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRecordException("%s is not valid UTF-8", name);
    }
  }

  private void binaryNumber(byte[] value) {
    fields.putValue(0, BinaryNumbers.read(mapping.format(), value));
    if (mapping.format() == EventFormat.LONG
        && RoundedIntegers.contains(ByteBuffer.wrap(value).getLong())) {
      fields.countRounded();
    }
  }

  private void number(byte[] value) {
    if (value.length > MAX_NUMBER_BYTES) {
      throw new InvalidRecordException("value: expected a number, got %d bytes", value.length);
    }
    String text = text("value", value).strip();
    fields.putValue(0, numbers.ofText(EventMapping.VALUE, text));
    if (RoundedIntegers.contains(text)) {
      fields.countRounded();
    }
  }
}
