package io.eddy.kafka.event;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Encodes observations as events, the inverse of {@link EventReader}. */
public final class EventEncoder {
  private static final int SINGLE_OBJECT_HEADER_BYTES = 10;

  private final EventMapping mapping;
  private final String topic;
  private final Schema schema;
  private final SingleObjectEncoding<SensorEvent> sensorEvents = EventDecoder.newSensorEvents();

  /** Creates an encoder of events with the default fields. */
  public EventEncoder(EventFormat format) {
    this(EventMapping.defaults(format, List.of()), "");
  }

  /**
   * Creates an encoder for a mapping. If an event can have several values, the encoder writes only
   * the observation's.
   *
   * @param topic topic whose subject has the schema of Avro events in a schema registry
   */
  public EventEncoder(EventMapping mapping, String topic) {
    this.mapping = mapping;
    this.topic = topic;
    schema = Objects.requireNonNullElse(mapping.encoding().schema(), SensorEvent.getClassSchema());
  }

  /**
   * Returns the record's key, which names the series as the mapping says. If only fields of the
   * value name it, the key is the series name, without the value's field if there are several.
   *
   * @throws IllegalArgumentException if the key's format cannot represent the name
   */
  public byte[] key(Observation observation) {
    return new SeriesKeyWriter(mapping.key())
        .write(toValue(observation).key(), observation.timestampMs());
  }

  /** Returns the record's value; numbers have no covariates. */
  public byte[] encode(Observation observation) {
    return switch (mapping.format()) {
      case NUMBER -> Double.toString(observation.value()).getBytes(StandardCharsets.UTF_8);
      case JSON ->
          new JsonWriter(mapping).write(toValue(observation)).getBytes(StandardCharsets.UTF_8);
      case AVRO -> framed(avro(observation));
      case DOUBLE, FLOAT, LONG, INT, SHORT ->
          BinaryNumbers.write(mapping.format(), observation.value());
      case INFLUX ->
          new InfluxWriter(mapping).write(toValue(observation)).getBytes(StandardCharsets.UTF_8);
      case PROTOBUF ->
          throw new IllegalArgumentException(
              "cannot write events of format %s: choose json, avro, number or double"
                  .formatted(mapping.format().id()));
    };
  }

  private byte[] avro(Observation observation) {
    return mapping.encoding().schema() == null
        ? sensorEvents.encodeBody(
            new SensorEvent(
                Instant.ofEpochMilli(observation.timestampMs()),
                observation.value(),
                observation.covariates().isEmpty() ? null : observation.covariates().values(),
                observation.futureCovariates().isEmpty()
                    ? null
                    : lists(observation.futureCovariates())))
        : new AvroWriter(mapping, schema).write(toValue(observation));
  }

  /** Prefixes the header that identifies the schema. */
  private byte[] framed(byte[] body) {
    EventEncoding encoding = mapping.encoding();
    if (encoding.isPlain()) {
      return body;
    }
    if (encoding.registry() != null) {
      int id = SchemaRegistryClient.of(encoding.registry()).id(topic + "-value", schema);
      return ByteBuffer.allocate(SchemaRegistryClient.ID_HEADER_BYTES + body.length)
          .put((byte) 0)
          .putInt(id)
          .put(body)
          .array();
    }
    return ByteBuffer.allocate(SINGLE_OBJECT_HEADER_BYTES + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 1)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .put(body)
        .array();
  }

  /**
   * An observation as one value of an event.
   *
   * @param key series name without the value's field
   * @param field path of the value
   */
  record EventValue(String key, String field, Observation observation) {}

  private EventValue toValue(Observation observation) {
    String series = observation.series();
    if (mapping.values().size() == 1) {
      return new EventValue(series, mapping.values().get(0), observation);
    }
    for (int i = 0; i < mapping.values().size(); i++) {
      String end = mapping.key().withField("", mapping.valueName(i));
      if (series.endsWith(end) && series.length() > end.length()) {
        String key = series.substring(0, series.length() - end.length());
        return new EventValue(key, mapping.values().get(i), observation);
      }
    }
    throw new IllegalArgumentException(
        "series '%s': expected a name that ends with '%s' and one of %s"
            .formatted(series, mapping.key().separator(), String.join(", ", mapping.values())));
  }

  private static Map<String, List<Double>> lists(FutureCovariates ahead) {
    Map<String, List<Double>> lists = new TreeMap<>();
    for (String name : ahead.names()) {
      lists.put(name, Arrays.stream(ahead.values(name)).boxed().toList());
    }
    return lists;
  }
}
