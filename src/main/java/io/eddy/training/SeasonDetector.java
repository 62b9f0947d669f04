package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Selects the season length of a data set from its training part. */
public final class SeasonDetector {
  private static final List<Duration> PERIODS = List.of(Duration.ofDays(1), Duration.ofDays(7));

  private SeasonDetector() {}

  /**
   * Returns the season length in steps: a day or a week, whichever seasonal naive forecast has the
   * smaller error, or 0 if neither beats the naive forecast.
   *
   * @param areClasses whether values are classes, which are equal or different, and not quantities
   * @param end grid index before which data may be read
   */
  static int detect(
      Collection<SteppedSeries> series,
      Duration interval,
      int horizon,
      boolean areClasses,
      long end) {
    int best = 0;
    double least = error(series, 0, horizon, areClasses, end);
    for (int season : candidates(interval)) {
      double error = error(series, season, horizon, areClasses, end);
      if (error < least) {
        least = error;
        best = season;
      }
    }
    return best;
  }

  /**
   * Returns the length of a day in steps if it is a multiple of the interval, else the length of a
   * week, else 1.
   */
  static int calendarSeason(Duration interval) {
    List<Integer> candidates = candidates(interval);
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

  private static List<Integer> candidates(Duration interval) {
    List<Integer> steps = new ArrayList<>();
    for (Duration period : PERIODS) {
      if (period.toMillis() % interval.toMillis() == 0
          && period.toMillis() / interval.toMillis() > 1) {
        steps.add((int) (period.toMillis() / interval.toMillis()));
      }
    }
    return steps;
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
