package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.kafka.state.UndoLogCodec.Base;
import io.eddy.kafka.state.UndoLogCodec.Former;
import io.eddy.kafka.state.UndoLogCodec.Head;
import io.eddy.kafka.state.UndoLogCodec.KeptStep;
import io.eddy.series.Observation;
import io.eddy.series.OpenStep;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class UndoLogCodecTest {
  private static final Head HEAD =
      new Head(40, 39, List.of(new Base(3, UndoLogCodec.NO_STEP, null), new Base(4, 31, -2L)));

  /** As they stand in stores: what is written stays readable. */
  private static final String HEAD_BYTES =
      "01"
          + "0000000000000028"
          + "0000000000000027"
          + "02"
          + "00000000000000038000000000000000000000000000000000"
          + "0000000000000004000000000000001f01fffffffffffffffe";

  @Test
  void headHasTheLayoutThatStoresHave() {
    assertThat(HexFormat.of().formatHex(UndoLogCodec.encode(HEAD))).isEqualTo(HEAD_BYTES);
    assertThat(UndoLogCodec.head(HexFormat.of().parseHex(HEAD_BYTES))).isEqualTo(HEAD);
  }

  @Test
  void stepKeepsWhatWasMeasuredInItAndWhatItFollows() {
    OpenStep step = new OpenStep(39);
    step.add(new Observation("", 39_000, 2.5));
    step.add(new Observation("", 39_500, 3.5));

    KeptStep kept = UndoLogCodec.kept(UndoLogCodec.encode(new KeptStep(37, 2, step)));

    assertThat(kept.before()).isEqualTo(37);
    assertThat(kept.revision()).isEqualTo(2);
    assertThat(kept.step().step()).isEqualTo(39);
    assertThat(kept.step().retained()).isEqualTo(step.retained());
  }

  @Test
  void whatWasOverwrittenMayHaveBeenNothing() {
    Former nothing = UndoLogCodec.former(UndoLogCodec.encode(new Former(7L, null)));
    Former something =
        UndoLogCodec.former(UndoLogCodec.encode(new Former(null, new byte[] {1, 2})));

    assertThat(nothing.before()).isEqualTo(7);
    assertThat(nothing.value()).isNull();
    assertThat(something.before()).isNull();
    assertThat(Objects.requireNonNull(something.value())).containsExactly(1, 2);
  }

  @Test
  void layoutThatIsNotKnownIsSaid() {
    byte[] later = UndoLogCodec.encode(HEAD);
    later[0] = 9;

    assertThatThrownBy(() -> UndoLogCodec.head(later))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("what a series goes back to: layout 9 is not known");
  }
}
