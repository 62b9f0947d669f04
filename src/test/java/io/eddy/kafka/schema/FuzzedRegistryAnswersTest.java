package io.eddy.kafka.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mutated answers of a schema registry: each gives a schema or is rejected. */
final class FuzzedRegistryAnswersTest {
  private static final String PATH = "/apis/ccompat/v7";
  private static final String REFERENCES =
      """
      "references":[{"name":"plant.Unit","subject":"unit","version":3}]}""";

  private final DecoderFuzzer fuzzer =
      new DecoderFuzzer(25, InvalidRecordException.class, SchemaRegistryException.class);
  private SchemaServer server;
  private int id = 1000;

  @BeforeEach
  void start() throws IOException {
    server = new SchemaServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void schemasById() {
    SchemaRegistryClient client = SchemaRegistryClient.of(server.settings(SchemaIdType.CONFLUENT));
    server.answer(
        PATH + "/subjects/unit/versions/3", "{\"schema\":\"{\\\"type\\\":\\\"string\\\"}\"}");
    fuzzer.fuzz(
        bytes -> {
          server.answer(PATH + "/schemas/ids/" + ++id, new String(bytes, UTF_8));
          var unusedAvro = client.avro(SchemaId.of(id));
          var unusedProtobuf = client.protobuf(SchemaId.of(id));
        },
        List.of(
            bytes("{\"schema\":\"{\\\"type\\\":\\\"double\\\"}\"}"),
            bytes("{\"schemaType\":\"AVRO\",\"schema\":\"\\\"plant.Unit\\\"\"," + REFERENCES),
            bytes(
                "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";"
                    + " message M { double v = 1; }\",\"references\":[]}"),
            bytes("{\"schemaType\":\"JSON\",\"schema\":\"{}\"}")));
  }

  /** The schema refers to one whose answer is mutated, which may refer to it again. */
  @Test
  void referencedSchemas() {
    SchemaRegistryClient client = SchemaRegistryClient.of(server.settings(SchemaIdType.CONFLUENT));
    fuzzer.fuzz(
        bytes -> {
          server.answer(
              PATH + "/schemas/ids/" + ++id,
              "{\"schemaType\":\"AVRO\",\"schema\":\"\\\"plant.Unit\\\"\"," + REFERENCES);
          server.answer(PATH + "/subjects/unit/versions/3", new String(bytes, UTF_8));
          var unused = client.avro(SchemaId.of(id));
        },
        List.of(
            bytes(
                "{\"schema\":\"{\\\"type\\\":\\\"enum\\\",\\\"name\\\":\\\"plant.Unit\\\","
                    + "\\\"symbols\\\":[\\\"A\\\"]}\","
                    + REFERENCES)));
  }

  @Test
  void globalIds() {
    SchemaRegistryClient client =
        SchemaRegistryClient.of(server.settings(SchemaIdType.APICURIO_GLOBAL));
    server.answer(PATH + "/schemas/ids/9", "{\"schema\":\"{\\\"type\\\":\\\"double\\\"}\"}");
    fuzzer.fuzz(
        bytes -> {
          server.answer(
              "/apis/registry/v3/search/versions?globalId=" + ++id, new String(bytes, UTF_8));
          var unused = client.avro(SchemaId.global(id));
        },
        List.of(bytes("{\"count\":1,\"versions\":[{\"globalId\":7,\"contentId\":9}]}")));
  }

  @Test
  void registeredIds() {
    SchemaRegistryClient client = SchemaRegistryClient.of(server.settings(SchemaIdType.CONFLUENT));
    Schema schema = Schema.create(Schema.Type.DOUBLE);
    fuzzer.fuzz(
        bytes -> {
          String subject = "s" + ++id;
          server.answer(PATH + "/subjects/" + subject + "/versions", new String(bytes, UTF_8));
          var unused = client.id(subject, schema);
        },
        List.of(bytes("{\"id\":42}")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
