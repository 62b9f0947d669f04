package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaServer;
import io.eddy.kafka.schema.SchemaType;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON and Avro events whose schema is in a registry. */
class RegisteredEventsTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);
  private static final byte[] HEADER = {0, 0, 0, 0, 7};

  private final SchemaServer server = server();

  private static SchemaServer server() {
    try {
      return new SchemaServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EventMapping mapping(EventFormat format, String time, String value) {
    return new EventMapping(
        new EventEncoding(format, null, false, server.settings(SchemaIdType.CONFLUENT)),
        SeriesKey.RECORD_KEY,
        EventTime.ofField(time, TimestampFormat.AUTO),
        List.of(value),
        List.of());
  }

  private static byte[] framed(byte[] header, byte[] body) {
    return ByteBuffer.allocate(header.length + body.length).put(header).put(body).array();
  }

  private static ReadResult read(EventMapping mapping, byte[] value, Headers headers) {
    return new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER)
        .read(KEY, value, headers, 7);
  }

  private static Observation observation(EventMapping mapping, byte[] value) {
    ReadResult read = read(mapping, value, new RecordHeaders());
    assertThat(read).as(reason(read)).isInstanceOf(ReadResult.Event.class);
    return ((ReadResult.Event) read).event().observations().get(0);
  }

  private static String reason(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection ? rejection.reason() : "accepted";
  }

  private static String reason(EventMapping mapping, byte[] value) {
    return reason(read(mapping, value, new RecordHeaders()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"number\"}}} | 21.5 | 21.5",
        "{} | 21.5 | 21.5",
        "true | 21.5 | 21.5",
        "{\"properties\":{\"value\":{\"type\":\"string\",\"title\":\"org.apache.kafka.connect.data.Decimal\",\"connect.type\":\"bytes\",\"connect.version\":1,\"connect.parameters\":{\"scale\":\"2\"}}}} | \"CGY=\" | 21.5",
        "{\"properties\":{\"value\":{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"string\",\"title\":\"org.apache.kafka.connect.data.Decimal\",\"connect.type\":\"bytes\",\"connect.parameters\":{\"scale\":\"2\"}}]}}} | \"CGY=\" | 21.5",
        "{\"properties\":{\"value\":{\"$ref\":\"#/definitions/amount\"}},\"definitions\":{\"amount\":{\"title\":\"org.apache.kafka.connect.data.Decimal\",\"connect.parameters\":{\"scale\":\"2\"}}}} | \"CGY=\" | 21.5",
        "{\"properties\":{\"value\":{\"$ref\":\"amount.json\"}}} | \"CGY=\" | 21.5",
        "{\"properties\":{\"value\":{\"$ref\":\"amount.json#/definitions/other\"}}} | 21.5 | 21.5",
        "{\"$ref\":\"#\"} | 21.5 | 21.5",
      })
  void readsJsonSchema(String schema, String value, double expected) {
    server.add(
        "7", SchemaType.JSON, schema, new SchemaServer.Reference("amount.json", "amount", 2));
    server.addVersion(
        "amount",
        2,
        SchemaType.JSON,
        "{\"title\":\"org.apache.kafka.connect.data.Decimal\",\"connect.parameters\":{\"scale\":\"2\"}}");
    byte[] json = "{\"at\":1767225600000,\"value\":%s}".formatted(value).getBytes(UTF_8);
    EventMapping mapping = mapping(EventFormat.JSON, "at", "value");

    Observation read = new Observation("k", 1767225600000L, expected);
    assertThat(observation(mapping, framed(HEADER, json))).isEqualTo(read);
    Headers headers = new RecordHeaders();
    headers.add("__value_schema_id", HEADER);
    assertThat(((ReadResult.Event) read(mapping, json, headers)).event().observations())
        .containsExactly(read);
  }

  @Test
  void readsTimesOfJsonSchema() {
    server.add(
        "7",
        SchemaType.JSON,
        "{\"properties\":{\"at\":{\"type\":\"integer\",\"title\":\"org.apache.kafka.connect.data.Date\"}}}");
    byte[] json = "{\"at\":20454,\"value\":1}".getBytes(UTF_8);
    EventMapping utc =
        new EventMapping(
            mapping(EventFormat.JSON, "at", "value").encoding(),
            SeriesKey.RECORD_KEY,
            EventTime.ofField("at", TimestampFormat.AUTO).withZone(java.time.ZoneId.of("UTC")),
            List.of("value"),
            List.of());

    assertThat(observation(utc, framed(HEADER, json)).timestampMs()).isEqualTo(1767225600000L);
  }

  @Test
  void readsJsonWithoutSchemaBesideJsonWithOne() {
    assertThat(
            observation(
                mapping(EventFormat.JSON, "at", "value"),
                "{\"at\":1767225600000,\"value\":1}".getBytes(UTF_8)))
        .isEqualTo(new Observation("k", 1767225600000L, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "AVRO,JSON,set events.format = avro",
    "PROTOBUF,JSON,set events.format = protobuf",
    "JSON,AVRO,set events.format = json",
    "PROTOBUF,AVRO,set events.format = protobuf",
  })
  void namesFormatOfOtherSchemas(SchemaType type, EventFormat format, String reason) {
    server.add("7", type, "{}");

    assertThat(reason(mapping(format, "at", "value"), framed(HEADER, new byte[8])))
        .endsWith(reason);
  }

  @Test
  void namesSettingsOfUnknownIds() {
    for (EventFormat format : List.of(EventFormat.JSON, EventFormat.AVRO, EventFormat.PROTOBUF)) {
      assertThat(reason(mapping(format, "at", "value"), framed(HEADER, new byte[8])))
          .isEqualTo(
              "the schema registry has no schema with id 7: check schema.registry.url and"
                  + " schema.registry.id-type");
    }
    EventMapping without =
        EventMapping.json(
            SeriesKey.RECORD_KEY, EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());
    assertThat(reason(without, framed(HEADER, new byte[8])))
        .isEqualTo(
            "not valid JSON: the value begins with 00, as before the id of a schema: set"
                + " schema.registry.url");
  }

  private static byte[] encoded(Schema schema, Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<>(schema).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  @Test
  void readsAvroReferences() {
    String unit =
        "{\"type\":\"enum\",\"name\":\"Unit\",\"namespace\":\"plant\",\"symbols\":[\"W\"]}";
    String power =
        "{\"type\":\"record\",\"name\":\"Power\",\"namespace\":\"plant\",\"fields\":[{\"name\":\"unit\",\"type\":\"Unit\"},"
            + "{\"name\":\"value\",\"type\":\"double\"}]}";
    String meter =
        "{\"type\":\"record\",\"name\":\"Meter\",\"namespace\":\"plant\",\"fields\":[{\"name\":\"at\",\"type\":\"long\"},"
            + "{\"name\":\"power\",\"type\":\"plant.Power\"},{\"name\":\"other\",\"type\":[\"null\",\"Power\"]}]}";
    server.add(
        "7",
        SchemaType.AVRO,
        meter,
        new SchemaServer.Reference("plant.Power", "plant.Power", 2),
        new SchemaServer.Reference("plant.Unit", "plant.Unit", 1));
    server.addVersion(
        "plant.Power",
        2,
        SchemaType.AVRO,
        power,
        new SchemaServer.Reference("plant.Unit", "plant.Unit", 1));
    server.addVersion("plant.Unit", 1, SchemaType.AVRO, unit);
    Schema.Parser parser = new Schema.Parser();
    Schema units = parser.parse(unit);
    Schema powers = parser.parse(power);
    Schema schema = parser.parse(meter);
    GenericData.Record inner = new GenericData.Record(powers);
    inner.put("unit", new GenericData.EnumSymbol(units, "W"));
    inner.put("value", 2.5);
    GenericData.Record outer = new GenericData.Record(schema);
    outer.put("at", 1767225600000L);
    outer.put("power", inner);

    assertThat(
            observation(
                mapping(EventFormat.AVRO, "at", "power.value"),
                framed(HEADER, encoded(schema, outer))))
        .isEqualTo(new Observation("k", 1767225600000L, 2.5));
    server.add("8", SchemaType.AVRO, meter);
    assertThat(
            reason(
                mapping(EventFormat.AVRO, "at", "power.value"),
                framed(new byte[] {0, 0, 0, 0, 8}, new byte[4])))
        .isEqualTo(
            "the schema with id 8 of the registry is not an Avro schema that Eddy can read: it is"
                + " invalid, or a type in it is not among its references");
    server.add(
        "9", SchemaType.AVRO, meter, new SchemaServer.Reference("plant.Power", "plant.Power", 9));
    assertThat(
            reason(
                mapping(EventFormat.AVRO, "at", "power.value"),
                framed(new byte[] {0, 0, 0, 0, 9}, new byte[4])))
        .isEqualTo(
            "the schema with id 9 of the registry refers to version 9 of subject plant.Power, which"
                + " the registry does not have");
  }

  @Test
  void readsUnionOfEvents() {
    String a =
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"at\",\"type\":\"long\"},{\"name\":\"value\",\"type\":\"double\"}]}";
    String b =
        "{\"type\":\"record\",\"name\":\"B\",\"fields\":[{\"name\":\"value\",\"type\":\"int\"},{\"name\":\"at\",\"type\":\"long\"}]}";
    server.add(
        "7",
        SchemaType.AVRO,
        "[\"A\",\"B\",\"null\"]",
        new SchemaServer.Reference("A", "a", 1),
        new SchemaServer.Reference("B", "b", 1));
    server.addVersion("a", 1, SchemaType.AVRO, a);
    server.addVersion("b", 1, SchemaType.AVRO, b);
    Schema.Parser parser = new Schema.Parser();
    GenericData.Record first = new GenericData.Record(parser.parse(a));
    first.put("at", 1767225600000L);
    first.put("value", 2.5);
    GenericData.Record second = new GenericData.Record(parser.parse(b));
    second.put("at", 1767225600000L);
    second.put("value", 3);
    Schema union = parser.parse("[\"A\",\"B\",\"null\"]");
    EventMapping mapping = mapping(EventFormat.AVRO, "at", "value");

    assertThat(observation(mapping, framed(HEADER, encoded(union, first))).value()).isEqualTo(2.5);
    assertThat(observation(mapping, framed(HEADER, encoded(union, second))).value()).isEqualTo(3);
    assertThat(reason(mapping, framed(HEADER, new byte[] {4})))
        .isEqualTo("expected an Avro record, got NULL");
  }

  @ParameterizedTest
  @CsvSource({"4,0866,0.215", "2,0866,21.5", "0,FF,-1", "-2,05,500"})
  void readsVariableScaleDecimalInAvro(int scale, String unscaled, double expected) {
    Schema decimal =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"VariableScaleDecimal\",\"namespace\":\"io.debezium.data\",\"fields\":["
                    + "{\"name\":\"scale\",\"type\":\"int\"},{\"name\":\"value\",\"type\":\"bytes\"}],"
                    + "\"connect.name\":\"io.debezium.data.VariableScaleDecimal\"}");
    Schema row =
        Schema.createRecord(
            "Row",
            null,
            null,
            false,
            List.of(
                new Schema.Field("at", Schema.create(Schema.Type.LONG)),
                new Schema.Field(
                    "value", Schema.createUnion(Schema.create(Schema.Type.NULL), decimal))));
    Schema envelope =
        Schema.createRecord(
            "Envelope",
            null,
            null,
            false,
            List.of(
                new Schema.Field(
                    "before", Schema.createUnion(Schema.create(Schema.Type.NULL), row)),
                new Schema.Field("after", Schema.createUnion(Schema.create(Schema.Type.NULL), row)),
                new Schema.Field("op", Schema.create(Schema.Type.STRING))));
    server.add("7", SchemaType.AVRO, envelope.toString());
    GenericData.Record value = new GenericData.Record(decimal);
    value.put("scale", scale);
    value.put("value", ByteBuffer.wrap(HexFormat.of().parseHex(unscaled)));
    GenericData.Record after = new GenericData.Record(row);
    after.put("at", 1767225600000L);
    after.put("value", value);
    GenericData.Record change = new GenericData.Record(envelope);
    change.put("after", after);
    change.put("op", "c");
    EventMapping mapping = mapping(EventFormat.AVRO, "after.at", "after.value");

    assertThat(observation(mapping, framed(HEADER, encoded(envelope, change))))
        .isEqualTo(new Observation("k", 1767225600000L, expected));
    change.put("before", after);
    change.put("after", null);
    change.put("op", "d");
    assertThat(read(mapping, framed(HEADER, encoded(envelope, change)), new RecordHeaders()))
        .isEqualTo(new ReadResult.Skip());
  }

  @ParameterizedTest
  @CsvSource({
    "DOUBLE,3FF8000000000000,1.5",
    "DOUBLE,BFF8000000000000,-1.5",
    "FLOAT,3FC00000,1.5",
    "FLOAT,41A0CCCD,20.100000381469727",
    "LONG,0000000000000015,21",
    "LONG,FFFFFFFFFFFFFFFF,-1",
    "LONG,000001944B53A400,1736430560256",
    "INT,00000015,21",
    "INT,80000000,-2147483648",
    "SHORT,0015,21",
    "SHORT,FFFE,-2",
  })
  void readsNumbersOfKafkaSerializers(EventFormat format, String hex, double expected) {
    EventMapping mapping = EventMapping.defaults(format, List.of());

    assertThat(observation(mapping, HexFormat.of().parseHex(hex)))
        .isEqualTo(new Observation("k", 7, expected));
    assertThat(new EventEncoder(format).encode(new Observation("k", 7, expected)))
        .isEqualTo(HexFormat.of().parseHex(hex));
  }

  @Test
  void readsWhatKafkaSerializersWrite() {
    Map<EventFormat, byte[]> written =
        Map.of(
            EventFormat.DOUBLE,
            new org.apache.kafka.common.serialization.DoubleSerializer().serialize("t", 21.0),
            EventFormat.FLOAT,
            new org.apache.kafka.common.serialization.FloatSerializer().serialize("t", 21f),
            EventFormat.LONG,
            new org.apache.kafka.common.serialization.LongSerializer().serialize("t", 21L),
            EventFormat.INT,
            new org.apache.kafka.common.serialization.IntegerSerializer().serialize("t", 21),
            EventFormat.SHORT,
            new org.apache.kafka.common.serialization.ShortSerializer().serialize("t", (short) 21));

    written.forEach(
        (format, bytes) ->
            assertThat(observation(EventMapping.defaults(format, List.of()), bytes).value())
                .as(format.id())
                .isEqualTo(21));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DOUBLE | 3FF80000         | value: expected the 8 bytes of a double, got 4 bytes: check events.format",
        "FLOAT  | 3FF8000000000000 | value: expected the 4 bytes of a float, got 8 bytes: check events.format",
        "LONG   | 31               | value: expected the 8 bytes of a long, got 1 bytes: check events.format",
        "INT    | 0000000000000015 | value: expected the 4 bytes of an int, got 8 bytes: check events.format",
        "SHORT  | 00               | value: expected the 2 bytes of a short, got 1 bytes: check events.format",
      })
  void rejectsNumbersOfOtherLength(EventFormat format, String hex, String reason) {
    assertThat(reason(EventMapping.defaults(format, List.of()), HexFormat.of().parseHex(hex)))
        .isEqualTo(reason);
  }
}
