package io.eddy.forecast.combination;

import java.nio.ByteBuffer;

/**
 * Follows the level of values: their exponentially weighted mean, which begins as the plain mean.
 *
 * <pre>
 *   μ ← μ + max(α, 1/n)·clip(x − μ, ±{@value #BOUND}·a)      a: mean of |x − μ|
 * </pre>
 *
 * <p>A single outlier therefore moves the mean only a little. Two outliers in succession on the
 * same side, of similar size, are a jump: the mean becomes the mean of both, with n = 2. A jump of
 * a level with a trend changes neither n nor the trend. Used by one thread.
 */
final class Tracker {
  static final int BYTES = Double.BYTES + 2 * Float.BYTES + Integer.BYTES;

  private static final int BOUND = 4;
  private static final int MAX_COUNT = 1 << 20;

  /** Values before which nothing is an outlier. */
  private static final int MIN_COUNT = 8;

  private static final double ERROR_SMOOTHING = 0.05;

  private static final double SLACK = 2.5;
  private static final double MAX_SCORE = 5.5;
  private static final double MIN_ERROR_RATIO = 0.02;
  private static final double THRESHOLD = 6.5;
  private static final double MAX_ERROR_RATIO = 10;

  /** Values that the mean after a jump is an average of, about. */
  private static final int JUMP_COUNT = 64;

  /** μ */
  private double mean;

  /** a */
  private float error;

  /** The last deviation if it was an outlier, otherwise 0; or ±S of {@link #addToJumps}. */
  private float outlier;

  /** n; of {@link #addToJumps} minus the number of values before the first jump. */
  private int count;

  double mean() {
    return mean;
  }

  /** Returns n, at most {@value #MAX_COUNT}. */
  int count() {
    return count;
  }

  void clear() {
    mean = 0;
    error = 0;
    outlier = 0;
    count = 0;
  }

  void copyFrom(Tracker other) {
    mean = other.mean;
    error = other.error;
    outlier = other.outlier;
    count = other.count;
  }

  /**
   * Adds a value.
   *
   * @param smoothing α
   */
  void add(double value, double smoothing) {
    if (count == 0) {
      mean = value;
      count = 1;
      return;
    }
    double deviation = value - mean;
    double bounded = bounded(deviation);
    if (isJump(deviation)) {
      mean += (deviation + outlier) / 2;
      count = 2;
      outlier = 0;
      return;
    }
    countValue();
    mean = Math.fma(Math.max(smoothing, 1.0 / count), bounded, mean);
    learn(deviation, bounded);
  }

  /** Moves the mean along a trend. */
  void shift(double change) {
    mean += change;
  }

  /**
   * Adds a value to a level with a trend, which {@link #shift} has moved to the value's step.
   *
   * @param smoothing α
   * @param trendSmoothing α·β
   * @return the change of the trend
   */
  double add(double value, double smoothing, double trendSmoothing) {
    if (count == 0) {
      mean = value;
      count = 1;
      return 0;
    }
    double deviation = value - mean;
    double bounded = bounded(deviation);
    if (isJump(deviation)) {
      mean += (deviation + outlier) / 2;
      outlier = 0;
      return 0;
    }
    countValue();
    double n = count;
    double area = n * (n + 1);
    mean = Math.fma(Math.max(smoothing, 2 * (2 * n - 1) / area), bounded, mean);
    learn(deviation, bounded);
    return Math.max(trendSmoothing, 6 / area) * bounded;
  }

  /**
   * Adds a value to a mean that is 0 until the values jump.
   *
   * <pre>
   *   S ← max(0, S + min(|x − μ|/a, {@value #MAX_SCORE}) − {@value #SLACK})      on one side of μ
   *   S ≥ {@value #THRESHOLD}:  μ ← x,  S ← 0,  n ← 1
   * </pre>
   *
   * <p>That is a cumulative sum (E. Page, Continuous inspection schemes, 1954). It takes at least
   * three far values in succession on the same side, so that outliers and noise do not move the
   * mean. After a jump the mean follows as that of {@link #add} does, with α = 1/{@value
   * #JUMP_COUNT}. An error counts for at most {@value #SLACK}·a or the unit in a.
   *
   * @param unit of the values, above 0
   * @return the change of the mean by a jump; 0 without
   */
  double addToJumps(double value, double unit) {
    double deviation = value - mean;
    double size = Math.abs(deviation);
    int known = Math.min(Math.abs(count) + 1, MAX_COUNT);
    count = count > 0 ? known : -known;
    if (known > MIN_COUNT || count > 0) {
      double scales = Math.min(MAX_SCORE, size / Math.max(error, MIN_ERROR_RATIO * unit));
      double before = outlier * deviation > 0 ? Math.abs(outlier) : 0;
      double score = Math.max(0, before + scales - SLACK);
      outlier = (float) Math.copySign(score, deviation);
      if (score >= THRESHOLD) {
        mean = value;
        outlier = 0;
        count = 1;
        return deviation;
      }
      size = Math.min(size, Math.max(SLACK * error, unit));
    }
    if (count > 0) {
      double bound = BOUND * error;
      double bounded = Math.max(-bound, Math.min(bound, deviation));
      mean = Math.fma(Math.max(1.0 / JUMP_COUNT, 1.0 / count), bounded, mean);
    }
    double smoothing = count > 0 ? ERROR_SMOOTHING : Math.max(ERROR_SMOOTHING, 1.0 / known);
    error += (float) (smoothing * (size - error));
    return 0;
  }

  /** Returns a deviation from the mean, at most the {@link #bound}. */
  double robust(double deviation, double unit) {
    double bound = bound(unit);
    return Math.max(-bound, Math.min(bound, deviation));
  }

  /**
   * Returns the deviation from the mean that still counts in full: {@value #MAX_ERROR_RATIO} times
   * a or the unit, whichever is larger; infinite for the first values.
   */
  double bound(double unit) {
    return Math.abs(count) < MIN_COUNT
        ? Double.POSITIVE_INFINITY
        : MAX_ERROR_RATIO * Math.max(error, unit);
  }

  private void countValue() {
    count = Math.min(count + 1, MAX_COUNT);
  }

  private double bounded(double deviation) {
    double bound = BOUND * error;
    return count < MIN_COUNT ? deviation : Math.max(-bound, Math.min(bound, deviation));
  }

  private boolean isJump(double deviation) {
    return outlier != 0
        && Math.abs(deviation) > BOUND * error
        && Math.abs(deviation - outlier) < Math.abs(outlier) / 2;
  }

  private void learn(double deviation, double bounded) {
    outlier = bounded == deviation ? 0 : (float) deviation;
    double smoothing = Math.max(ERROR_SMOOTHING, 1.0 / (count - 1));
    error += (float) (smoothing * (Math.abs(deviation) - error));
  }

  void put(ByteBuffer bytes) {
    bytes.putDouble(mean).putFloat(error).putFloat(outlier).putInt(count);
  }

  void get(ByteBuffer bytes) {
    mean = bytes.getDouble();
    error = bytes.getFloat();
    outlier = bytes.getFloat();
    count = bytes.getInt();
  }
}
