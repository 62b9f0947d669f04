package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.List;

/**
 * Errors of a model on a stretch of time that it did not train on, over every origin, step ahead
 * and series, beside those of naive (the last value) and seasonal naive (the value one season
 * before) on the very same points.
 *
 * <p>wape = Σ|e| / Σ|x|. wql = 2 Σ pinball / Σ|x|, mean over the levels. Coverage is the share of
 * what came at or below a level's quantile.
 */
public final class Accuracy {
  private final double[] coverage;
  private double absolute;
  private double naive;
  private double seasonal;
  private double pinball;
  private double actual;
  private long points;

  private Accuracy(int levels) {
    coverage = new double[levels];
  }

  /**
   * Measures.
   *
   * @param from first origin that counts, on the grid; steps before only warm the state up
   * @param seasonSteps season of the seasonal naive, at least 1
   */
  public static Accuracy of(
      Model model, Collection<SteppedSeries> series, long from, int seasonSteps) {
    Accuracy accuracy = new Accuracy(model.specification().output().quantileLevels().size());
    Origins.forEach(
        model, series, from, (forecast, x, t) -> accuracy.add(forecast, x, t, seasonSteps));
    for (int k = 0; k < accuracy.coverage.length; k++) {
      accuracy.coverage[k] /= Math.max(1, accuracy.points);
    }
    return accuracy;
  }

  private void add(Forecast forecast, double[] x, int t, int seasonSteps) {
    List<Double> levels = forecast.quantileLevels();
    for (int j = 1; j <= forecast.horizon() && t + j < x.length; j++) {
      int before = Origins.seasonBefore(t, j, seasonSteps);
      double y = x[t + j];
      if (Double.isNaN(y) || before < 0 || Double.isNaN(x[before])) {
        continue;
      }
      absolute += Math.abs(y - forecast.median(j));
      naive += Math.abs(y - x[t]);
      seasonal += Math.abs(y - x[before]);
      actual += Math.abs(y);
      points++;
      for (int k = 0; k < levels.size(); k++) {
        double error = y - forecast.value(j, k);
        pinball += Math.max(levels.get(k) * error, (levels.get(k) - 1) * error) / levels.size();
        coverage[k] += error <= 0 ? 1 : 0;
      }
    }
  }

  /** Points compared. */
  public long points() {
    return points;
  }

  /** Mean absolute error of the model's median, in the data's unit. */
  public double meanAbsoluteError() {
    return absolute / points;
  }

  /** Mean absolute error of the last value. */
  public double naiveError() {
    return naive / points;
  }

  /** Mean absolute error of the value one season before. */
  public double seasonalNaiveError() {
    return seasonal / points;
  }

  /** Σ|e| / Σ|x| of the model's median. */
  public double wape() {
    return absolute / actual;
  }

  /** Weighted quantile loss, mean over the levels; NaN for a point forecast. */
  public double weightedQuantileLoss() {
    return coverage.length == 0 ? Double.NaN : 2 * pinball / actual;
  }

  /** Share of what came at or below the quantile of level {@code index}. */
  public double coverage(int index) {
    return coverage[index];
  }
}
