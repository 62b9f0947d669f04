package io.eddy.kafka.event;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.schema.SchemaFrame;
import io.eddy.kafka.schema.SchemaId;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.InvalidRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the mapped fields of an Avro event. The first byte identifies the header: C3 for a schema
 * fingerprint (single-object encoding), 00 for a schema id (Confluent's wire format); a header of
 * the record can hold the id as well. Plain Avro has no header.
 */
final class AvroEvents {
  private static final byte SINGLE_OBJECT = (byte) 0xC3;
  private static final byte REGISTRY = 0;
  private static final int FINGERPRINT_HEADER_BYTES = 10;
  private static final int MAX_READERS = 1000;

  private final EventMapping mapping;
  private final EventEncoding encoding;
  private final SingleObjectEncoding<SensorEvent> sensorEvents = EventDecoder.newSensorEvents();
  private final Map<SchemaId, AvroFields> byId = new HashMap<>();
  private final @Nullable AvroFields local;
  private final long fingerprint;

  AvroEvents(EventMapping mapping) {
    this.mapping = mapping;
    encoding = mapping.encoding();
    local = encoding.schema() == null ? null : new AvroFields(encoding.schema(), mapping);
    fingerprint =
        encoding.schema() == null ? 0 : SchemaNormalization.parsingFingerprint64(encoding.schema());
  }

  /** Reads the mapped fields of an event into {@code fields}. */
  void read(byte[] value, Headers headers, EventFields fields) {
    if (encoding.isPlain() && local != null) {
      local.read(value, 0, fields);
      return;
    }
    SchemaRegistrySettings registry = encoding.registry();
    SchemaFrame frame = registry == null ? null : SchemaFrame.of(value, headers, registry);
    if (registry != null && frame != null) {
      read(frame, registry, value, fields);
    } else if (local != null && isOfLocalSchema(value)) {
      local.read(value, FINGERPRINT_HEADER_BYTES, fields);
    } else if (!mapping.isDefault()) {
      throw unknownHeader(value);
    } else {
      put(sensorEvents.decode(value), fields);
    }
  }

  private boolean isOfLocalSchema(byte[] value) {
    return value.length >= FINGERPRINT_HEADER_BYTES
        && value[0] == SINGLE_OBJECT
        && value[1] == 1
        && ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(2) == fingerprint;
  }

  private InvalidRecordException unknownHeader(byte[] value) {
    if (value.length > 0 && value[0] == REGISTRY && encoding.registry() == null) {
      return new InvalidRecordException(
          "value refers to a schema registry: set schema.registry.url");
    }
    String expected =
        (local == null ? "" : "C3 01 and the fingerprint of the schema of events.schema")
            + (local != null && encoding.registry() != null ? ", or with " : "")
            + (encoding.registry() == null ? "" : "00 and the id of a schema");
    return new InvalidRecordException("expected an Avro event that starts with %s", expected)
        .got(value.length > 0 ? "%02X".formatted(value[0]) : "nothing");
  }

  private void read(
      SchemaFrame frame, SchemaRegistrySettings registry, byte[] value, EventFields fields) {
    SchemaId id = frame.id();
    AvroFields reader = byId.get(id);
    if (reader == null) {
      Schema schema = SchemaRegistryClient.of(registry).avro(id);
      if (mapping.isDefault()
          && SensorEvent.getClassSchema().getFullName().equals(schema.getFullName())) {
        put(sensorEvents.decode(schema, value, frame.bodyOffset()), fields);
        return;
      }
      reader = new AvroFields(schema, mapping);
      if (byId.size() >= MAX_READERS) {
        byId.clear();
      }
      byId.put(id, reader);
    }
    reader.read(value, frame.bodyOffset(), fields);
  }

  private void put(SensorEvent event, EventFields fields) {
    fields.putTime(event.getTimestamp().toEpochMilli());
    fields.putValue(0, finite(event.getValue()));
    Map<String, Double> covariates = event.getCovariates();
    Map<String, List<Double>> ahead = event.getAhead();
    FutureCovariatesReader reader = new FutureCovariatesReader();
    for (String name : mapping.covariates()) {
      if (covariates != null) {
        fields.putCovariate(name, finite(covariates.getOrDefault(name, Double.NaN)));
      }
      List<Double> numbers = ahead == null ? null : ahead.get(name);
      if (numbers != null) {
        reader.begin(name);
        numbers.forEach(number -> reader.add(finite(number)));
      }
    }
    fields.putAhead(reader.toFutureCovariates());
  }

  /** Returns NaN, which means missing, for an infinite number. */
  private static double finite(double number) {
    return Double.isInfinite(number) ? Double.NaN : number;
  }
}
