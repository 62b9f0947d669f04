package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.series.SteppedSeries;
import java.util.Collection;

/**
 * How well a model forecasts classes on a stretch of time that it did not train on, over every
 * origin, step ahead and series: how often the likeliest class came, beside how often the last
 * class and the class of one season before did on the very same points, and the mean cross-entropy.
 */
public final class ClassAccuracy {
  private double entropy;
  private long hits;
  private long naiveHits;
  private long seasonalHits;
  private long points;

  private ClassAccuracy() {}

  /**
   * Measures.
   *
   * @param from first origin that counts, on the grid; those before only advance the state
   * @param seasonSteps season of the seasonal naive, at least 1
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
      double came = x[t + j];
      if (Double.isNaN(came) || before < 0 || Double.isNaN(x[before])) {
        continue;
      }
      entropy -= StrictMath.log(forecast.probability(j, came));
      hits += forecast.likeliest(j) == came ? 1 : 0;
      naiveHits += x[t] == came ? 1 : 0;
      seasonalHits += x[before] == came ? 1 : 0;
      points++;
    }
  }

  /** Points compared. */
  public long points() {
    return points;
  }

  /** Mean of −log of the probability that the class that came was given; lower is better. */
  public double crossEntropy() {
    return entropy / points;
  }

  /** Share of the points at which the likeliest class came. */
  public double accuracy() {
    return (double) hits / points;
  }

  /** That share for the last class. */
  public double naiveAccuracy() {
    return (double) naiveHits / points;
  }

  /** That share for the class one season before. */
  public double seasonalNaiveAccuracy() {
    return (double) seasonalHits / points;
  }
}
