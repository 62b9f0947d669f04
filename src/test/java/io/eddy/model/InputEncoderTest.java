package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cell.CellKind;
import io.eddy.series.Scaler;
import io.eddy.series.SegmentsInMemory;
import io.eddy.series.Window;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a model of classes is given: two of the last classes, and one a season of six before. */
final class InputEncoderTest {
  private final InputEncoder encoder = new InputEncoder(Models.ofClasses(CellKind.GRU, 8, 3));
  private final SeriesPast past =
      new SeriesPast(new Window(24, new SegmentsInMemory()), new Scaler());

  private float[] encoded() {
    float[] out = new float[encoder.size() + 1];
    Arrays.fill(out, 9);
    encoder.encode(past, 100, out, 1);
    return Arrays.copyOfRange(out, 1, 11);
  }

  private void observe(double... values) {
    for (double value : values) {
      past.observe(value, encoder.scaling());
    }
  }

  @Test
  void marksTheLastClassesTheLastOneFirst() {
    observe(2, 1);

    assertThat(encoded()).containsExactly(0, 1, 0, 0, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void marksTheClassOneSeasonBeforeTheNextStep() {
    observe(2, 0, 0, 0, 1, 1);

    assertThat(encoded()).containsExactly(0, 1, 0, 0, 1, 0, 0, 0, 0, 1);
  }

  @Test
  void saysThatAStepWasImputed() {
    observe(2);
    past.impute();

    assertThat(encoded()).containsExactly(0, 0, 1, 0, 0, 1, 1, 0, 0, 0);
  }

  @Test
  void marksNothingForWhatIsNoClass() {
    observe(-1, 3);

    assertThat(encoded()).containsOnly(0f);
  }
}
