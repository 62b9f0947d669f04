package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.admission.EventLimits;
import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.schema.SchemaServer;
import io.eddy.kafka.schema.SchemaType;
import io.eddy.series.Observation;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Mutated events: the reader accepts or rejects every one and throws nothing. */
final class FuzzedEventsTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);
  private static final String METER =
      """
      syntax = "proto3";
      package plant;
      import "google/protobuf/timestamp.proto";
      message Meter {
        string site = 1;
        google.protobuf.Timestamp at = 2;
        double power = 3;
        map<string, double> readings = 8;
        repeated Phase phase = 13;
        message Phase { bool active = 1; double angle = 2; Phase deeper = 3; }
      }
      """;
  private static final String READING =
      """
      {"type":"record","name":"Reading","fields":[
       {"name":"site","type":"string"},
       {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
       {"name":"power","type":["null","double","long",
         {"type":"bytes","logicalType":"decimal","precision":9,"scale":2}]},
       {"name":"more","type":["null","Reading"]},
       {"name":"list","type":{"type":"array","items":"double"}},
       {"name":"map","type":{"type":"map","values":"double"}}]}
      """;

  private static SchemaServer server;

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(2000);

  @BeforeAll
  static void startRegistry() throws IOException {
    server = new SchemaServer();
    server.add("7", SchemaType.PROTOBUF, METER);
    server.add("8", SchemaType.AVRO, READING);
  }

  @AfterAll
  static void stopRegistry() {
    server.close();
  }

  private static EventMapping registered(EventFormat format, String value) {
    return new EventMapping(
        new EventEncoding(format, null, false, server.settings(SchemaIdType.CONFLUENT)),
        new SeriesKey(List.of("site"), "/"),
        EventTime.ofField("at", TimestampFormat.AUTO),
        List.of(value),
        List.of());
  }

  private void fuzz(EventMapping mapping, Stream<String> examples) {
    fuzz(mapping, examples.map(text -> text.getBytes(UTF_8)).toList());
  }

  private void fuzz(EventMapping mapping, List<byte[]> examples) {
    EventReader reader = new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER);
    fuzzer.fuzz(value -> reader.read(KEY, value, new RecordHeaders(), 7), examples);
  }

  /** Mutates what follows the schema's id; each other id is a request to the registry. */
  private void fuzz(EventMapping mapping, String frame, List<byte[]> bodies) {
    EventReader reader = new EventReader(mapping, EventLimits.NONE, NullValues.DEAD_LETTER);
    byte[] head = hex(frame);
    fuzzer.fuzz(
        body -> {
          byte[] value = Arrays.copyOf(head, head.length + body.length);
          System.arraycopy(body, 0, value, head.length, body.length);
          reader.read(KEY, value, new RecordHeaders(), 7);
        },
        bodies);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PROTOBUF", "INFLUX"})
  void defaultMapping(EventFormat format) {
    EventMapping mapping = EventMapping.defaults(format, List.of());
    EventEncoder encoder = new EventEncoder(format);
    fuzz(
        mapping,
        List.of(
            encoder.encode(new Observation("k", 1_767_225_600_000L, 215)),
            encoder.encode(new Observation("k", 0, -3))));
  }

  @Test
  void nestedJson() {
    fuzz(
        new EventMapping(
            EventEncoding.of(EventFormat.JSON),
            new SeriesKey(List.of("site", "unit.name"), "/"),
            EventTime.ofField("at", TimestampFormat.AUTO),
            List.of("readings[].power"),
            List.of()),
        Stream.of(
            "{\"site\":\"n\",\"unit\":{\"name\":\"a\"},\"at\":\"2026-01-01T00:00:00Z\","
                + "\"readings\":[{\"power\":1.5},{\"power\":-2e3}]}",
            "{\"site\":\"ä\\u00df\",\"unit\":{\"name\":1},\"at\":1767225600,\"readings\":[]}"));
  }

  @Test
  void influxLines() {
    fuzz(
        new EventMapping(
            EventEncoding.of(EventFormat.INFLUX),
            SeriesKey.RECORD_KEY,
            EventTime.DEFAULT,
            List.of("fields.temperature"),
            List.of()),
        Stream.of(
            "weather,place=north temperature=21.5,wind=\"strong, west\" 1767225600000000000\n",
            "w\\,x,a=b\\ c temperature=-2e-1,n=5i\nw temperature=t\n"));
  }

  @Test
  void protobuf() {
    fuzz(
        registered(EventFormat.PROTOBUF, "power"),
        "00 00000007 00",
        List.of(
            hex("0A056E6F727468 120C0880F2D6CA061080CAB5EE01 190000000000003540"),
            hex(
                "0A016E 190000000000003540 420C0A0178110000000000003540"
                    + " 6A0B0801110000000000003540 6A0D1A0B0801110000000000003540")));
  }

  @Test
  void avro() {
    // Site "n", a time, power 21.5, then another reading inside.
    String head = "026E 80D0F5E1F566";
    fuzz(
        registered(EventFormat.AVRO, "power"),
        "00 00000008",
        List.of(
            hex(head + "02 0000000000803540 00 02 0000000000803540 00 00"),
            hex(head + "06 040102 02 026E 02 04 06 00 00 00 00 02 0278 0000000000803540 00")));
  }

  @Test
  void protobufSchemas() {
    fuzzSchemas(SchemaType.PROTOBUF, METER, EventFormat.PROTOBUF, 100_000);
  }

  @Test
  void avroSchemas() {
    fuzzSchemas(SchemaType.AVRO, READING, EventFormat.AVRO, 200_000);
  }

  /** Serves mutated schemas under new ids from a first one on. */
  private void fuzzSchemas(SchemaType type, String schema, EventFormat format, int firstId) {
    int[] id = {firstId};
    EventReader reader =
        new EventReader(registered(format, "power"), EventLimits.NONE, NullValues.DEAD_LETTER);
    new DecoderFuzzer(100, SchemaRegistryException.class)
        .fuzz(
            text -> {
              server.add(Integer.toString(++id[0]), type, new String(text, UTF_8));
              byte[] value = hex("00 %08X 00 0A016E 190000000000003540".formatted(id[0]));
              reader.read(KEY, value, new RecordHeaders(), 7);
            },
            List.of(schema.getBytes(UTF_8)));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
