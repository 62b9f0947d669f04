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
  static final int BYTES = 5 * Float.BYTES;

  /** A season exists if its mean error is below this share of that of a constant level. */
  private static final double MAX_SEASON_ERROR = 0.8;

  private static final double ERROR_SMOOTHING = 0.01;
  private static final double MISS_RATE = 0.1;
  private static final double GAMMA = 0.05;
  private static final double FIRST_FACTOR = 2.5;
  private static final double MIN_FACTOR = 0.5;

  private float lastError;
  private float levelError;
  private float seasonError;
  private float constantError;
  private float factor = (float) FIRST_FACTOR;
  private double last;
  private double level;
  private double season;
  private double point;
  private double error;
  private double halfWidth;

  /**
   * Forecasts the next step.
   *
   * @param seasonMean NaN if it is not known
   */
  void forecast(double last, double level, double seasonMean) {
    this.last = last;
    this.level = level;
    season = Double.isNaN(seasonMean) ? level : seasonMean;
    point = last;
    error = lastError;
    if (levelError < error) {
      point = level;
      error = levelError;
    }
    if (seasonError < error) {
      point = season;
      error = seasonError;
    }
    halfWidth = factor * error;
  }

  /** Returns the forecast of the step that was forecast last. */
  Expectation expectation() {
    return new Expectation(point, point - halfWidth, point + halfWidth);
  }

  /**
   * Learns from the value of the step that was forecast last.
   *
   * @param usualLevel before the step
   * @param share 1/n, with n the number of values including this one
   */
  void add(double value, double usualLevel, double share) {
    double miss = Math.abs(value - point) > halfWidth ? 1 : 0;
    factor = (float) Math.max(MIN_FACTOR, factor + GAMMA * (miss - MISS_RATE));
    lastError = next(lastError, value - last, share);
    levelError = next(levelError, value - level, share);
    seasonError = next(seasonError, value - season, share);
    constantError = next(constantError, value - usualLevel, share);
  }

  private static float next(float mean, double error, double share) {
    return StepStatistics.limited(SlowMean.next(mean, Math.abs(error), ERROR_SMOOTHING, share));
  }

  /** Writes the state between two steps; the forecasts of a step are not part of it. */
  void put(ByteBuffer bytes) {
    bytes.putFloat(lastError).putFloat(levelError).putFloat(seasonError);
    bytes.putFloat(constantError).putFloat(factor);
  }

  void get(ByteBuffer bytes) {
    lastError = bytes.getFloat();
    levelError = bytes.getFloat();
    seasonError = bytes.getFloat();
    constantError = bytes.getFloat();
    factor = bytes.getFloat();
  }

  /** Returns the mean absolute error of the forecaster of the step that was forecast last. */
  double error() {
    return error;
  }

  /** Returns whether the series has the season. */
  boolean isSeasonal() {
    return seasonError < MAX_SEASON_ERROR * constantError;
  }

  /** Returns the mean absolute error of the season's mean. */
  double seasonError() {
    return seasonError;
  }
}
