package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClassAccuracyTest {
  private static final Model MODEL =
      ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1));

  /** Repeats the classes 0 0 0 0 1 2; one value is missing. */
  private static List<SteppedSeries> series() {
    double[] values = new double[120];
    for (int t = 0; t < values.length; t++) {
      values[t] = Math.max(0, t % 6 - 3);
    }
    values[100] = Double.NaN;
    return List.of(new SteppedSeries("a", 1000, values));
  }

  @Test
  void seasonalNaiveIsAlwaysCorrect() {
    ClassAccuracy accuracy = ClassAccuracy.of(MODEL, series(), 1060, 6);

    assertThat(accuracy.seasonalNaiveAccuracy()).isEqualTo(1);
    assertThat(accuracy.naiveAccuracy()).isStrictlyBetween(0.3, 0.6);
  }

  @Test
  void untrainedModelIsCloseToGuessing() {
    ClassAccuracy accuracy = ClassAccuracy.of(MODEL, series(), 1060, 6);

    assertThat(accuracy.crossEntropy()).isBetween(0.5, 2.0);
    assertThat(accuracy.accuracy()).isBetween(0.0, 1.0);
  }

  @Test
  void missingStepsAreNotMeasured() {
    ClassAccuracy accuracy = ClassAccuracy.of(MODEL, series(), 1060, 6);

    // 59 origins of 4 steps, less 6 beyond the end; the missing one is target of 4 and the season
    // before of 4, and as an origin would have had 4.
    assertThat(accuracy.points()).isEqualTo(60 * 4 - 10 - 4 - 4 - 4);
  }
}
