package io.eddy.kafka.stream;

import io.eddy.forecast.Score;
import java.util.ArrayList;
import java.util.List;

/** Sums of the scores of one version. Thread-safe. */
public final class VersionScores {
  private final List<Double> levels;
  private final double[] covered;
  private long forecasts;
  private long steps;
  private double error;
  private double baselineError;
  private double naiveError;
  private long lastNs;

  /**
   * Sums of scores.
   *
   * @param forecasts number of scored forecasts
   * @param steps number of their steps with a measured value
   * @param levels by ascending quantile level; empty without quantiles
   */
  public record Totals(long forecasts, long steps, Errors errors, List<Level> levels) {}

  /**
   * Sums over the forecasts of the mean scaled error.
   *
   * @param model of the version
   * @param baseline of the model's own baseline
   * @param naive of seasonal naive
   */
  public record Errors(double model, double baseline, double naive) {}

  /**
   * A quantile level.
   *
   * @param covered number of steps whose value was at or below the quantile
   */
  public record Level(double level, double covered) {}

  public VersionScores(List<Double> levels) {
    this.levels = levels;
    covered = new double[levels.size()];
  }

  /** Adds a score whose scale, the mean error of seasonal naive, is positive. */
  public synchronized void add(Score score) {
    float[] errors = score.absoluteError();
    int measured = 0;
    double sum = 0;
    for (float error : errors) {
      if (!Float.isNaN(error)) {
        sum += error;
        measured++;
      }
    }
    double naive = mean(score.naiveAbsoluteError());
    if (measured == 0 || Double.isNaN(naive)) {
      return;
    }
    double scale = score.naiveMeanError();
    forecasts++;
    steps += measured;
    error += sum / measured / scale;
    naiveError += naive / scale;
    double baseline = mean(score.baseAbsoluteError());
    baselineError += Double.isNaN(baseline) ? 0 : baseline / scale;
    float[] coverage = score.coverage();
    for (int level = 0; level < covered.length && level < coverage.length; level++) {
      if (!Float.isNaN(coverage[level])) {
        covered[level] += coverage[level] * measured;
      }
    }
    lastNs = System.nanoTime();
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

  synchronized long lastNs() {
    return lastNs;
  }

  public synchronized Totals totals() {
    List<Level> coverage = new ArrayList<>();
    for (int level = 0; level < covered.length; level++) {
      coverage.add(new Level(levels.get(level), covered[level]));
    }
    return new Totals(forecasts, steps, new Errors(error, baselineError, naiveError), coverage);
  }
}
