package io.eddy.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apicurio.registry.serde.Legacy8ByteIdHandler;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records exchanged with Apicurio's serializers through its registry. */
class SchemaRegistryIT {
  private static final ObjectMapper JSON = new ObjectMapper();
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

  private static final int FORM_HOURS = 120;

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
      assertThat(read.get("values"))
          .isEqualTo(List.of(1.0, 2.0, 3.0, (double) 0.1f, (double) 0.2f, (double) 0.3f));
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

  /** Registers a schema and returns its id. */
  private static int register(String subject, String type, String schema, String references) {
    String body =
        JSON.createObjectNode()
            .put("schemaType", type)
            .put("schema", schema)
            .set("references", json(references))
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry().url() + "/subjects/" + subject + "/versions"))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return json(response.body()).path("id").asInt();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EventMapping mapping(
      EventFormat format, SchemaIdType ids, String key, String value) {
    return new EventMapping(
        new EventEncoding(
            format,
            null,
            false,
            new SchemaRegistrySettings(URI.create(registry().url()), null, true, ids)),
        new SeriesKey(List.of(key), "/"),
        EventTime.ofField("at", TimestampFormat.AUTO),
        List.of(value),
        List.of());
  }

  private static byte[] framed(int id, String hex) {
    byte[] body = HexFormat.of().parseHex(hex);
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  @Test
  void readsProtobufWithImport() {
    register(
        "plant-site",
        "PROTOBUF",
        "syntax = \"proto3\"; package plant; message Site { string name = 1; }",
        "[]");
    int id =
        register(
            "proto-meters-value",
            "PROTOBUF",
            """
            syntax = "proto3";
            package plant;
            import "plant/site.proto";
            import "google/protobuf/timestamp.proto";
            message Meter { Site site = 1; google.protobuf.Timestamp at = 2; Power power = 3;
              message Power { double value = 1; } }
            """,
            "[{\"name\": \"plant/site.proto\", \"subject\": \"plant-site\", \"version\": 1}]");
    String message = "0A070A056E6F727468" + "120608" + "80F2D6CA06" + "1A09090000000000000440";

    assertThat(
            observations(
                mapping(EventFormat.PROTOBUF, SchemaIdType.CONFLUENT, "site.name", "power.value"),
                null,
                framed(id, "00" + message)))
        .containsExactly(new Observation("north", 1767225600000L, 2.5));
  }

  @Test
  void readsJsonSchema() {
    int id =
        register(
            "json-meters-value",
            "JSON",
            "{\"type\": \"object\", \"properties\": {\"power\": {\"type\": \"string\", \"title\":"
                + " \"org.apache.kafka.connect.data.Decimal\", \"connect.type\": \"bytes\","
                + " \"connect.parameters\": {\"scale\": \"2\"}}}}",
            "[]");
    byte[] json = "{\"site\":\"north\",\"at\":1767225600000,\"power\":\"CGY=\"}".getBytes(UTF_8);

    assertThat(
            observations(
                mapping(EventFormat.JSON, SchemaIdType.CONFLUENT, "site", "power"),
                null,
                framed(id, HexFormat.of().formatHex(json))))
        .containsExactly(new Observation("north", 1767225600000L, 21.5));
  }

  @Test
  void readsAvroReference() {
    register(
        "plant.Power",
        "AVRO",
        "{\"type\":\"record\",\"name\":\"Power\",\"namespace\":\"plant\",\"fields\":[{\"name\":\"value\",\"type\":\"double\"}]}",
        "[]");
    int id =
        register(
            "avro-meters-value",
            "AVRO",
            "{\"type\":\"record\",\"name\":\"Sub\",\"namespace\":\"plant\",\"fields\":[{\"name\":\"site\",\"type\":\"string\"},"
                + "{\"name\":\"at\",\"type\":\"long\"},{\"name\":\"power\",\"type\":\"plant.Power\"}]}",
            "[{\"name\": \"plant.Power\", \"subject\": \"plant.Power\", \"version\": 1}]");

    assertThat(
            observations(
                mapping(EventFormat.AVRO, SchemaIdType.CONFLUENT, "site", "power.value"),
                null,
                framed(id, "0A6E6F727468" + "80A0D5EDEE66" + "0000000000000440")))
        .containsExactly(new Observation("north", 1767225600000L, 2.5));
  }

  @Test
  void readsIdsOfApicurioSerializer() {
    GenericRecord meter = new GenericData.Record(METER);
    meter.put("site", "north");
    meter.put("at", 1500L);
    meter.put("power", 2.5);
    Observation expected = new Observation("north", 1500, 2.5);
    // The second topic's schema has the same content, but a global id of its own.
    for (String topic : List.of("first-meters", "second-meters")) {
      for (String use : List.of("globalId", "contentId")) {
        SchemaIdType ids =
            use.equals("globalId") ? SchemaIdType.APICURIO_GLOBAL : SchemaIdType.APICURIO_CONTENT;
        EventMapping mapping = mapping(EventFormat.AVRO, ids, "site", "power");
        Map<String, Object> config = confluent();
        config.put("apicurio.registry.use-id", use);
        assertThat(
                observations(mapping, null, serialize(config, topic, new RecordHeaders(), meter)))
            .containsExactly(expected);
        config.put("apicurio.registry.id-handler", Legacy8ByteIdHandler.class.getName());
        byte[] event = serialize(config, topic, new RecordHeaders(), meter);
        assertThat(event).startsWith(0, 0, 0, 0, 0);
        assertThat(observations(mapping, null, event)).containsExactly(expected);
        config.put("apicurio.registry.headers.enabled", true);
        Headers headers = new RecordHeaders();
        byte[] body = serialize(config, topic, headers, meter);
        assertThat(headers.lastHeader("apicurio.value." + use)).isNotNull();
        ReadResult read =
            new EventReader(meters(null), EventLimits.NONE, NullValues.DEAD_LETTER)
                .read(null, body, headers, 7);
        assertThat(((ReadResult.Event) read).event().observations()).containsExactly(expected);
      }
    }
  }

  private static byte[] serialize(
      Map<String, Object> config, String topic, Headers headers, GenericRecord value) {
    try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(config, false);
      return serializer.serialize(topic, headers, value);
    }
  }

  /** Publishes two hourly series, from {@code check} to {@code verify}. */
  private static void serveProposal(Path folder, EventOfHour event, String... expected)
      throws Exception {
    List<byte[]> events = new ArrayList<>();
    for (int hour = 0; hour < FORM_HOURS; hour++) {
      for (byte site : new byte[] {'n', 's'}) {
        events.add(
            event.of(
                site, 1_767_225_600L + 3600L * hour, 20 + site % 7 + hour % 24 + hour % 5 / 8.0));
      }
    }
    try (RunningEddy eddy = new RunningEddy(folder, FormRun.TOPICS, 2, "m")) {
      FormRun run = new FormRun(eddy, folder, Map.of("schema.registry.url", registry().url()));
      run.publish(events);
      run.adoptProposal(expected);

      assertThat(run.trainServeVerify(2 * FORM_HOURS)).containsExactly("n", "s");
    }
  }

  private interface EventOfHour {
    byte[] of(byte site, long second, double power);
  }

  @Test
  void protobufIsProposedServedAndVerified(@TempDir Path run) throws Exception {
    int id =
        register(
            "proto-readings-value",
            "PROTOBUF",
            """
            syntax = "proto3";
            import "google/protobuf/timestamp.proto";
            message Reading { string site = 1; google.protobuf.Timestamp at = 2; double power = 3;
              uint64 serial = 4; }
            """,
            "[]");

    serveProposal(
        run,
        (site, second, power) -> {
          ByteBuffer event = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
          event.put((byte) 0).put(ByteBuffer.allocate(4).putInt(id).array());
          event.put(new byte[] {0, 0x0A, 1, site, 0x12, 6, 0x08});
          for (long rest = second; rest != 0; rest >>>= 7) {
            event.put((byte) (rest > 127 ? rest | 128 : rest));
          }
          event.put((byte) 0x19).putDouble(power).put(new byte[] {0x20, site});
          return Arrays.copyOf(event.array(), event.position());
        },
        "events.format = protobuf",
        "events.key = site",
        "events.timestamp = at",
        "events.value = power");
  }

  @Test
  @Tag("slow")
  void jsonSchemaIsProposedServedAndVerified(@TempDir Path run) throws Exception {
    int id =
        register(
            "json-readings-value",
            "JSON",
            "{\"type\": \"object\", \"properties\": {\"site\": {\"type\": \"string\"}, \"at\":"
                + " {\"type\": \"integer\"}, \"power\": {\"type\": \"number\"}}}",
            "[]");

    serveProposal(
        run,
        (site, second, power) ->
            framed(
                id,
                HexFormat.of()
                    .formatHex(
                        "{\"site\":\"%c\",\"at\":%d,\"power\":%s}"
                            .formatted(site, second, power)
                            .getBytes(UTF_8))),
        "events.format = json",
        "events.key = site",
        "events.timestamp = at",
        "events.timestamp-format = s",
        "events.value = power");
  }
}
