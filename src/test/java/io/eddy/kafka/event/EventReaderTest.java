package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.EventLimits;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.stream.EventKeyer;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.series.InvalidRecordException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong while an event is read, and whether that is the record's matter alone. */
class EventReaderTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);
  private static final byte[] VALUE = "secret-4711".getBytes(UTF_8);

  static List<Throwable> recordsMatter() {
    return List.of(
        new InvalidRecordException("no event"),
        new IllegalStateException("secret-4711"),
        new StackOverflowError("secret-4711"),
        new AssertionError("secret-4711"),
        new NoClassDefFoundError("secret-4711"));
  }

  static List<Throwable> notTheRecordsMatter() {
    return List.of(
        new OutOfMemoryError("heap"),
        new SchemaRegistryException("the schema registry does not answer"),
        new KafkaException("fenced"));
  }

  private static EventReader failing(Throwable error) {
    return new EventReader(
        (key, value, timestampMs) -> {
          throw EventReaderTest.<RuntimeException>asItIs(error);
        },
        EventLimits.NONE);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T asItIs(Throwable error) throws T {
    throw (T) error;
  }

  @ParameterizedTest
  @MethodSource("recordsMatter")
  void recordThatFailsGoesToTheDeadLettersAsItCame(Throwable error) {
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    context.setRecordMetadata("readings", 2, 42);
    EventKeyer keyer = new EventKeyer(failing(error));
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
            one ->
                assertThat(new String(one.value(), UTF_8))
                    .as(one.key())
                    .doesNotContain("4711")
                    .hasSizeLessThan(8200));
  }

  @ParameterizedTest
  @MethodSource("notTheRecordsMatter")
  void whatIsNoMatterOfTheRecordStopsTheStreamAndLosesNothing(Throwable error) {
    MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    context.setRecordMetadata("readings", 2, 42);
    EventKeyer keyer = new EventKeyer(failing(error));
    keyer.init(context);

    assertThatThrownBy(() -> keyer.process(new Record<>(KEY, VALUE, 7, new RecordHeaders())))
        .isSameAs(error);
    assertThat(context.forwarded()).isEmpty();
  }

  @Test
  void eventThatIsTooFarAheadOfItsRecordIsRefusedWithoutItsTime() throws Exception {
    EventDecoder decoder = new EventDecoder(EventMapping.usual(EventFormat.JSON, List.of()));
    EventReader reader =
        new EventReader(decoder::read, new EventLimits(-1, 1, 0, Long.MAX_VALUE, 1000));
    byte[] event = "{\"timestamp\": 6000, \"value\": 0.5}".getBytes(UTF_8);

    assertThat(reader.read(KEY, event, 5000).observations()).hasSize(1);
    assertThat(reader.read(KEY, event, 4999).refused())
        .containsEntry("k", "timestamp: expected at most PT1S ahead of the record's");
  }

  private static String header(Record<?, ?> letter, String name) {
    return new String(letter.headers().lastHeader(DeadLetters.PREFIX + name).value(), UTF_8);
  }
}
