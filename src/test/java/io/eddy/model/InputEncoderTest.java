package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.nn.CellKind;
import io.eddy.series.Scaler;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Inputs of a classification with a patch of two and a season of six steps, and of a model of
 * amounts with lags and four steps ahead.
 */
final class InputEncoderTest {
  private final InputEncoder encoder = new InputEncoder(Models.ofClasses(CellKind.GRU, 8, 3));
  private final SeriesPast past =
      new SeriesPast(new Window(24, new InMemorySeriesStore()), new Scaler());

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
  void encodesLastClassesLatestFirst() {
    observe(2, 1);

    assertThat(encoded()).containsExactly(0, 1, 0, 0, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void encodesClassOfLastSeason() {
    observe(2, 0, 0, 0, 1, 1);

    assertThat(encoded()).containsExactly(0, 1, 0, 0, 1, 0, 0, 0, 0, 1);
  }

  @Test
  void marksImputedStep() {
    observe(2);
    past.impute(past.window().value(0));

    assertThat(encoded()).containsExactly(0, 0, 1, 0, 0, 1, 1, 0, 0, 0);
  }

  @Test
  void encodesLags() {
    InputEncoder lagged =
        new InputEncoder(Models.withLags(Models.specification(CellKind.GRU, 8, 24), List.of(6, 3)));
    for (double value : new double[] {2, 3, 5, 7, 11, 13, 17, 19}) {
      past.observe(value, lagged.scaling());
    }
    float[] out = new float[lagged.size()];

    lagged.encode(past, 100, out, 0);

    // Follows two inputs of the patch, one for imputed and two of the season.
    float[] lags = Arrays.copyOfRange(out, 5, 5 + 4 + 3);
    assertThat(lags)
        .containsExactly(
            scaled(5), scaled(7), scaled(11), scaled(13), scaled(13), scaled(17), scaled(19));
  }

  private float scaled(double value) {
    return (float) ((value - past.scaler().level()) / past.scaler().scale());
  }

  @Test
  void lagsBeforeBeginAreZero() {
    InputEncoder lagged =
        new InputEncoder(Models.withLags(Models.specification(CellKind.GRU, 8, 24), List.of(6)));
    past.observe(2, lagged.scaling());
    past.observe(3, lagged.scaling());
    float[] out = new float[lagged.size()];

    lagged.encode(past, 100, out, 0);

    assertThat(Arrays.copyOfRange(out, 5, 9)).containsOnly(0f);
  }

  @Test
  void encodesInvalidClassAsZeros() {
    observe(-1, 3);

    assertThat(encoded()).containsOnly(0f);
  }
}
