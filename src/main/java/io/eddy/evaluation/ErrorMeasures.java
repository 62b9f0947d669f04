package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import java.util.List;

/**
 * Error measures of one forecaster over a set of points, each with equal weight. With y the actual
 * value, p the median or the point forecast, m the mean, q_τ the quantile of level τ and s the
 * {@link SeasonalNaiveError} at the origin:
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
 * A forecaster without quantiles has p for every quantile. MASE and MSIS exclude points whose s is
 * unknown because the series was constant so far. A measure without points is NaN.
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

  /** Creates measures without points; {@code levels} ascending, empty for point forecasts. */
  ErrorMeasures(List<Double> levels) {
    this.levels = levels;
    intervals = CentralInterval.of(levels);
    scored = CentralInterval.scored(intervals);
    pinballSums = new double[levels.size()];
    atOrBelow = new long[levels.size()];
    within = new long[intervals.size()];
  }

  /**
   * Adds a point forecast.
   *
   * @param actual y
   * @param point p
   * @param scale s, NaN if unknown
   */
  void add(double actual, double point, double scale) {
    addPoint(actual, point, point, scale);
    for (int k = 0; k < pinballSums.length; k++) {
      pinballSums[k] += pinball(levels.get(k), actual - point);
    }
  }

  /** Adds one step of a model's forecast. */
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

  /** Adds the points of other measures with the same levels. */
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

  /** Returns the levels of the quantiles, ascending; empty for point forecasts. */
  public List<Double> levels() {
    return levels;
  }

  /** Returns the number of points. */
  public long points() {
    return points;
  }

  /** Returns the MAE, in the data's unit. */
  public double meanAbsoluteError() {
    return absoluteSum / points;
  }

  /** Returns the RMSE of the mean, which minimizes it; in the data's unit. */
  public double rootMeanSquaredError() {
    return Math.sqrt(squaredSumOfMean / points);
  }

  /** Returns √ mean (y − p)², in the data's unit. */
  public double rootMeanSquaredErrorOfMedian() {
    return Math.sqrt(squaredSum / points);
  }

  /** Returns the MASE. */
  public double meanAbsoluteScaledError() {
    return scaledSum / scaledPoints;
  }

  /** Returns the sMAPE in percent, from 0 to 200. */
  public double symmetricPercentageError() {
    return symmetricSum / points;
  }

  /** Returns the WAPE. */
  public double weightedAbsoluteError() {
    return absoluteSum / actualSum;
  }

  /** Returns the wQL over all levels; NaN without levels. */
  public double weightedQuantileLoss() {
    return weightedQuantileLoss(levels);
  }

  /**
   * Returns the wQL over some of the levels.
   *
   * @throws IllegalArgumentException if a level is not forecast
   */
  public double weightedQuantileLoss(List<Double> selected) {
    double pinballSum = 0;
    for (double level : selected) {
      int index = levels.indexOf(level);
      if (index < 0) {
        throw new IllegalArgumentException(
            "quantile level: expected one of %s, got %s".formatted(levels, level));
      }
      pinballSum += pinballSums[index];
    }
    return 2 * pinballSum / selected.size() / actualSum;
  }

  /** Returns the MSIS of {@link #scoredInterval}; NaN without intervals. */
  public double meanScaledIntervalScore() {
    return hasQuantiles && !intervals.isEmpty() ? intervalSum / scaledPoints : Double.NaN;
  }

  /** Returns the share of values at or below the quantile of level {@code index}. */
  public double coverage(int index) {
    return hasQuantiles ? (double) atOrBelow[index] / points : Double.NaN;
  }

  /** Returns the share of values within an interval, bounds included. */
  public double intervalCoverage(int index) {
    return hasQuantiles ? (double) within[index] / points : Double.NaN;
  }

  /** Returns the central intervals of the levels, the widest first. */
  public List<CentralInterval> intervals() {
    return intervals;
  }

  /** Returns the index of the interval that MSIS scores: the 95 % interval, or the widest. */
  public int scoredInterval() {
    return scored;
  }
}
