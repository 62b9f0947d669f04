package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.ShortSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.apache.kafka.streams.kstream.SessionWindowedSerializer;
import org.apache.kafka.streams.kstream.TimeWindowedSerializer;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of every format, written by Kafka's and Avro's own serializers. */
class SeriesKeyTest {
  private static final long BEGIN = 1_767_225_600_000L;
  private static final TimeWindow WINDOW =
      new TimeWindow(BEGIN, BEGIN + Duration.ofMinutes(5).toMillis());
  private static final SessionWindow SESSION = new SessionWindow(BEGIN, BEGIN + 1234);
  private static final UUID ID = UUID.fromString("3f2b8c1e-9d4a-4e7b-8f10-0a1b2c3d4e5f");
  private static final Schema METER =
      schema(
          """
          {"type": "record", "name": "MeterKey", "fields": [
            {"name": "site", "type": "string"},
            {"name": "meter", "type": ["null", "long"]}]}
          """);

  private static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }

  private static <T> byte[] bytes(Serializer<T> serializer, T value) {
    return serializer.serialize("readings", value);
  }

  private static <T> byte[] windowed(Serializer<T> inner, T key) {
    return new TimeWindowedSerializer<>(inner).serialize("readings", new Windowed<>(key, WINDOW));
  }

  private static <T> byte[] session(Serializer<T> inner, T key) {
    return new SessionWindowedSerializer<>(inner)
        .serialize("readings", new Windowed<>(key, SESSION));
  }

  private static byte[] avro(Schema schema, Object datum) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<>(schema).write(datum, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GenericData.Record meter(String site, @Nullable Long number) {
    GenericData.Record key = new GenericData.Record(METER);
    key.put("site", site);
    key.put("meter", number);
    return key;
  }

  private static DecodedEvent read(SeriesKey key, byte @Nullable [] bytes) {
    EventMapping mapping =
        EventMapping.json(key, EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());
    return new EventDecoder(mapping)
        .decode(bytes, "{\"value\": 1.5, \"tag\": \"t1\"}".getBytes(UTF_8), 7);
  }

  private static SeriesKey key(KeyEncoding encoding, String... parts) {
    return new SeriesKey(List.of(parts), "/", encoding);
  }

  private static KeyEncoding encoding(String id) {
    return KeyEncoding.of(id, id.endsWith("avro") ? METER : null, null);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of("string", bytes(new StringSerializer(), "sensor-7"), "sensor-7"),
        Arguments.of("string", bytes(new StringSerializer(), "sensör/7"), "sensör/7"),
        Arguments.of("long", bytes(new LongSerializer(), 4711L), "4711"),
        Arguments.of("long", bytes(new LongSerializer(), -1L), "-1"),
        Arguments.of("long", bytes(new LongSerializer(), Long.MIN_VALUE), "-9223372036854775808"),
        Arguments.of("int", bytes(new IntegerSerializer(), 42), "42"),
        Arguments.of("int", bytes(new IntegerSerializer(), -5), "-5"),
        Arguments.of("short", bytes(new ShortSerializer(), (short) 300), "300"),
        Arguments.of("uuid", bytes(new UUIDSerializer(), ID), ID.toString()),
        Arguments.of(
            "uuid",
            ByteBuffer.allocate(16)
                .putLong(ID.getMostSignificantBits())
                .putLong(ID.getLeastSignificantBits())
                .array(),
            ID.toString()),
        Arguments.of("json", "\"sensor-7\"".getBytes(UTF_8), "sensor-7"),
        Arguments.of("json", "4711".getBytes(UTF_8), "4711"),
        Arguments.of("json", " {\"id\": 4711}".getBytes(UTF_8), "4711"),
        Arguments.of(
            "json",
            "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"id\"}]},\"payload\":{\"id\":9}}"
                .getBytes(UTF_8),
            "9"),
        Arguments.of(
            "json",
            "{\"schema\":{\"type\":\"string\",\"optional\":false},\"payload\":\"pump\"}"
                .getBytes(UTF_8),
            "pump"),
        Arguments.of("avro", avro(METER, meter("north", 7L)), "north/7"),
        Arguments.of("windowed", windowed(new StringSerializer(), "sensor-7"), "sensor-7"),
        Arguments.of("windowed", windowed(new StringSerializer(), "a"), "a"),
        Arguments.of("windowed-string", session(new StringSerializer(), "sensor-7"), "sensor-7"),
        Arguments.of("windowed-long", windowed(new LongSerializer(), 4711L), "4711"),
        Arguments.of("windowed-long", session(new LongSerializer(), 4711L), "4711"),
        Arguments.of("windowed-int", windowed(new IntegerSerializer(), 42), "42"),
        Arguments.of("windowed-int", session(new IntegerSerializer(), 42), "42"),
        Arguments.of("windowed-short", windowed(new ShortSerializer(), (short) 3), "3"),
        Arguments.of("windowed-uuid", session(new UUIDSerializer(), ID), ID.toString()),
        Arguments.of("windowed-json", windowed(new StringSerializer(), "{\"id\":1}"), "1"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void readsName(String format, byte[] key, String name) {
    DecodedEvent event = read(key(encoding(format)), key);

    assertThat(event).isEqualTo(DecodedEvent.of(new Observation(name, 7, 1.5)));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void writesKeyThatReadsBack(String format, byte[] key, String name) {
    SeriesKey names = key(encoding(format));
    if (format.equals("avro")) {
      names = key(encoding(format), "record.site", "record.meter");
    }
    EventMapping mapping =
        EventMapping.json(names, EventTime.RECORD_TIMESTAMP, List.of("value"), List.of());

    byte[] written = new EventEncoder(mapping, "").key(new Observation(name, BEGIN, 1));

    assertThat(read(names, written).key()).isEqualTo(name);
    boolean isCanonical = !format.equals("json") && !format.contains("-") && key.length != 16;
    assertThat(!isCanonical || written.length == key.length).isTrue();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void detectsFormat(String format, byte[] key, String name) {
    KeyNames keys = KeyNames.of(List.of(key), format.equals("avro") ? METER : null, null);

    KeyEncoding detected = keys.encoding();
    assertThat(detected).isNotNull();
    SeriesKey names = key(detected);
    assertThat(read(names, key).key()).as(detected.id()).isEqualTo(name);
  }

  @Test
  void detectsNoFormatOfMixedOrMissingKeys() {
    byte[] text = "sensor".getBytes(UTF_8);

    assertThat(KeyNames.of(Arrays.asList(text, new byte[] {0, 0, 7}), null, null).encoding())
        .isNull();
    assertThat(KeyNames.of(Arrays.asList(text, null), null, null).encoding()).isNull();
    assertThat(KeyNames.of(List.of(), null, null).encoding()).isNull();
  }

  @Test
  void oneOddKeyDoesNotChangeTheFormat() {
    List<byte[]> keys = new ArrayList<>(Collections.nCopies(99, "sensor".getBytes(UTF_8)));
    keys.add(new byte[] {0, 0, 7});

    KeyNames names = KeyNames.of(keys, null, null);

    assertThat(names.encoding()).isEqualTo(KeyEncoding.STRING);
    assertThat(names.name(keys.get(0))).isEqualTo("sensor");
    assertThat(names.name(keys.get(99))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"record.meter, 7", "'record.site,tag', north/t1", "'tag,record.meter', t1/7"})
  void joinsFieldsOfKeyAndValue(String parts, String name) {
    SeriesKey avro = key(encoding("avro"), parts.split(","));
    SeriesKey json = key(encoding("json"), parts.split(","));

    assertThat(read(avro, avro(METER, meter("north", 7L))).key()).isEqualTo(name);
    assertThat(read(json, "{\"meter\":7,\"site\":\"north\"}".getBytes(UTF_8)).key())
        .isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "constant:boiler, boiler",
    "'constant:plant,tag', plant/t1",
    "'record,tag', sensor/t1",
    "field:tag, t1"
  })
  void joinsConstantsAndRecordKey(String parts, String name) {
    assertThat(read(key(KeyEncoding.STRING, parts.split(",")), "sensor".getBytes(UTF_8)).key())
        .isEqualTo(name);
  }

  @Test
  void constantNeedsNoRecordKey() {
    assertThat(read(key(KeyEncoding.STRING, "constant:boiler"), null).key()).isEqualTo("boiler");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string | 0000000000001267 | key contains control characters: for keys that are not text"
            + " set events.key-format",
        "string | 73656e736f7200 | key contains control characters: for keys that are not text set"
            + " events.key-format",
        "string | 610a62 | key contains control characters: for keys that are not text set"
            + " events.key-format",
        "string | ffffffffffffffff | key is not valid UTF-8: for keys that are not text set"
            + " events.key-format",
        "long | 0000002a | key: expected 8 bytes for events.key-format = long, got 4",
        "int | 73656e736f722d37 | key: expected 4 bytes for events.key-format = int, got 8",
        "short | 07 | key: expected 2 bytes for events.key-format = short, got 1",
        "uuid | 73656e736f72 | key: expected a UUID as text or 16 bytes for events.key-format ="
            + " uuid, got 6 bytes",
        "json | 73656e736f72 | key is not valid JSON: check events.key-format",
        "json | 7b7d | key has no field with a string or an integer: check events.key-format",
        "json | 5b315d | key has no field with a string or an integer: check events.key-format",
        "json | 7b2261223a312c2262223a327d | key is a JSON object with 2 fields: choose some with"
            + " events.key = record.FIELD",
        "avro | 0a6e6f727468020e00 | key does not match its schema: 1 bytes left; check"
            + " events.key-format",
        "windowed | 73656e736f722d37 | key: expected a key followed by the 8 bytes of a window's"
            + " start for events.key-format = windowed, got 8 bytes",
        "windowed-long | 73656e736f722d3731323334 | key: expected a key followed by the 8 bytes of"
            + " a window's start for events.key-format = windowed-long, got 12 bytes",
      })
  void rejectsKeyOfOtherFormat(String format, String hex, String message) {
    SeriesKey names = key(encoding(format));

    assertThatThrownBy(() -> read(names, HexFormat.of().parseHex(hex)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(message);
  }

  @Test
  void missingKeyNamesTheSetting() {
    assertThatThrownBy(() -> read(SeriesKey.RECORD_KEY, null))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            "key is empty: expected the name of the series; for events without keys set"
                + " events.key: fields of the value, topic, or constant:NAME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "json", "windowed", "windowed-long"})
  void keysThatMayDifferForOneSeriesAreRepartitioned(String format) {
    assertThat(key(encoding(format)).isRecordKey()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "long", "int", "short", "uuid"})
  void keysThatAreUniqueForASeriesStayInTheirPartition(String format) {
    assertThat(key(encoding(format)).isRecordKey()).isTrue();
    assertThat(key(encoding(format), "record").isRecordKey()).isTrue();
  }

  @Test
  void refusesInvalidParts() {
    assertThatIllegalArgumentException().isThrownBy(() -> key(KeyEncoding.STRING, "constant:"));
    assertThatIllegalArgumentException().isThrownBy(() -> key(KeyEncoding.STRING, "a..b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key(KeyEncoding.STRING, "constant:a/b", "tag"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> key(encoding("long"), "tag"))
        .withMessageContaining("key-format: has no effect");
    assertThatIllegalArgumentException().isThrownBy(() -> KeyEncoding.of("avro", null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> KeyEncoding.of("double", null, null));
  }
}
