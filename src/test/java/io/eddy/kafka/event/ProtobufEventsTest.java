package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaServer;
import io.eddy.kafka.schema.SchemaType;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes are written by hand, as protoc encodes them. */
class ProtobufEventsTest {
  private static final String METER =
      """
      syntax = "proto3";
      package plant;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/wrappers.proto";
      import "confluent/meta.proto";
      import "confluent/type/decimal.proto";
      // A meter.
      message Meter {
        string site = 1 [(confluent.field_meta) = {doc: "a place"}];
        google.protobuf.Timestamp at = 2;
        double power = 3;
        optional double current = 4;
        oneof level { float low = 5; sint32 high = 6; }
        google.protobuf.DoubleValue voltage = 7;
        map<string, double> readings = 8;
        State state = 9;
        fixed64 ticks = 10;
        uint64 at_ms = 11;
        confluent.type.Decimal price = 12;
        Phase phase = 13;
        int32 count = 14;
        enum State { OFF = 0; ON = 1; }
        message Phase { bool active = 1; double angle = 2; message Deep { double x = 1; } }
        reserved 20 to 30;
      }
      message Other { double power = 1; Meter.Phase phase = 2; }
      """;

  /** site "north", at 2026-01-01T00:00:00.5Z. */
  private static final String HEAD = "0A056E6F727468" + "120C0880F2D6CA061080CAB5EE01";

  private final SchemaServer server = server();

  private static SchemaServer server() {
    try {
      return new SchemaServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void addSchema() {
    server.add("7", SchemaType.PROTOBUF, METER);
    server.add("b0c0ffee-0000-4000-8000-000000000007", SchemaType.PROTOBUF, METER);
    server.addGlobal(70, 7);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EventMapping mapping(String key, String time, String value) {
    return mapping(SchemaIdType.CONFLUENT, key, time, value);
  }

  private EventMapping mapping(SchemaIdType ids, String key, String time, String value) {
    return new EventMapping(
        new EventEncoding(EventFormat.PROTOBUF, null, false, server.settings(ids)),
        key.isEmpty() ? SeriesKey.RECORD_KEY : new SeriesKey(List.of(key), "/"),
        time.isEmpty() ? EventTime.RECORD_TIMESTAMP : EventTime.ofField(time, TimestampFormat.AUTO),
        List.of(value),
        List.of());
  }

  private static ReadResult read(EventMapping mapping, String hex) {
    return read(mapping, hex, new RecordHeaders());
  }

  private static ReadResult read(EventMapping mapping, String hex, Headers headers) {
    return new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER)
        .read("k".getBytes(UTF_8), HexFormat.of().parseHex(hex), headers, 7);
  }

  private static @Nullable Observation observation(ReadResult read) {
    return read instanceof ReadResult.Event event ? event.event().observations().get(0) : null;
  }

  private static String reason(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection ? rejection.reason() : "accepted";
  }

  @Test
  void readsSeriesTimeAndValue() {
    ReadResult read =
        read(mapping("site", "at", "power"), "0000000007" + "00" + HEAD + "19000000000000F83F");

    assertThat(observation(read)).isEqualTo(new Observation("north", 1767225600500L, 1.5));
  }

  @ParameterizedTest
  @CsvSource({
    // A scalar of proto3 without presence is 0 if it is absent, as protobuf defines it.
    "power,,0",
    "power,19000000000000F83F,1.5",
    "count,,0",
    "count,70FEFFFFFFFFFFFFFFFF01,-2",
    "current,21000000000000F83F,1.5",
    "current,210000000000000000,0",
    "low,2D0000C03F,1.5",
    "high,3003,-2",
    "voltage,3A09090000000000 00F83F,1.5",
    "voltage,3A00,0",
    "readings.a.b,420E0A03612E6211000000000000F83F,1.5",
    "ticks,510300000000000000,3",
    "ticks,51FFFFFFFFFFFFFFFF,18446744073709551615",
    "price,62080A02086610041802,21.5",
    "phase.angle,6A0911000000000000F83F,1.5",
    "phase.angle,6A00,0",
  })
  void readsValues(String field, @Nullable String hex, double expected) {
    String body = hex == null ? "" : hex.replace(" ", "");
    ReadResult read = read(mapping("site", "at", field), "0000000007" + "00" + HEAD + body);

    assertThat(observation(read))
        .as(reason(read))
        .isEqualTo(new Observation("north", 1767225600500L, expected));
  }

  @ParameterizedTest
  @CsvSource({
    "current,,field current is missing",
    "low,3003,field low is missing",
    "voltage,,field voltage is missing",
    "phase.angle,,field phase.angle is missing",
    "readings.x,,field readings.x is missing",
    "unknown,,field unknown is missing",
    "phase,6A00,field phase: expected a number",
    "site,,site: expected a number",
  })
  void rejectsMissingAndOtherFields(String field, @Nullable String hex, String reason) {
    ReadResult read =
        read(mapping("", "at", field), "0000000007" + "00" + HEAD + (hex == null ? "" : hex));

    assertThat(reason(read)).contains(reason);
  }

  @Test
  void enumIsItsName() {
    EventMapping byState = mapping("state", "at", "power");

    assertThat(observation(read(byState, "0000000007" + "00" + HEAD + "4801")))
        .isEqualTo(new Observation("ON", 1767225600500L, 0));
    assertThat(observation(read(byState, "0000000007" + "00" + HEAD)))
        .isEqualTo(new Observation("OFF", 1767225600500L, 0));
  }

  @Test
  void numberIsATimeInTheConfiguredFormat() {
    ReadResult read =
        read(mapping("site", "at_ms", "power"), "0000000007" + "00" + HEAD + "5880D0EAB6B733");

    assertThat(observation(read)).isEqualTo(new Observation("north", 1767225600000L, 0));
  }

  @ParameterizedTest
  @CsvSource({
    // [0], short and long
    "00,power,19000000000000F83F",
    "0200,power,19000000000000F83F",
    // [1]
    "0202,power,09000000000000F83F",
    // [0, 0]: nested
    "040000,angle,11000000000000F83F",
    // [0, 0, 0]: nested twice
    "06000000,x,09000000000000F83F",
    // the name of the message in place of its indexes, as Apicurio's serializer writes it
    "0D0A0B706C616E742E4D65746572,power,19000000000000F83F",
    "070A054D65746572,power,19000000000000F83F",
    "070A054F74686572,power,09000000000000F83F",
  })
  void findsMessageByItsIndexes(String indexes, String field, String hex) {
    ReadResult read = read(mapping("", "", field), "0000000007" + indexes + hex);

    assertThat(observation(read)).as(reason(read)).isEqualTo(new Observation("k", 7, 1.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00000000070204   | has 2 messages at this level, the record names number 2",
        "0000000007040004 | has 1 messages at this level, the record names number 2",
        "000000000701     | expected the indexes of a Protobuf message after the schema's id: 1 to 32",
        "0000000007FE     | expected the indexes of a Protobuf message after the schema's id",
        "0000000007       | expected the indexes of a Protobuf message after the schema's id",
        "00000000070019   | not a valid Protobuf message plant.Meter",
        "0000000007000A7F | not a valid Protobuf message plant.Meter",
        "0000000009       | the schema registry has no schema with id 9: check schema.registry.url and schema.registry.id-type",
        "7B7D             | expected a Protobuf event that starts with 00 and the id of a schema",
        "00               | expected a Protobuf event that starts with 00 and the id of a schema",
        "000000000000000007001D | set schema.registry.id-type to apicurio-global or apicurio-content",
        "0000000000       | the value names the schema with id 0, which does not exist",
      })
  void rejectsOtherBytes(String hex, String reason) {
    assertThat(reason(read(mapping("", "", "power"), hex))).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "APICURIO_CONTENT,000000000000000007",
    "APICURIO_CONTENT,0000000007",
    "APICURIO_GLOBAL,000000000000000046",
    "APICURIO_GLOBAL,0000000046",
  })
  void readsIdsOfApicurio(SchemaIdType ids, String frame) {
    EventMapping mapping = mapping(ids, "", "", "power");

    assertThat(observation(read(mapping, frame + "00" + "19000000000000F83F")))
        .isEqualTo(new Observation("k", 7, 1.5));
    assertThat(reason(read(mapping, "000000000000000063" + "00")))
        .contains("the schema registry has no schema with");
  }

  @Test
  void readsIdInHeaders() {
    UUID guid = UUID.fromString("b0c0ffee-0000-4000-8000-000000000007");
    String id =
        "01%016x%016x".formatted(guid.getMostSignificantBits(), guid.getLeastSignificantBits());
    EventMapping mapping = mapping("", "", "power");
    Observation expected = new Observation("k", 7, 1.5);

    for (String header : List.of(id, id + "00", id + "0200", "0000000007", "000000000700")) {
      Headers headers = new RecordHeaders();
      headers.add("__value_schema_id", HexFormat.of().parseHex(header));
      assertThat(observation(read(mapping, "19000000000000F83F", headers)))
          .as(header)
          .isEqualTo(expected);
    }
    Headers other = new RecordHeaders();
    other.add("__value_schema_id", HexFormat.of().parseHex(id + "0202"));
    assertThat(observation(read(mapping, "09000000000000F83F", other))).isEqualTo(expected);
    Headers global = new RecordHeaders();
    global.add("apicurio.value.globalId", HexFormat.of().parseHex("0000000000000046"));
    global.add("apicurio.value.protobuf.type", "plant.Other".getBytes(UTF_8));
    assertThat(observation(read(mapping, "09000000000000F83F", global))).isEqualTo(expected);
    Headers content = new RecordHeaders();
    content.add("apicurio.value.contentId", HexFormat.of().parseHex("0000000000000007"));
    assertThat(observation(read(mapping, "19000000000000F83F", content))).isEqualTo(expected);
    Headers broken = new RecordHeaders();
    broken.add("__value_schema_id", new byte[] {1, 2});
    assertThat(reason(read(mapping, "19000000000000F83F", broken)))
        .isEqualTo(
            "header __value_schema_id: expected the byte 1 and a GUID of 16 bytes, got 2 bytes");
  }

  @Test
  void readsImportedFiles() {
    server.add(
        "8",
        SchemaType.PROTOBUF,
        """
        syntax = "proto3";
        package plant;
        import "plant/site.proto";
        message Reading { plant.base.Site site = 1; base.Value value = 2; }
        """,
        new SchemaServer.Reference("plant/site.proto", "site", 1));
    server.addVersion(
        "site",
        1,
        SchemaType.PROTOBUF,
        """
        syntax = "proto3";
        package plant.base;
        import public "plant/value.proto";
        message Site { string name = 1; }
        """,
        new SchemaServer.Reference("plant/value.proto", "value", 3));
    server.addVersion(
        "value",
        3,
        SchemaType.PROTOBUF,
        "syntax = \"proto2\"; package plant.base; message Value { required double x = 1; optional"
            + " double y = 2 [default = 1.5]; optional group Extra = 3 { optional double z = 1; } }");

    String body = "0A070A056E6F727468" + "1209090000000000000040";

    assertThat(observation(read(mapping("site.name", "", "value.x"), "000000000800" + body)))
        .isEqualTo(new Observation("north", 7, 2));
    assertThat(reason(read(mapping("site.name", "", "value.y"), "000000000800" + body)))
        .startsWith("field value.y is missing");
    assertThat(reason(read(mapping("site.name", "", "value.x"), "000000000800" + "1200")))
        .startsWith("not a valid Protobuf message plant.Reading");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "syntax = \"proto3\"; import \"a/b.proto\"; message M { b.X x = 1; } | the imported file a/b.proto is not among its references",
        "syntax = \"proto3\"; message M { X x = 1; } | is not a Protobuf schema that Eddy can read: ",
        "edition = \"2023\"; message M { int32 x = 1; } | is not a Protobuf schema that Eddy can read: ",
        "mess | is not a Protobuf schema that Eddy can read: ",
      })
  void rejectsUnreadableSchema(String schema, String reason) {
    server.add("8", SchemaType.PROTOBUF, schema);

    assertThat(reason(read(mapping("", "", "x"), "000000000800"))).contains(reason);
  }

  @Test
  void namesFormatOfOtherSchemas() {
    server.add("8", SchemaType.AVRO, "\"double\"");
    server.add("9", SchemaType.JSON, "{}");

    assertThat(reason(read(mapping("", "", "x"), "000000000800")))
        .isEqualTo(
            "the schema with id 8 of the registry is an Avro schema, expected a Protobuf schema: set"
                + " events.format = avro");
    assertThat(reason(read(mapping("", "", "x"), "000000000900")))
        .endsWith("set events.format = json");
  }
}
