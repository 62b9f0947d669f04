package io.eddy.kafka.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaServer;
import io.eddy.kafka.schema.SchemaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Proposals of {@code check} for events whose fields are described by a schema. */
class RegisteredProposalsTest {
  private static final String AVRO =
      """
      {"type": "record", "name": "Reading", "namespace": "plant", "fields": [
        {"name": "id", "type": "long"},
        {"name": "where", "type": {"type": "record", "name": "Place", "fields": [
          {"name": "site", "type": "string"},
          {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["IN", "OUT"]}}]}},
        {"name": "at", "type": {"type": "long", "logicalType": "%s"}},
        {"name": "note", "type": ["null", "string"], "default": null},
        {"name": "power", "type": ["null", {"type": "bytes", "logicalType": "decimal",
          "precision": 9, "scale": 2}], "default": null},
        {"name": "raw", "type": {"type": "fixed", "name": "Raw", "size": 2}}]}
      """;

  private static final String PROTOBUF =
      """
      syntax = "proto3";
      import "google/protobuf/timestamp.proto";
      message Reading {
        string site = 1;
        google.protobuf.Timestamp at = 2;
        double power = 3;
        State state = 4;
        enum State { OFF = 0; ON = 1; }
      }
      """;

  private final SchemaServer server = server();

  private static SchemaServer server() {
    try {
      return new SchemaServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void addSchemas() {
    server.add("1", SchemaType.AVRO, AVRO.formatted("timestamp-micros"));
    server.add("2", SchemaType.PROTOBUF, PROTOBUF);
    server.add(
        "3",
        SchemaType.JSON,
        "{\"type\": \"object\", \"properties\": {\"power\": {\"type\": \"string\", \"title\":"
            + " \"org.apache.kafka.connect.data.Decimal\", \"connect.type\": \"bytes\","
            + " \"connect.parameters\": {\"scale\": \"2\"}}}}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EventMapping defaults(EventFormat format, @Nullable Schema schema, boolean isPlain) {
    return new EventMapping(
        new EventEncoding(
            format,
            schema,
            isPlain,
            schema == null ? server.settings(SchemaIdType.CONFLUENT) : null),
        SeriesKey.RECORD_KEY,
        EventTime.DEFAULT,
        List.of(EventMapping.VALUE),
        List.of());
  }

  private static String propose(
      EventMapping given, List<ConsumerRecord<byte[], byte[]>> records, EventFormat format) {
    EventInspection inspection =
        EventInspection.of(given, StreamPoliciesBuilder.policies().build(), records);
    EventInspection.Reading proposed = inspection.proposed();
    assertThat(proposed).as("%s", inspection.detection()).isNotNull();
    EventMapping mapping = Objects.requireNonNull(proposed).mapping();
    assertThat(mapping.format()).isEqualTo(format);
    assertThat(proposed.sample().rejected()).isZero();
    return EventInspectionTest.describe(mapping, inspection.detection().needsZone());
  }

  private static GenericRecord reading(Schema schema, EventShapes to, String site, long perSecond) {
    Schema place = schema.getField("where").schema();
    GenericRecord where = new GenericData.Record(place);
    where.put("site", site);
    where.put("kind", new GenericData.EnumSymbol(place.getField("kind").schema(), "IN"));
    Schema decimal = schema.getField("power").schema().getTypes().get(1);
    GenericRecord reading = new GenericData.Record(schema);
    reading.put("id", 1_000_003L * to.integer(1 << 20));
    reading.put("where", where);
    reading.put("at", to.second() * perSecond);
    reading.put(
        "power",
        new Conversions.DecimalConversion()
            .toBytes(
                new BigDecimal(to.measured(20)).setScale(2), decimal, decimal.getLogicalType()));
    reading.put("raw", new GenericData.Fixed(schema.getField("raw").schema(), new byte[] {1, 2}));
    return reading;
  }

  private static byte[] binary(GenericRecord reading) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(reading.getSchema()).write(reading, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] singleObject(GenericRecord reading) {
    try {
      ByteBuffer encoded =
          new BinaryMessageEncoder<GenericRecord>(GenericData.get(), reading.getSchema())
              .encode(reading);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] framed(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private interface Encoding {
    byte[] of(GenericRecord reading);
  }

  private static List<ConsumerRecord<byte[], byte[]>> readings(
      Schema schema, long perSecond, Encoding encoding) {
    return EventShapes.of(
        40,
        (to, step) -> {
          for (String site : List.of("north", "south")) {
            to.send(null, encoding.of(reading(schema, to, site, perSecond)));
          }
        });
  }

  @Test
  void proposesFieldsOfRegisteredAvro() {
    Schema schema = new Schema.Parser().parse(AVRO.formatted("timestamp-micros"));

    assertThat(
            propose(
                defaults(EventFormat.JSON, null, false),
                readings(schema, 1_000_000, reading -> framed(1, binary(reading))),
                EventFormat.AVRO))
        .isEqualTo("where.site | at auto | power");
  }

  @Test
  void proposesFieldsOfAvroWithSchemaFile() {
    Schema schema = new Schema.Parser().parse(AVRO.formatted("local-timestamp-millis"));

    assertThat(
            propose(
                defaults(EventFormat.AVRO, schema, false),
                readings(schema, 1000, RegisteredProposalsTest::singleObject),
                EventFormat.AVRO))
        .isEqualTo("where.site | at auto | power zone");
    assertThat(
            propose(
                defaults(EventFormat.AVRO, schema, true),
                readings(schema, 1000, RegisteredProposalsTest::binary),
                EventFormat.AVRO))
        .isEqualTo("where.site | at auto | power zone");
  }

  @Test
  void proposesFieldsOfProtobuf() {
    List<ConsumerRecord<byte[], byte[]>> records =
        EventShapes.of(
            40,
            (to, step) -> {
              for (byte site : new byte[] {'n', 's'}) {
                ByteBuffer body = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
                body.put(new byte[] {0, 0x0A, 1, site, 0x12, 6, 0x08});
                for (long rest = to.second(); rest != 0; rest >>>= 7) {
                  body.put((byte) (rest > 127 ? rest | 128 : rest));
                }
                body.put((byte) 0x19).putDouble(Double.parseDouble(to.measured(30)));
                byte[] written = new byte[body.position()];
                body.flip().get(written);
                to.send(null, framed(2, written));
              }
            });

    assertThat(propose(defaults(EventFormat.JSON, null, false), records, EventFormat.PROTOBUF))
        .isEqualTo("site | at auto | power");
  }

  @Test
  void proposesDecimalsOfJsonSchema() {
    List<ConsumerRecord<byte[], byte[]>> records =
        EventShapes.of(
            40,
            (to, step) -> {
              String power =
                  Base64.getEncoder().encodeToString(new byte[] {8, (byte) to.integer(256)});
              to.send(
                  "north",
                  framed(
                      3,
                      "{\"at\":\"%s\",\"power\":\"%s\"}"
                          .formatted(to.iso(), power)
                          .getBytes(UTF_8)));
            });

    assertThat(propose(defaults(EventFormat.AVRO, null, false), records, EventFormat.JSON))
        .isEqualTo("record | at auto | power");
  }
}
