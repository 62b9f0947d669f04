package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.cell.CellKind;
import io.eddy.model.BaseForecast;
import io.eddy.model.LinearBase;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LinearBaseFitTest {
  private static final int MAX_GAP = 3;

  /** Two sines: what comes is a linear function of the last four values. */
  private static double[] waves(int from, int size) {
    double[] values = new double[size];
    for (int t = 0; t < size; t++) {
      values[t] = 50 + 8 * StrictMath.sin((from + t) / 3.0) + 3 * StrictMath.sin((from + t) / 7.0);
    }
    return values;
  }

  private static SteppedSeries series(String name, double... values) {
    return new SteppedSeries(name, 0, values);
  }

  private static LinearBase fit(SteppedSeries... series) {
    ModelSpecification specification =
        new ModelSpecification(
            new ModelSpecification.Network(CellKind.GRU, 2, List.of(1)),
            new Sampling(Duration.ofMinutes(1), Aggregation.FIRST, MAX_GAP),
            new ModelSpecification.Inputs(1, false, 24),
            new ModelSpecification.Output(2, List.of(0.5), new BaseForecast(0, 6)),
            6,
            new Provenance("waves", 1, "test", Map.of()));
    return LinearBaseFit.of(List.of(series), specification, Long.MAX_VALUE);
  }

  private static double[] withGap(double[] before, int gap, double[] after) {
    double[] values = Arrays.copyOf(before, before.length + gap + after.length);
    Arrays.fill(values, before.length, before.length + gap, Double.NaN);
    System.arraycopy(after, 0, values, before.length + gap, after.length);
    return values;
  }

  @Test
  void gapTooLongToBridgeParts() {
    double[] before = waves(0, 400);
    double[] after = waves(1000, 400);

    float[] parted = fit(series("a", before), series("b", after)).weight().data;

    assertThat(fit(series("a", withGap(before, MAX_GAP + 1, after))).weight().data)
        .containsExactly(parted, within(2e-3f));
    assertThat(fit(series("a", withGap(before, MAX_GAP, after))).weight().data)
        .doesNotContain(parted, within(2e-3f));
  }
}
