package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTreeTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Reading", "fields": [
                {"name": "days", "type": {"type": "long", "logicalType": "date"}},
                {"name": "values", "type": {"type": "array", "items": "long"}}]}
              """);

  private static @Nullable EventTree tree(byte[] value, @Nullable Schema schema) {
    EventFormat format = schema == null ? EventFormat.JSON : EventFormat.AVRO;
    return EventTree.of(
        new ConsumerRecord<>("readings", 0, 0, null, value),
        new EventEncoding(format, schema, schema != null, null));
  }

  private static byte[] json(String days) {
    return ("{\"schema\":{\"type\":\"struct\",\"fields\":[{\"field\":\"days\",\"type\":\"int32\","
            + "\"name\":\"org.apache.kafka.connect.data.Date\"}]},\"payload\":{\"days\":"
            + days
            + "}}")
        .getBytes(UTF_8);
  }

  @Test
  void writesDateOfSchemaAsText() {
    EventTree avro = Objects.requireNonNull(tree(new byte[] {2, 2, 6, 0}, SCHEMA));
    EventTree json = Objects.requireNonNull(tree(json("1"), null));

    assertThat(avro.root().toString()).isEqualTo("{\"days\":\"1970-01-02\",\"values\":[3]}");
    assertThat(json.root().toString()).isEqualTo("{\"days\":\"1970-01-02\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "a list of 2^63 - 1 numbers, 02FEFFFFFFFFFFFFFFFF01",
    "a date after the year 999999999, FEFFFFFFFFFFFFFFFF0100",
    "no number, FFFFFFFFFFFFFFFFFFFFFF",
    "the end is missing, 02",
  })
  void invalidAvroHasNoFields(String name, String hex) {
    assertThat(tree(HexFormat.of().parseHex(hex), SCHEMA)).as(name).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9000000000000000", "-9000000000000000"})
  void dateOfSchemaThatDoesNotExistHasNoFields(String days) {
    assertThat(tree(json(days), null)).isNull();
  }
}
