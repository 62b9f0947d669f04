package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * Accuracy of a model of classes over every origin, step ahead and series: the share of points at
 * which the most likely class was correct, the same share for naive and seasonal naive on the same
 * points, and the mean cross-entropy.
 */
public final class ClassAccuracy {
  private double entropy;
  private long hits;
  private long naiveHits;
  private long seasonalHits;
  private long points;

  private ClassAccuracy() {}

  /**
   * Measures a model.
   *
   * @param from grid index of the first origin to measure; earlier steps only advance the state
   * @param seasonSteps season of seasonal naive, at least 1
   */
  public static ClassAccuracy of(
      Model model, Collection<SteppedSeries> series, long from, int seasonSteps) {
    ClassAccuracy accuracy = new ClassAccuracy();
    RollingForecasts.forEach(
        model, series, from, (forecast, x, t) -> accuracy.add(forecast, x, t, seasonSteps));
    return accuracy;
  }

  private void add(Forecast forecast, double[] x, int t, int seasonSteps) {
    for (int j = 1; j <= forecast.horizon() && t + j < x.length; j++) {
      int before = RollingForecasts.seasonBefore(t, j, seasonSteps);
      double actual = x[t + j];
      if (Double.isNaN(actual) || before < 0 || Double.isNaN(x[before])) {
        continue;
      }
      entropy -= StrictMath.log(forecast.probability(j, actual));
      hits += forecast.likeliest(j) == actual ? 1 : 0;
      naiveHits += x[t] == actual ? 1 : 0;
      seasonalHits += x[before] == actual ? 1 : 0;
      points++;
    }
  }

  /** Returns the number of points. */
  public long points() {
    return points;
  }

  /** Returns the mean of −log of the probability of the actual class; lower is better. */
  public double crossEntropy() {
    return entropy / points;
  }

  /** Returns the share of points at which the most likely class was correct. */
  public double accuracy() {
    return (double) hits / points;
  }

  /** Returns the share of points at which the last class was correct. */
  public double naiveAccuracy() {
    return (double) naiveHits / points;
  }

  /** Returns the share of points at which the class one season before was correct. */
  public double seasonalNaiveAccuracy() {
    return (double) seasonalHits / points;
  }
}
