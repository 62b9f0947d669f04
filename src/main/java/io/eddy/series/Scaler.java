package io.eddy.series;

/**
 * Causal level and scale of one series: exponentially weighted mean and mean absolute deviation.
 *
 * <p>With α = 1 − 2^(−1/halfLife), level_t = Σ α(1−α)^k x_{t−k} / Σ α(1−α)^k, and scale_t is the
 * same average of |x_t − level_{t−1}|. Both start as plain averages and forget with the half-life
 * later. The mean absolute error of a baseline forecast can be tracked as well, with a half-life of
 * its own. The scale is at least 2^−44 of the level, so a constant series can be divided by it:
 * that is above the rounding error of the level, and below any variation that the values can have.
 * The class uses IEEE operations only and gives the same bits on every platform.
 */
public final class Scaler {
  private static final double RELATIVE_FLOOR = 0x1p-44;
  private static final double ABSOLUTE_FLOOR = 1e-36;
  private static final double MIN_RELATIVE_ERROR = 0.02;
  private static final double FIRST_STEP_SHARE = 0.1;

  private double levelWeight;
  private double levelSum;
  private double deviationWeight;
  private double deviationSum;
  private double errorWeight;
  private double errorSum;

  /** Returns the smoothing factor α for a half-life in steps. */
  public static double smoothing(double halfLifeSteps) {
    return 1 - StrictMath.pow(2, -1 / halfLifeSteps);
  }

  /** Adds the value of the next step; {@code smoothing} is α. */
  public void update(double value, double smoothing) {
    double keep = 1 - smoothing;
    if (levelWeight > 0) {
      double deviation = Math.abs(value - level());
      deviationWeight = keep * deviationWeight + smoothing;
      deviationSum = keep * deviationSum + smoothing * deviation;
    }
    levelWeight = keep * levelWeight + smoothing;
    levelSum = keep * levelSum + smoothing * value;
  }

  /** Adds the error of the baseline forecast of the next step; {@code smoothing} is its α. */
  public void updateError(double error, double smoothing) {
    double keep = 1 - smoothing;
    errorWeight = keep * errorWeight + smoothing;
    errorSum = keep * errorSum + smoothing * Math.abs(error);
  }

  /** Returns whether no value has been added. */
  public boolean isEmpty() {
    return levelWeight == 0;
  }

  /** Returns whether exactly one value has been added, which has no deviation. */
  public boolean hasOneValue() {
    return levelWeight > 0 && deviationWeight == 0;
  }

  /** Returns whether the mean absolute deviation, not its lower bound, determines the scale. */
  public boolean hasChanged() {
    return deviationWeight > 0 && deviationSum / deviationWeight >= floor();
  }

  /** Returns the weighted mean, in the series' unit, or 0 before the first value. */
  public double level() {
    return levelWeight > 0 ? levelSum / levelWeight : 0;
  }

  /** Returns the weighted mean absolute deviation, in the series' unit; always above 0. */
  public double scale() {
    double spread =
        deviationWeight > 0 ? deviationSum / deviationWeight : FIRST_STEP_SHARE * Math.abs(level());
    return Math.max(spread, floor());
  }

  private double floor() {
    return Math.max(RELATIVE_FLOOR * Math.abs(level()), ABSOLUTE_FLOOR);
  }

  /**
   * Returns the weighted mean absolute error of the baseline forecast, in the series' unit. It is
   * at least a fiftieth of the scale, and equal to the scale before the first error.
   */
  public double error() {
    double scale = scale();
    return errorWeight > 0 ? Math.max(errorSum / errorWeight, MIN_RELATIVE_ERROR * scale) : scale;
  }

  /** Returns an independent copy. */
  public Scaler copy() {
    Scaler copy = new Scaler();
    copy.restore(levelWeight, levelSum, deviationWeight, deviationSum);
    copy.restoreError(errorWeight, errorSum);
    return copy;
  }

  /** Resets to the state before the first value. */
  public void clear() {
    restore(0, 0, 0, 0);
    restoreError(0, 0);
  }

  /** Returns the arguments of {@link #restore} followed by those of {@link #restoreError}. */
  public double[] snapshot() {
    return new double[] {
      levelWeight, levelSum, deviationWeight, deviationSum, errorWeight, errorSum
    };
  }

  /** Restores the weights and weighted sums of level and deviation from a {@link #snapshot}. */
  public void restore(
      double levelWeight, double levelSum, double deviationWeight, double deviationSum) {
    this.levelWeight = levelWeight;
    this.levelSum = levelSum;
    this.deviationWeight = deviationWeight;
    this.deviationSum = deviationSum;
  }

  /** Restores the weight and weighted sum of the error from a {@link #snapshot}. */
  public void restoreError(double errorWeight, double errorSum) {
    this.errorWeight = errorWeight;
    this.errorSum = errorSum;
  }
}
