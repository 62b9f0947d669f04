package io.eddy.evaluation.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Interval;
import io.eddy.series.SteppedSeries;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PriorFitTest {
  private static final int SEASON = 6;
  private static final int STEPS = 300;
  private static final int FROM = 200;
  private static final double ERROR = 0.1;
  private static final Model MODEL =
      ModelFile.read(Models.file(Models.specification(CellKind.GRU, 4, 24), 1));

  /** The stream scales the quantiles of such a net by its own error. */
  @Test
  void exactNetWithWideQuantilesHasLargestWeight() {
    SplittableRandom random = new SplittableRandom(5);
    double[] values =
        SimpleSeries.of(STEPS, t -> 10 * SimpleSeries.wave(t, SEASON) + SimpleSeries.noise(random));
    CombinationSpec components =
        CombinationEstimator.estimate(
            MODEL,
            List.of(new SteppedSeries("a", 0, values)),
            List.of(SEASON),
            new CombinationEstimator.Part(FROM, STEPS));
    PriorFit fit = new PriorFit(MODEL, components);
    PriorFit.SeriesForecasts forecasts = fit.of(values, STEPS);

    for (int t = 0; t < STEPS; t++) {
      forecasts.observe(t);
      if (t >= FROM) {
        forecasts.add(t, forecast(values, t));
      }
    }

    assertThat(fit.combination().groups())
        .allSatisfy(group -> assertThat(group.weights().get(0)).isGreaterThan(0.5));
  }

  /** Returns a forecast with a small error of the median, and quantiles up to 40 away from it. */
  private static Forecast forecast(double[] values, int t) {
    List<Double> levels = MODEL.specification().output().quantileLevels();
    int horizon = MODEL.specification().output().horizon();
    double[] quantiles = new double[horizon * levels.size()];
    for (int j = 0; j < horizon; j++) {
      double actual = values[Math.min(STEPS - 1, t + 1 + j)];
      for (int k = 0; k < levels.size(); k++) {
        quantiles[j * levels.size() + k] =
            actual + ERROR * (t % 2 == 0 ? 1 : -1) + 100 * (levels.get(k) - 0.5);
      }
    }
    Forecast.Served served = new Forecast.Served(ModelVersion.ofDigest(new byte[32]), 0);
    Forecast.Origin origin =
        new Forecast.Origin("a", 0, Interval.ofMillis(3_600_000), served, true);
    return new Forecast(origin, levels, 0, quantiles);
  }
}
