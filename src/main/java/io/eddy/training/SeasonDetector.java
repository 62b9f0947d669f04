package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.series.Interval;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.List;

/** Selects the season length of a data set from its training part. */
public final class SeasonDetector {
  private SeasonDetector() {}

  /**
   * Returns the season length in steps: the season of the interval whose seasonal naive forecast
   * has the smallest error, or 0 if none beats the naive forecast. If the horizon is a multiple of
   * the season, both are equal; a calendar interval then has its season.
   *
   * @param areClasses whether values are classes, which are equal or different, and not quantities
   * @param end grid index before which data may be read
   */
  static int detect(
      Collection<SteppedSeries> series,
      Interval interval,
      int horizon,
      boolean areClasses,
      long end) {
    int best = 0;
    double least = error(series, 0, horizon, areClasses, end);
    for (int season : interval.seasons()) {
      double error = error(series, season, horizon, areClasses, end);
      boolean isEqual = error == least && best == 0 && Double.isFinite(error);
      if (error < least || (isEqual && !interval.isFixed())) {
        least = error;
        best = season;
      }
    }
    return best;
  }

  /** Returns the shortest season of the interval in steps, or 1 if it has none. */
  static int calendarSeason(Interval interval) {
    List<Integer> candidates = interval.seasons();
    return candidates.isEmpty() ? 1 : candidates.get(0);
  }

  /**
   * Returns the season length with which a model is evaluated: that of its baseline or, without
   * one, {@link #calendarSeason}.
   */
  public static int seasonSteps(ModelSpecification specification) {
    int base = specification.output().baseline().seasonSteps();
    return base > 0 ? base : calendarSeason(specification.sampling().interval());
  }

  /**
   * Returns the mean over the series of the mean absolute error relative to that of the naive
   * forecast.
   */
  private static double error(
      Collection<SteppedSeries> series, int season, int horizon, boolean areClasses, long end) {
    double sum = 0;
    int counted = 0;
    for (SteppedSeries each : series) {
      double[] x = each.values();
      int to = (int) Math.min(x.length, end - each.firstStep());
      double error = 0;
      double last = 0;
      int points = 0;
      int lag = season == 0 ? 0 : season * ((horizon + season - 1) / season);
      for (int t = Math.max(horizon, lag); t < to; t++) {
        double before = season == 0 ? x[t - horizon] : x[t - lag];
        double step = x[t] - x[t - horizon];
        if (!Double.isNaN(before) && !Double.isNaN(step)) {
          error += distance(x[t] - before, areClasses);
          last += distance(step, areClasses);
          points++;
        }
      }
      if (points > 2 * season && last > 0) {
        sum += error / last;
        counted++;
      }
    }
    return counted == 0 ? Double.POSITIVE_INFINITY : sum / counted;
  }

  private static double distance(double difference, boolean areClasses) {
    return areClasses ? Math.abs(Math.signum(difference)) : Math.abs(difference);
  }
}
