package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import java.util.List;

/**
 * Errors of one forecaster over a set of points, all counted alike. With y what came, p the median
 * or the point forecast, m the mean, q_τ the quantile of level τ and s the {@link
 * SeasonalNaiveError} at the origin:
 *
 * <pre>
 *   MAE    mean |y − p|                       RMSE   √ mean (y − m)²
 *   MASE   mean |y − p| / s                   R. J. Hyndman and A. B. Koehler, 2006
 *   sMAPE  mean 200·|y − p| / (|y| + |p|)     in percent, 0 of 0 is 0; S. Makridakis et al., M4, 2020
 *   WAPE   Σ |y − p| / Σ |y|
 *   wQL    2 Σ max(τ·e, (τ − 1)·e) / Σ |y|    e = y − q_τ, mean over the levels; GluonTS, 2020
 *   MSIS   mean (u − l + 2/α·(l − y)⁺ + 2/α·(y − u)⁺) / s    of the interval from l to u with the
 *                                             nominal share 1 − α; T. Gneiting and A. Raftery, 2007
 * </pre>
 *
 * A point stands for every quantile where a forecaster has none. A point whose s is not known,
 * since its series was constant so far, is left out of MASE and MSIS. What no point was counted for
 * is NaN.
 */
public final class ErrorMeasures {
  private final List<Double> levels;
  private final List<CentralInterval> intervals;
  private final int scored;
  private final double[] pinballSums;
  private final long[] atOrBelow;
  private final long[] within;
  private double absoluteSum;
  private double squaredSum;
  private double squaredSumOfMean;
  private double actualSum;
  private double symmetricSum;
  private double scaledSum;
  private double intervalSum;
  private long points;
  private long scaledPoints;
  private boolean hasQuantiles;

  /** Of no point; {@code levels} ascending, empty for point forecasts. */
  ErrorMeasures(List<Double> levels) {
    this.levels = levels;
    intervals = CentralInterval.of(levels);
    scored = CentralInterval.scored(intervals);
    pinballSums = new double[levels.size()];
    atOrBelow = new long[levels.size()];
    within = new long[intervals.size()];
  }

  /**
   * Counts a point forecast.
   *
   * @param actual y
   * @param point p
   * @param scale s, NaN where it is not known
   */
  void add(double actual, double point, double scale) {
    addPoint(actual, point, point, scale);
    for (int k = 0; k < pinballSums.length; k++) {
      pinballSums[k] += pinball(levels.get(k), actual - point);
    }
  }

  /** Counts one step ahead of a model's forecast. */
  void add(double actual, Forecast forecast, int step, double scale) {
    addPoint(actual, forecast.median(step), forecast.mean(step), scale);
    hasQuantiles = true;
    for (int k = 0; k < atOrBelow.length; k++) {
      double error = actual - forecast.value(step, k);
      pinballSums[k] += pinball(levels.get(k), error);
      atOrBelow[k] += error <= 0 ? 1 : 0;
    }
    for (int i = 0; i < within.length; i++) {
      double below = forecast.value(step, intervals.get(i).lower()) - actual;
      double above = actual - forecast.value(step, intervals.get(i).upper());
      within[i] += below <= 0 && above <= 0 ? 1 : 0;
      if (i == scored && !Double.isNaN(scale)) {
        double penalty = 2 / (1 - intervals.get(i).nominal());
        double outside = Math.max(0, below) + Math.max(0, above);
        // u − l = −(l − y) − (y − u)
        intervalSum += (penalty * outside - below - above) / scale;
      }
    }
  }

  private void addPoint(double actual, double point, double mean, double scale) {
    double error = Math.abs(actual - point);
    double size = Math.abs(actual) + Math.abs(point);
    points++;
    absoluteSum += error;
    squaredSum += error * error;
    squaredSumOfMean += (actual - mean) * (actual - mean);
    actualSum += Math.abs(actual);
    symmetricSum += size > 0 ? 200 * error / size : 0;
    if (!Double.isNaN(scale)) {
      scaledPoints++;
      scaledSum += error / scale;
    }
  }

  private static double pinball(double level, double error) {
    return Math.max(level * error, (level - 1) * error);
  }

  /** Adds the points of another, of the same levels. */
  void add(ErrorMeasures other) {
    absoluteSum += other.absoluteSum;
    squaredSum += other.squaredSum;
    squaredSumOfMean += other.squaredSumOfMean;
    actualSum += other.actualSum;
    symmetricSum += other.symmetricSum;
    scaledSum += other.scaledSum;
    intervalSum += other.intervalSum;
    for (int k = 0; k < atOrBelow.length; k++) {
      pinballSums[k] += other.pinballSums[k];
      atOrBelow[k] += other.atOrBelow[k];
    }
    for (int i = 0; i < within.length; i++) {
      within[i] += other.within[i];
    }
    points += other.points;
    scaledPoints += other.scaledPoints;
    hasQuantiles |= other.hasQuantiles;
  }

  /** The levels of the quantiles, ascending; empty for point forecasts. */
  public List<Double> levels() {
    return levels;
  }

  /** Points counted. */
  public long points() {
    return points;
  }

  /** In the data's unit. */
  public double meanAbsoluteError() {
    return absoluteSum / points;
  }

  /** RMSE, of the mean, which of all forecasts makes it least; in the data's unit. */
  public double rootMeanSquaredError() {
    return Math.sqrt(squaredSumOfMean / points);
  }

  /** √ mean (y − p)², in the data's unit. */
  public double rootMeanSquaredErrorOfMedian() {
    return Math.sqrt(squaredSum / points);
  }

  /** MASE. */
  public double meanAbsoluteScaledError() {
    return scaledSum / scaledPoints;
  }

  /** sMAPE, in percent, from 0 to 200. */
  public double symmetricPercentageError() {
    return symmetricSum / points;
  }

  /** WAPE. */
  public double weightedAbsoluteError() {
    return absoluteSum / actualSum;
  }

  /** wQL; NaN where there are no levels. */
  public double weightedQuantileLoss() {
    return weightedQuantileLoss(levels);
  }

  /**
   * wQL over some of the levels.
   *
   * @throws IllegalArgumentException where one of them is not forecast
   */
  public double weightedQuantileLoss(List<Double> some) {
    double pinballSum = 0;
    for (double level : some) {
      int index = levels.indexOf(level);
      if (index < 0) {
        throw new IllegalArgumentException(
            "level: expected one of %s, got %s".formatted(levels, level));
      }
      pinballSum += pinballSums[index];
    }
    return 2 * pinballSum / some.size() / actualSum;
  }

  /** MSIS of {@link #scoredInterval}; NaN where there is none. */
  public double meanScaledIntervalScore() {
    return hasQuantiles && !intervals.isEmpty() ? intervalSum / scaledPoints : Double.NaN;
  }

  /** Share of what came at or below the quantile of level {@code index}. */
  public double coverage(int index) {
    return hasQuantiles ? (double) atOrBelow[index] / points : Double.NaN;
  }

  /** Share of what came within an interval, bounds included. */
  public double intervalCoverage(int index) {
    return hasQuantiles ? (double) within[index] / points : Double.NaN;
  }

  /** The central intervals of the levels, the widest first. */
  public List<CentralInterval> intervals() {
    return intervals;
  }

  /** Index of the interval that MSIS is of: that of 95 %, or else the widest. */
  public int scoredInterval() {
    return scored;
  }
}
