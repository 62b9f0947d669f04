package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.series.SteppedSeries;
import java.time.Instant;
import java.util.List;

/** Adds the errors of one series' forecasts, and of the baselines, to an {@link Accuracy}. */
final class Scorer {
  private final SteppedSeries series;
  private final double[] filled;
  private final SeasonalNaiveError seasonError;
  private final List<ReferenceForecast> baselines;
  private final Accuracy accuracy;

  /** Creates a scorer that adds to {@code accuracy}. */
  Scorer(
      SteppedSeries series, int seasonSteps, List<ReferenceForecast> baselines, Accuracy accuracy) {
    this.series = series;
    filled = series.filled();
    seasonError = new SeasonalNaiveError(series.values(), seasonSteps);
    this.baselines = baselines;
    this.accuracy = accuracy;
  }

  /**
   * Adds the forecast from origin {@code t}; origins must be in order of time.
   *
   * @return whether any step of the forecast was measured
   * @throws IllegalArgumentException if the forecast is not finite
   */
  boolean add(Forecast forecast, int t) {
    double[] x = series.values();
    int to = Math.min(forecast.horizon(), x.length - 1 - t);
    double[][] baselineForecasts = new double[baselines.size()][];
    double scale = seasonError.at(t);
    boolean isMeasured = false;
    for (int j = 1; j <= to; j++) {
      if (Double.isNaN(x[t + j])) {
        continue;
      }
      requireFinite(forecast, j);
      isMeasured = true;
      accuracy.at(0, j).add(x[t + j], forecast, j, scale);
      for (int i = 0; i < baselineForecasts.length; i++) {
        if (baselineForecasts[i] == null) {
          baselineForecasts[i] = new double[forecast.horizon()];
          baselines.get(i).rule().forecast(filled, t, baselineForecasts[i]);
        }
        accuracy.at(i + 1, j).add(x[t + j], baselineForecasts[i][j - 1], scale);
      }
    }
    return isMeasured;
  }

  private void requireFinite(Forecast forecast, int step) {
    for (int k = 0; k < Math.max(1, forecast.quantileLevels().size()); k++) {
      if (!Double.isFinite(forecast.value(step, k))) {
        throw new IllegalArgumentException(
            "series %s: the forecast from %s, step %d, is %s"
                .formatted(
                    series.name(),
                    Instant.ofEpochMilli(forecast.origin().timestampMs()),
                    step,
                    forecast.value(step, k)));
      }
    }
  }
}
