package io.eddy.serving.api;

import io.eddy.forecast.Score;
import io.eddy.rollout.ScoredForecast;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accuracy of scored forecasts.
 *
 * @param forecasts number of scored forecasts
 * @param baseline forecast that the errors are compared with
 * @param mase mean over the forecasts of the absolute error divided by the baseline's mean error on
 *     the series
 * @param baselineMase the same for the baseline's own forecasts
 * @param skill 1 − mase / baselineMase; null if the baseline has no error
 * @param coverage mean share of measured values at or below the quantile of each level
 */
record AccuracyDocument(
    long forecasts,
    String baseline,
    double mase,
    double baselineMase,
    @Nullable Double skill,
    List<Double> quantileLevels,
    double[] coverage) {
  static final String BASELINE = "seasonal naive";

  /** Creates a document from means over forecasts. */
  static AccuracyDocument of(
      long forecasts,
      double mase,
      double baselineMase,
      List<Double> quantileLevels,
      double[] coverage) {
    return new AccuracyDocument(
        forecasts,
        BASELINE,
        mase,
        baselineMase,
        baselineMase > 0 ? Double.valueOf(1 - mase / baselineMase) : null,
        quantileLevels,
        coverage);
  }

  /** Aggregates scores; null if none of them can be compared with the baseline. */
  static @Nullable AccuracyDocument ofScores(List<ScoredForecast> scores) {
    double error = 0;
    double naiveError = 0;
    List<Score> compared = new ArrayList<>();
    for (ScoredForecast scored : scores) {
      Score score = scored.score();
      double scale = score.naiveMeanError();
      double mean = mean(score.absoluteError()) / scale;
      double naive = mean(score.naiveAbsoluteError()) / scale;
      if (Double.isFinite(mean) && Double.isFinite(naive)) {
        error += mean;
        naiveError += naive;
        compared.add(score);
      }
    }
    if (compared.isEmpty()) {
      return null;
    }
    List<Double> levels = compared.get(compared.size() - 1).quantileLevels();
    return of(
        compared.size(),
        error / compared.size(),
        naiveError / compared.size(),
        levels,
        coverage(compared, levels));
  }

  /** Returns the mean coverage of the scores that have these levels. */
  private static double[] coverage(List<Score> scores, List<Double> levels) {
    double[] sums = new double[levels.size()];
    int count = 0;
    for (Score score : scores) {
      if (score.quantileLevels().equals(levels) && score.coverage().length == levels.size()) {
        count++;
        for (int k = 0; k < sums.length; k++) {
          sums[k] += score.coverage()[k];
        }
      }
    }
    for (int k = 0; k < sums.length; k++) {
      sums[k] /= count;
    }
    return sums;
  }

  /** Returns the mean of the values that are not NaN; NaN if there are none. */
  private static double mean(float[] values) {
    double sum = 0;
    int count = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }

  /** Combines the accuracy of the same version on several instances. */
  static @Nullable AccuracyDocument merge(
      @Nullable AccuracyDocument a, @Nullable AccuracyDocument b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    double share = (double) a.forecasts / (a.forecasts + b.forecasts);
    boolean isSameLevels = a.quantileLevels.equals(b.quantileLevels);
    AccuracyDocument larger = a.forecasts >= b.forecasts ? a : b;
    double[] coverage = larger.coverage;
    if (isSameLevels) {
      coverage = new double[a.coverage.length];
      for (int k = 0; k < coverage.length; k++) {
        coverage[k] = share * a.coverage[k] + (1 - share) * b.coverage[k];
      }
    }
    return of(
        a.forecasts + b.forecasts,
        share * a.mase + (1 - share) * b.mase,
        share * a.baselineMase + (1 - share) * b.baselineMase,
        larger.quantileLevels,
        coverage);
  }
}
