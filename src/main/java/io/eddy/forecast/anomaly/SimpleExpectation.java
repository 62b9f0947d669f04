package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The expectation of the simple forecasters: the last value, the level of the last ten steps or so,
 * or the mean of the season, whichever had the smallest absolute error recently.
 *
 * <p>The interval is ±c·e with e the mean absolute error of the forecaster. The factor c follows
 * adaptive conformal inference (Gibbs and Candès, "Adaptive conformal inference under distribution
 * shift", 2021): it grows by γ·0.9 at a value outside the interval and falls by γ·0.1 at one
 * inside, so that 90 % of the values are inside.
 */
final class SimpleExpectation {
  private static final int SEASON = 2;
  private static final int FORECASTERS = 3;

  static final int BYTES = (FORECASTERS + 1) * SlowMean.BYTES + Double.BYTES;

  /** A season exists if its mean error is below this share of that of a constant level. */
  private static final double MAX_SEASON_ERROR = 0.8;

  private static final double ERROR_SMOOTHING = 0.01;
  private static final double MISS_RATE = 0.1;
  private static final double GAMMA = 0.05;
  private static final double FIRST_FACTOR = 2.5;
  private static final double MIN_FACTOR = 0.5;

  private final SlowMean[] errors = new SlowMean[FORECASTERS];
  private final SlowMean constantError = new SlowMean(ERROR_SMOOTHING);
  private final double[] points = new double[FORECASTERS];
  private double factor = FIRST_FACTOR;
  private int best;

  SimpleExpectation() {
    for (int k = 0; k < FORECASTERS; k++) {
      errors[k] = new SlowMean(ERROR_SMOOTHING);
    }
  }

  /**
   * Forecasts the next step.
   *
   * @param seasonMean NaN if it is not known
   */
  Expectation next(double last, double level, double seasonMean) {
    points[0] = last;
    points[1] = level;
    points[SEASON] = Double.isNaN(seasonMean) ? level : seasonMean;
    best = 0;
    for (int k = 1; k < FORECASTERS; k++) {
      if (errors[k].mean() < errors[best].mean()) {
        best = k;
      }
    }
    double halfWidth = factor * error();
    return new Expectation(points[best], points[best] - halfWidth, points[best] + halfWidth);
  }

  /**
   * Learns from the value of the step that was forecast last.
   *
   * @param usualLevel before the step
   */
  void add(double value, double usualLevel) {
    constantError.add(Math.abs(value - usualLevel));
    double miss = Math.abs(value - points[best]) > factor * error() ? 1 : 0;
    factor = Math.max(MIN_FACTOR, factor + GAMMA * (miss - MISS_RATE));
    for (int k = 0; k < FORECASTERS; k++) {
      errors[k].add(Math.abs(value - points[k]));
    }
  }

  /** Writes the state between two steps; the forecasts of a step are not part of it. */
  void put(ByteBuffer bytes) {
    for (SlowMean error : errors) {
      error.put(bytes);
    }
    constantError.put(bytes);
    bytes.putDouble(factor);
  }

  void get(ByteBuffer bytes) {
    for (SlowMean error : errors) {
      error.get(bytes);
    }
    constantError.get(bytes);
    factor = bytes.getDouble();
  }

  /** Returns the mean absolute error of the best forecaster. */
  double error() {
    return errors[best].mean();
  }

  /** Returns whether the series has the season. */
  boolean isSeasonal() {
    return errors[SEASON].mean() < MAX_SEASON_ERROR * constantError.mean();
  }

  /** Returns the mean absolute error of the season's mean. */
  double seasonError() {
    return errors[SEASON].mean();
  }
}
