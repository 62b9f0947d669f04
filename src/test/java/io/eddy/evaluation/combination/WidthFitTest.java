package io.eddy.evaluation.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.StandardQuantile;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Interval;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Forecasts of standard normal values. */
class WidthFitTest {
  private static final Model MODEL =
      ModelFile.read(Models.file(Models.combined(Models.specification(CellKind.GRU, 4, 24)), 1));
  private static final int MANY = 5000;

  @Test
  void halfAsWideQuantilesGetDoubleWidth() {
    assertThat(widths(MANY, z -> 0.5 * z)).allSatisfy(width -> close(width, 2));
  }

  @Test
  void tooWideQuantilesAreNarrowed() {
    assertThat(widths(MANY, z -> 1.5 * z)).allSatisfy(width -> close(width, 1 / 1.5));
  }

  @Test
  void fewPointsKeepWidth() {
    assertThat(widths(3, z -> 0.5 * z)).allSatisfy(width -> assertThat(width).isBetween(0.7, 1.6));
  }

  @Test
  void roundedQuantilesKeepWidth() {
    assertThat(widths(MANY, z -> Math.rint(0.3 * z))).containsOnly(1.0);
  }

  private static void close(double width, double expected) {
    assertThat(width).isCloseTo(expected, within(0.07 * expected));
  }

  private static List<Double> widths(int steps, DoubleUnaryOperator quantile) {
    SplittableRandom random = new SplittableRandom(7);
    double[] values = new double[steps + 10];
    for (int t = 0; t < values.length; t++) {
      values[t] = StandardQuantile.gaussian(0.0005 + 0.999 * random.nextDouble());
    }
    Forecast forecast = forecast(quantile);
    WidthFit fit = new WidthFit(MODEL);
    for (int t = 0; t < steps; t++) {
      fit.add(t, forecast, values, values.length);
    }
    return fit.combination().groups().stream().map(CombinationSpec.Group::width).toList();
  }

  /** Returns the same quantiles for each step ahead. */
  private static Forecast forecast(DoubleUnaryOperator quantile) {
    List<Double> levels = MODEL.specification().output().quantileLevels();
    double[] quantiles = new double[MODEL.specification().output().horizon() * levels.size()];
    for (int i = 0; i < quantiles.length; i++) {
      double level = levels.get(i % levels.size());
      quantiles[i] = quantile.applyAsDouble(StandardQuantile.gaussian(level));
    }
    Forecast.Served served = new Forecast.Served(ModelVersion.ofDigest(new byte[32]), 0);
    Forecast.Origin origin =
        new Forecast.Origin("a", 0, Interval.ofMillis(3_600_000), served, true);
    return new Forecast(origin, levels, 0, quantiles);
  }
}
