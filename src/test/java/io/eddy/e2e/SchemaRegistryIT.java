package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.eddy.admission.EventLimits;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records exchanged with Apicurio's serializers through its registry. */
class SchemaRegistryIT {
  private static final Schema METER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Meter", "namespace": "plant", "fields": [
                {"name": "site", "type": "string"},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "power", "type": ["null", "double"], "default": null}
              ]}
              """);

  @TempDir static Path folder;
  private static @Nullable ApicurioRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    registry = ApicurioRegistry.start(folder);
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private static ApicurioRegistry registry() {
    return java.util.Objects.requireNonNull(registry);
  }

  private static SchemaRegistrySettings settings(boolean registers) {
    return new SchemaRegistrySettings(
        URI.create(registry().url()), null, registers, SchemaIdType.CONFLUENT);
  }

  private static EventMapping meters(@Nullable Schema schema) {
    return new EventMapping(
        new EventEncoding(EventFormat.AVRO, schema, false, settings(true)),
        new SeriesKey(List.of("site"), "/"),
        EventTime.ofField("at", TimestampFormat.AUTO),
        List.of("power"),
        List.of());
  }

  /** Uses Confluent's format: 0x00 and four bytes of the content id. */
  private static Map<String, Object> confluent() {
    Map<String, Object> config = new HashMap<>();
    config.put("apicurio.registry.url", registry().ownUrl());
    config.put("apicurio.registry.auto-register", true);
    config.put("apicurio.registry.use-id", "contentId");
    config.put("apicurio.registry.headers.enabled", false);
    config.put(
        "apicurio.registry.artifact-resolver-strategy",
        "io.apicurio.registry.serde.strategy.TopicIdStrategy");
    return config;
  }

  private static List<Observation> observations(
      EventMapping mapping, byte @Nullable [] key, byte[] value) {
    return ((ReadResult.Event) read(mapping, key, value)).event().observations();
  }

  private static ReadResult read(EventMapping mapping, byte @Nullable [] key, byte[] value) {
    return new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER).read(key, value, 7);
  }

  @Test
  void readsRecordsOfApicurioSerializer() {
    GenericRecord meter = new GenericData.Record(METER);
    meter.put("site", "north");
    meter.put("at", 1500L);
    meter.put("power", 2.5);
    byte[] event;
    try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(confluent(), false);
      event = serializer.serialize("written-by-apicurio", meter);
    }

    assertThat(event[0]).isZero();
    assertThat(observations(meters(null), null, event))
        .containsExactly(new Observation("north", 1500, 2.5));
  }

  @Test
  void apicurioDeserializerReadsForecasts() {
    byte[] event =
        new EventEncoder(meters(METER), "written-by-eddy")
            .encode(new Observation("north", 1500, 2.5));

    try (AvroKafkaDeserializer<GenericRecord> deserializer = new AvroKafkaDeserializer<>()) {
      deserializer.configure(confluent(), false);
      GenericRecord meter = deserializer.deserialize("written-by-eddy", event);
      assertThat(meter.get("site")).hasToString("north");
      assertThat(meter.get("power")).isEqualTo(2.5);
    }
    assertThat(observations(meters(null), null, event))
        .containsExactly(new Observation("north", 1500, 2.5));
  }

  @Test
  void readsSensorEventsById() {
    EventMapping usual =
        new EventMapping(
            new EventEncoding(EventFormat.AVRO, null, false, settings(true)),
            SeriesKey.RECORD_KEY,
            EventTime.DEFAULT,
            List.of(EventMapping.VALUE),
            List.of());
    Observation observation = new Observation("a", 1500, 2.5);

    byte[] event = new EventEncoder(usual, "sensor-events").encode(observation);

    assertThat(event[0]).isZero();
    assertThat(observations(usual, "a".getBytes(UTF_8), event)).containsExactly(observation);
  }

  @Test
  void readsForecastsInEveryFormat() {
    Forecast forecast =
        new Forecast(
            new Forecast.Origin(
                "a",
                1500,
                Interval.ofMillis(1000),
                new Forecast.Served(ModelVersion.of(new byte[] {1}), 3),
                true),
            List.of(0.1, 0.5, 0.9),
            0,
            new double[] {1, 2, 3, 0.1f, 0.2f, 0.3f});
    PublishedForecast published =
        new PublishedForecast(forecast, "m", new SourcePosition("sensor-events", 1, 2));
    ForecastCodec codec =
        new ForecastCodec(
            new OutputFormat(OutputFormat.Format.AVRO, settings(true)), "registered-forecasts");
    codec.prepare();

    byte[] framed = codec.encode(published);

    assertThat(framed[0]).isZero();
    assertThat(codec.decode("a", framed).forecast().values()).isEqualTo(forecast.values());
    assertThat(codec.decode("a", framed).source()).isEqualTo(published.source());
    assertThat(codec.decode("a", new ForecastCodec().encode(published)).forecast().values())
        .isEqualTo(forecast.values());
    ForecastCodec json =
        new ForecastCodec(new OutputFormat(OutputFormat.Format.JSON, null), "registered-forecasts");
    assertThat(codec.decode("a", json.encode(published)).forecast().values())
        .isEqualTo(forecast.values());
    try (AvroKafkaDeserializer<GenericRecord> deserializer = new AvroKafkaDeserializer<>()) {
      deserializer.configure(confluent(), false);
      GenericRecord read = deserializer.deserialize("registered-forecasts", framed);
      assertThat(read.get("values")).isEqualTo(List.of(1f, 2f, 3f, 0.1f, 0.2f, 0.3f));
    }
  }

  @Test
  void rejectsRecordWithUnknownId() {
    byte[] event = ByteBuffer.allocate(10).put((byte) 0).putInt(123_456).array();

    assertThat(read(meters(null), null, event))
        .isInstanceOfSatisfying(
            ReadResult.Rejection.class,
            rejection ->
                assertThat(rejection.cause())
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageStartingWith("the schema registry has no schema with id 123456: "));
  }

  @Test
  void looksUpSchemaWithoutRegistering() {
    SchemaRegistryClient looksUp = SchemaRegistryClient.of(settings(false));

    assertThatThrownBy(() -> looksUp.id("not-there-value", METER))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("register it, or set schema.registry.register=true");
    int id = SchemaRegistryClient.of(settings(true)).id("there-value", METER);
    assertThat(looksUp.id("there-value", METER)).isEqualTo(id);
    assertThat(looksUp.schema(id)).isEqualTo(METER);
  }
}
