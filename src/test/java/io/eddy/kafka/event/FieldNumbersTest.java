package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, missing values and words in value and covariate fields. */
class FieldNumbersTest {
  private static final byte[] KEY = "a".getBytes(UTF_8);
  private static final ValueWords WORDS =
      ValueWords.parse(
          List.of("ON=1", "off=0", "half open=0.5", "true=1", "false=0", "lost=missing"));

  private static EventDecoder decoder(ValueWords words, String... values) {
    return new EventDecoder(
        new EventMapping(
            EventEncoding.of(EventFormat.JSON),
            SeriesKey.RECORD_KEY,
            EventTime.DEFAULT,
            List.of(values),
            List.of("load"),
            words));
  }

  private static DecodedEvent read(EventDecoder decoder, String json) {
    return decoder.decode(KEY, json.getBytes(UTF_8), 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "nan",
        "NAN",
        "-NaN",
        "-nan",
        "Infinity",
        "-Infinity",
        "+Infinity",
        "inf",
        "-inf",
        "Inf",
        "INF",
        "infinity",
        "null",
        "\"NaN\"",
        "\"\"",
        "\" \"",
        "\"null\"",
        "\"N/A\"",
        "\"None\"",
        "\"-Infinity\"",
        "\"?\"",
        "\"lost\"",
        "\"LOST\""
      })
  void missingValueCostsOnlyItself(String missing) {
    EventDecoder several = decoder(WORDS, "t", "h");

    DecodedEvent event =
        read(
            several, "{\"t\": 19.9, \"h\": %s, \"note\": \"nan, \\\"inf\\\"\"}".formatted(missing));
    DecodedEvent first = read(several, "{\"h\": %s, \"t\":19.9}".formatted(missing));
    DecodedEvent covariate =
        read(decoder(WORDS, "value"), "{\"value\": 20.1, \"load\": %s}".formatted(missing));
    DecodedEvent unmapped =
        read(decoder(WORDS, "value"), "{\"battery\":%s,\"value\":20.1}".formatted(missing));

    assertThat(event.observations()).containsExactly(new Observation("a/t", 7, 19.9));
    assertThat(event.refused()).isEmpty();
    assertThat(first).isEqualTo(event);
    assertThat(covariate).isEqualTo(DecodedEvent.of(new Observation("a", 7, 20.1)));
    assertThat(unmapped).isEqualTo(covariate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "nan", "-Infinity", "inf", "null", "\"NaN\"", "\"\""})
  void rejectsEventWhoseOnlyValueIsMissing(String missing) {
    assertThatThrownBy(
            () -> read(decoder(ValueWords.NONE, "value"), "{\"value\":%s}".formatted(missing)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("field value is missing (null, NaN or empty): expected a number");
    assertThatThrownBy(
            () ->
                read(
                    decoder(ValueWords.NONE, "t", "h"),
                    "{\"t\":%s,\"h\":%s}".formatted(missing, missing)))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage("fields t, h are missing: expected a number in at least one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"20.06F\"",
        "\"20d\"",
        "\"0x1p3\"",
        "\"1_000\"",
        "\" 20 \"",
        "\"1,5\"",
        "\"١٢\"",
        "\"x\"",
        "\"ON\"",
        "true",
        "false",
        "[1]",
        "{}",
        "{\"v\":1}",
        "1e36",
        "1e999",
        "-1e999"
      })
  void invalidValueCostsOnlyItself(String invalid) {
    DecodedEvent event =
        read(decoder(ValueWords.NONE, "t", "h"), "{\"h\": %s, \"t\": 19.9}".formatted(invalid));

    assertThat(event.observations()).containsExactly(new Observation("a/t", 7, 19.9));
    assertThat(event.refused()).containsOnlyKeys("a/h");
    assertThatThrownBy(
            () -> read(decoder(ValueWords.NONE, "value"), "{\"value\":%s}".formatted(invalid)))
        .isInstanceOf(InvalidRecordException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 20",
    "\"20\", 20",
    "\"+2e1\", 20",
    "\".5\", 0.5",
    ".5, 0.5",
    "5., 5",
    "+5, 5",
    "007, 7",
    "\"ON\", 1",
    "\"on\", 1",
    "\"Off\", 0",
    "\"half open\", 0.5",
    "true, 1",
    "false, 0",
    "\"true\", 1"
  })
  void readsNumbersAndWords(String json, double expected) {
    DecodedEvent event =
        read(decoder(WORDS, "value"), "{\"value\":%s,\"load\":%s}".formatted(json, json));

    assertThat(event)
        .isEqualTo(
            DecodedEvent.of(
                new Observation("a", 7, expected, new Covariates(Map.of("load", expected)))));
  }

  @Test
  void truthIsANumberOfACovariateWithoutWords() {
    DecodedEvent event = read(decoder(ValueWords.NONE, "value"), "{\"value\":1,\"load\":true}");

    assertThat(event.observations().get(0).covariates().value("load")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nana", "infinite", "Infinity1", "-", "undefined", "'nan'", "n", "TRUE"})
  void otherWordsAreNotJson(String word) {
    assertThatThrownBy(
            () -> read(decoder(WORDS, "value"), "{\"value\":1,\"x\":%s}".formatted(word)))
        .isInstanceOfSatisfying(
            InvalidRecordException.class, e -> assertThat(e.reason()).isEqualTo("not valid JSON"));
  }

  @ParameterizedTest
  @CsvSource({"ON", "=1", "ON=x", "ON=", "'ON=1,on=0'", "ON=1d"})
  void refusesInvalidWords(String words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValueWords.parse(List.of(words.split(","))))
        .withMessageStartingWith("value-words: expected");
  }

  private static final Schema SWITCH =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Switch", "fields": [
                {"name": "t", "type": ["null", "double", "float", "string"]},
                {"name": "h", "type": ["null", "double", "string", "boolean",
                  {"type": "enum", "name": "State", "symbols": ["ON", "OFF", "BROKEN"]}]}]}
              """);

  private static DecodedEvent avro(ValueWords words, @Nullable Object t, @Nullable Object h) {
    GenericData.Record event = new GenericData.Record(SWITCH);
    event.put("t", t);
    event.put("h", h);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericData.Record>(SWITCH).write(event, encoder);
      encoder.flush();
      EventMapping mapping =
          new EventMapping(
              new EventEncoding(EventFormat.AVRO, SWITCH, true, null),
              SeriesKey.RECORD_KEY,
              EventTime.RECORD_TIMESTAMP,
              List.of("t", "h"),
              List.of(),
              words);
      return new EventDecoder(mapping).decode(KEY, out.toByteArray(), 7);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GenericData.EnumSymbol state(String symbol) {
    Schema schema = SWITCH.getField("h").schema().getTypes().get(4);
    return new GenericData.EnumSymbol(schema, symbol);
  }

  @Test
  void missingAvroValueCostsOnlyItself() {
    Observation expected = new Observation("a/t", 7, 19.9);

    for (Object missing :
        new Object[] {Double.NaN, Double.POSITIVE_INFINITY, "NaN", "", "null", "N/A"}) {
      assertThat(avro(ValueWords.NONE, 19.9, missing).observations()).containsExactly(expected);
      assertThat(avro(ValueWords.NONE, 19.9, missing).refused()).isEmpty();
    }
    assertThat(avro(ValueWords.NONE, 19.9, null).observations()).containsExactly(expected);
    assertThat(avro(ValueWords.NONE, Float.NaN, 1.0).observations())
        .containsExactly(new Observation("a/h", 7, 1));
  }

  @Test
  void wordsAreNumbersInAvro() {
    assertThat(avro(WORDS, 1.0, state("ON")).observations()).contains(new Observation("a/h", 7, 1));
    assertThat(avro(WORDS, 1.0, true).observations()).contains(new Observation("a/h", 7, 1));
    assertThat(avro(WORDS, 1.0, "off").observations()).contains(new Observation("a/h", 7, 0));
    assertThat(avro(WORDS, 1.0, state("BROKEN")).refused())
        .containsEntry("a/h", "h: expected a number; events.value-words gives numbers for words");
    assertThat(avro(ValueWords.NONE, 1.0, true).refused())
        .containsEntry(
            "a/h",
            "field h: expected a number, got a Boolean; events.value-words gives numbers for true"
                + " and false");
    assertThat(avro(ValueWords.NONE, 1.0, "20d").refused())
        .containsEntry("a/h", "h: expected a number");
  }
}
