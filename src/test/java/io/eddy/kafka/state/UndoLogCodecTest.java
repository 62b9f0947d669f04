package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.engine.UndoEntry;
import io.eddy.engine.UndoHead;
import io.eddy.engine.UndoKey;
import io.eddy.engine.UndoStep;
import io.eddy.forecast.score.PendingForecastKey;
import io.eddy.forecast.step.RingSlot;
import io.eddy.forecast.step.RingSlotState;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import io.eddy.series.SegmentKey;
import io.eddy.series.store.SeriesStore;
import io.eddy.series.store.StoreKey;
import java.nio.FloatBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UndoLogCodecTest {
  private static final UndoHead HEAD =
      new UndoHead(
          40,
          39,
          List.of(
              new UndoHead.Base(3, UndoStep.NONE, null),
              new UndoHead.Base(4, 31, PendingForecastKey.PENDING_FORECAST)));

  private static final String HEAD_BYTES =
      "01"
          + "0000000000000028"
          + "0000000000000027"
          + "02"
          + "00000000000000038000000000000000000000000000000000"
          + "0000000000000004000000000000001f01ffffffffffffffff";

  private final SeriesStore store = new TaskStores().partition().series("a");

  @Test
  void headHasDocumentedLayout() {
    assertThat(HexFormat.of().formatHex(UndoLogCodec.encode(HEAD))).isEqualTo(HEAD_BYTES);
    assertThat(UndoLogCodec.decodeHead(HexFormat.of().parseHex(HEAD_BYTES))).isEqualTo(HEAD);
  }

  @Test
  void stepKeepsItsObservations() {
    OpenStep step = new OpenStep(39);
    step.add(new Observation("", 39_000, 2.5), Duplicates.FIRST);
    step.add(new Observation("", 39_500, 3.5), Duplicates.FIRST);

    UndoStep decoded = UndoLogCodec.decodeStep(UndoLogCodec.encode(new UndoStep(37, 2, step)));

    assertThat(decoded.previousStep()).isEqualTo(37);
    assertThat(decoded.revision()).isEqualTo(2);
    assertThat(decoded.step().step()).isEqualTo(39);
    assertThat(decoded.step().retained()).isEqualTo(step.retained());
  }

  static Stream<StoreKey<?>> parts() {
    return Stream.of(
        new SegmentKey(0),
        new SegmentKey(1L << 40),
        new RingSlot(0, 0, 0),
        new RingSlot(3, 7, 168),
        new RingSlot(255, 255, Integer.MAX_VALUE),
        PendingForecastKey.PENDING_FORECAST);
  }

  @ParameterizedTest
  @MethodSource("parts")
  void entryKeepsThePreviousPart(StoreKey<?> part) {
    UndoKey.Overwritten key = new UndoKey.Overwritten(4, part);

    store.put(key, new UndoEntry(part, null));

    assertThat(store.get(key)).isEqualTo(new UndoEntry(part, null));
  }

  @Test
  void entryKeepsTheFormerValue() {
    UndoKey.Overwritten key = new UndoKey.Overwritten(4, new RingSlot(0, 0, 0));
    FloatBuffer values = FloatBuffer.wrap(new float[] {1, 2});

    store.put(key, new UndoEntry(null, new RingSlotState(5, values)));

    UndoEntry entry = Objects.requireNonNull(store.get(key));
    assertThat(entry.previous()).isNull();
    assertThat(((RingSlotState) Objects.requireNonNull(entry.value())).values()).isEqualTo(values);
  }

  @Test
  void refusesUnknownLayout() {
    byte[] later = UndoLogCodec.encode(HEAD);
    later[0] = 9;

    assertThatThrownBy(() -> UndoLogCodec.decodeHead(later))
        .isInstanceOf(UnknownLayoutException.class)
        .hasMessage(
            "undo log: unknown layout 9, written by another release of Eddy: run that release, or"
                + " start over with `eddy reset`");
  }
}
