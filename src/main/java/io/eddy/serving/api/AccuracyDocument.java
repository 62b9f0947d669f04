package io.eddy.serving.api;

import io.eddy.forecast.Score;
import io.eddy.kafka.stream.VersionScores;
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
 * @param coverage share of measured values at or below the quantile of each level
 */
record AccuracyDocument(
    long forecasts,
    String baseline,
    double mase,
    double baselineMase,
    @Nullable Double skill,
    List<Double> quantileLevels,
    List<Double> coverage) {
  static final String BASELINE = "seasonal naive";

  private static AccuracyDocument of(
      long forecasts,
      double mase,
      double baselineMase,
      List<Double> quantileLevels,
      List<Double> coverage) {
    return new AccuracyDocument(
        forecasts,
        BASELINE,
        mase,
        baselineMase,
        baselineMase > 0 ? Double.valueOf(1 - mase / baselineMase) : null,
        quantileLevels,
        coverage);
  }

  /** Creates a document from sums; null if nothing was scored. */
  static @Nullable AccuracyDocument of(VersionScores.Totals totals) {
    long forecasts = totals.forecasts();
    if (forecasts == 0) {
      return null;
    }
    return of(
        forecasts,
        totals.errors().model() / forecasts,
        totals.errors().naive() / forecasts,
        totals.levels().stream().map(VersionScores.Level::level).toList(),
        totals.levels().stream().map(level -> level.covered() / totals.steps()).toList());
  }

  /**
   * Aggregates the scores with the quantile levels of the last one; null if none of them can be
   * compared with the baseline.
   */
  static @Nullable AccuracyDocument ofScores(List<ScoredForecast> scores) {
    if (scores.isEmpty()) {
      return null;
    }
    List<Double> levels = scores.get(scores.size() - 1).score().quantileLevels();
    VersionScores sums = new VersionScores(levels);
    for (ScoredForecast scored : scores) {
      Score score = scored.score();
      if (score.origin().warm()
          && score.naiveMeanError() > 0
          && score.quantileLevels().equals(levels)) {
        sums.add(score);
      }
    }
    return of(sums.totals());
  }

  /** Combines the accuracy of the same version on several instances. */
  static @Nullable AccuracyDocument merge(
      @Nullable AccuracyDocument a, @Nullable AccuracyDocument b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    double share = (double) a.forecasts / (a.forecasts + b.forecasts);
    AccuracyDocument larger = a.forecasts >= b.forecasts ? a : b;
    return of(
        a.forecasts + b.forecasts,
        share * a.mase + (1 - share) * b.mase,
        share * a.baselineMase + (1 - share) * b.baselineMase,
        larger.quantileLevels,
        a.quantileLevels.equals(b.quantileLevels)
            ? mean(a.coverage, b.coverage, share)
            : larger.coverage);
  }

  private static List<Double> mean(List<Double> a, List<Double> b, double share) {
    List<Double> mean = new ArrayList<>();
    for (int k = 0; k < a.size(); k++) {
      mean.add(share * a.get(k) + (1 - share) * b.get(k));
    }
    return mean;
  }
}
