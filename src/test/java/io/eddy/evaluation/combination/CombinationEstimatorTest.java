package io.eddy.evaluation.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CombinationEstimatorTest {
  private static final int SEASON = 6;
  private static final int STEPS = 300;
  private static final Model MODEL =
      ModelFile.read(Models.file(Models.specification(CellKind.GRU, 4, 24), 1));

  /** Errors in units of that series are up to 1e36 times those of the others. */
  @Test
  void seriesThatBeginsAfterZerosDoesNotDecideForOthers() {
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < 5; s++) {
      series.add(new SteppedSeries("wave-" + s, 0, wave(s)));
    }
    SplittableRandom random = new SplittableRandom(9);
    double[] late = SimpleSeries.of(STEPS, t -> t < 240 ? 0 : 1e6 * random.nextDouble());
    series.add(new SteppedSeries("late", 0, late));
    CombinationSpec mixed = estimate(series);

    int seasonal = mixed.componentNames().indexOf("seasonal-" + SEASON);
    int mean = mixed.componentNames().indexOf("seasonal-mean-" + SEASON);
    for (int g = 0; g < mixed.groups().size(); g++) {
      List<Double> weights = mixed.groups().get(g).weights();
      assertThat(weights.get(seasonal) + weights.get(mean)).isGreaterThan(0.8);
      assertThat(mixed.groups().get(g).errors()).allMatch(error -> error < 10);
    }
  }

  private static double[] wave(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return SimpleSeries.of(
        STEPS, t -> 10 * SimpleSeries.wave(t, SEASON) + SimpleSeries.noise(random));
  }

  private static CombinationSpec estimate(List<SteppedSeries> series) {
    return CombinationEstimator.estimate(
        MODEL, series, List.of(SEASON), new CombinationEstimator.Part(200, STEPS));
  }
}
