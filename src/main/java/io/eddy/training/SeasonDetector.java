package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which season the data have, as far as the training part tells. */
public final class SeasonDetector {
  private static final List<Duration> PERIODS = List.of(Duration.ofDays(1), Duration.ofDays(7));

  private SeasonDetector() {}

  /**
   * Length of the season in steps: of a day and a week the one whose value one season before errs
   * least, provided that it errs less than the last value does; else 0.
   *
   * @param areClasses whether values are classes, which differ or do not, not amounts
   * @param end grid index before which the data may be looked at
   */
  public static int detect(
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

  /** Length in steps of a day where the interval divides one, else of a week, else 1. */
  public static int calendarSeason(Duration interval) {
    List<Integer> candidates = candidates(interval);
    return candidates.isEmpty() ? 1 : candidates.get(0);
  }

  /**
   * The season that a model's forecasts are measured by: its base's, or else {@link
   * #calendarSeason}.
   */
  public static int seasonSteps(ModelSpecification specification) {
    int base = specification.output().base().seasonSteps();
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

  /** Mean of the series' mean absolute errors, each relative to that of the last value. */
  private static double error(
      Collection<SteppedSeries> series, int season, int horizon, boolean areClasses, long end) {
    double sum = 0;
    int counted = 0;
    for (SteppedSeries one : series) {
      double[] x = one.values();
      int to = (int) Math.min(x.length, end - one.firstStep());
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
