package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.stream.EventKeyer;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);
  private static final byte[] VALUE = "secret-4711".getBytes(UTF_8);

  static List<Throwable> recordFaults() {
    return List.of(
        new InvalidRecordException("no event"),
        new IllegalStateException("secret-4711"),
        new StackOverflowError("secret-4711"),
        new AssertionError("secret-4711"),
        new NoClassDefFoundError("secret-4711"));
  }

  static List<Throwable> otherFaults() {
    return List.of(
        new OutOfMemoryError("heap"),
        new SchemaRegistryException("the schema registry does not answer"),
        new KafkaException("fenced"));
  }

  private static EventReader failing(Throwable error) {
    return new EventReader(
        (key, value, headers, timestampMs) -> {
          throw EventReaderTest.<RuntimeException>unchecked(error);
        });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable error) throws T {
    throw (T) error;
  }

  @ParameterizedTest
  @MethodSource("recordFaults")
  void deadLetterIsTheRecordWithoutItsContentInHeaders(Throwable error) {
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    context.setRecordMetadata("readings", 2, 42);
    EventKeyer keyer = new EventKeyer(failing(error), null, new StreamCounters());
    keyer.init(context);

    keyer.process(new Record<>(KEY, VALUE, 7, new RecordHeaders()));

    assertThat(context.forwarded()).hasSize(1);
    assertThat(context.forwarded().get(0).childName())
        .contains(ForecastTopology.KEYER_DEAD_LETTERS);
    Record<? extends byte[], ? extends byte[]> letter = context.forwarded().get(0).record();
    assertThat(letter.key()).isEqualTo(KEY);
    assertThat(letter.value()).isEqualTo(VALUE);
    assertThat(header(letter, "topic")).isEqualTo("readings");
    assertThat(header(letter, "partition")).isEqualTo("2");
    assertThat(header(letter, "offset")).isEqualTo("42");
    assertThat(header(letter, "exception")).isEqualTo(error.getClass().getName());
    letter
        .headers()
        .forEach(
            header ->
                assertThat(new String(header.value(), UTF_8))
                    .as(header.key())
                    .doesNotContain("4711")
                    .hasSizeLessThan(8200));
  }

  @ParameterizedTest
  @MethodSource("otherFaults")
  void throwsFailuresThatAreNotTheRecordsFault(Throwable error) {
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    context.setRecordMetadata("readings", 2, 42);
    EventKeyer keyer = new EventKeyer(failing(error), null, new StreamCounters());
    keyer.init(context);

    assertThatThrownBy(() -> keyer.process(new Record<>(KEY, VALUE, 7, new RecordHeaders())))
        .isSameAs(error);
    assertThat(context.forwarded()).isEmpty();
  }

  private static EventReader reader(boolean nullDeletes) {
    return new EventReader(
        EventMapping.defaults(EventFormat.JSON, List.of()),
        new EventLimits(-1, 1, 0, Long.MAX_VALUE, 1000),
        nullDeletes ? NullValues.DELETE : NullValues.DEAD_LETTER);
  }

  private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] value, long timestampMs) {
    return new ConsumerRecord<>(
        "readings",
        2,
        42,
        timestampMs,
        TimestampType.CREATE_TIME,
        1,
        1,
        KEY,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private static DecodedEvent event(ReadResult result) {
    assertThat(result).isInstanceOf(ReadResult.Event.class);
    return ((ReadResult.Event) result).event();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "json | {\"value\": 9007199254740993} | 1",
        "json | {\"value\": 9007199254740992} | 0",
        "json | {\"value\": \"9007199254740993\"} | 1",
        "json | {\"value\": 18446744073709551615} | 1",
        "json | {\"value\": 1.5, \"x\": 9007199254740993} | 1",
        "json | {\"value\": 1.5, \"y\": 9007199254740993} | 0",
        "json | {\"value\": 9007199254740993, \"y\": -nan} | 1",
        "number | 9007199254740993 | 1",
        "influx | a value=9007199254740993i | 1",
        "influx | a value=18446744073709551615u | 1",
        "influx | a value=9007199254740993 | 0",
      })
  void countsIntegersThatAreRounded(String format, String value, long expected) {
    EventFormat parsed = EventFormat.of(format);
    EventReader reader =
        new EventReader(
            EventMapping.defaults(parsed, parsed.hasCovariates() ? List.of("x") : List.of()),
            EventLimits.NONE,
            NullValues.DEAD_LETTER);

    assertThat(event(reader.read(KEY, value.getBytes(UTF_8), 0)).observations()).hasSize(1);
    assertThat(reader.takeRoundedIntegers()).isEqualTo(expected);
    assertThat(reader.takeRoundedIntegers()).isZero();
  }

  @Test
  void countsBinaryIntegerThatIsRounded() {
    EventReader reader =
        new EventReader(
            EventMapping.defaults(EventFormat.LONG, List.of()),
            EventLimits.NONE,
            NullValues.DEAD_LETTER);

    var unused = reader.read(KEY, ByteBuffer.allocate(8).putLong(9007199254740993L).array(), 0);

    assertThat(reader.takeRoundedIntegers()).isEqualTo(1);
  }

  @Test
  void rejectsValueThatIsTooFarAheadOfItsRecord() {
    byte[] value = "{\"timestamp\": \"1970-01-01T00:00:06Z\", \"value\": 0.5}".getBytes(UTF_8);

    assertThat(event(reader(false).read(KEY, value, 5000)).observations()).hasSize(1);
    assertThat(event(reader(false).read(KEY, value, 4999)).refused())
        .containsEntry("k", "timestamp: expected at most PT1S ahead of the record's");
  }

  @Test
  void rejectsValueBeyondTheLimits() {
    byte[] value = "{\"value\": 1.5}".getBytes(UTF_8);

    assertThat(event(reader(false).read(KEY, value, 0)).refused()).containsOnlyKeys("k");
  }

  @Test
  void missingRecordTimestampIsZero() {
    byte[] value = "{\"value\": 0.5}".getBytes(UTF_8);

    assertThat(event(reader(false).read(record(value, -1))).observations())
        .extracting(Observation::timestampMs)
        .containsExactly(0L);
  }

  @Test
  void nullDeletesSeriesIfConfigured() {
    assertThat(reader(true).read(record(null, 7))).isEqualTo(new ReadResult.Deletion("k"));
  }

  @Test
  void nullIsRejectedUnlessConfigured() {
    assertThat(reader(false).read(record(null, 7)))
        .isInstanceOfSatisfying(
            ReadResult.Rejection.class,
            rejection -> assertThat(rejection.reason()).contains("value is null"));
  }

  @Test
  void nullWithoutKeyIsRejected() {
    assertThat(reader(true).read(null, null, 7)).isInstanceOf(ReadResult.Rejection.class);
  }

  @Test
  void nullIsRejectedIfFieldsNameTheSeries() {
    EventMapping mapping =
        EventMapping.json(
            new SeriesKey(List.of("sensor"), "/"), EventTime.DEFAULT, List.of("value"), List.of());

    assertThat(new EventReader(mapping, EventLimits.NONE, NullValues.DELETE).read(KEY, null, 7))
        .isInstanceOf(ReadResult.Rejection.class);
  }

  private static String header(Record<?, ?> letter, String name) {
    return new String(letter.headers().lastHeader(DeadLetters.PREFIX + name).value(), UTF_8);
  }
}
