package io.eddy.series;

/**
 * Causal level and scale of one series: exponentially weighted mean and mean absolute deviation.
 *
 * <p>With α = 1 − 2^(−1/halfLife), level_t = Σ α(1−α)^k x_{t−k} / Σ α(1−α)^k and scale_t likewise
 * of |x_t − level_{t−1}|, so both are plain averages at first and forget with the half-life later.
 * The error of a simple forecast can be averaged beside them, with a half-life of its own. Only
 * IEEE operations: the same bits everywhere. The scale never falls below a ten-thousandth of the
 * level, so a constant series can be divided by it.
 */
public final class Scaler {
  private static final double RELATIVE_FLOOR = 1e-4;
  private static final double ABSOLUTE_FLOOR = 1e-36;
  private static final double MIN_RELATIVE_ERROR = 0.02;
  private static final double FIRST_STEP_SHARE = 0.1;

  private double levelWeight;
  private double levelSum;
  private double deviationWeight;
  private double deviationSum;
  private double errorWeight;
  private double errorSum;

  /** Smoothing factor α of a half-life in steps. */
  public static double smoothing(double halfLifeSteps) {
    return 1 - StrictMath.pow(2, -1 / halfLifeSteps);
  }

  /** Takes the value of the next step; {@code smoothing} is α. */
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

  /** Takes what a simple forecast of the next value was wrong by; {@code smoothing} is its α. */
  public void updateError(double error, double smoothing) {
    double keep = 1 - smoothing;
    errorWeight = keep * errorWeight + smoothing;
    errorSum = keep * errorSum + smoothing * Math.abs(error);
  }

  /** Whether no value was seen. */
  public boolean isEmpty() {
    return levelWeight == 0;
  }

  /** Whether values differed from the mean of those before by so much that it is the scale. */
  public boolean hasChanged() {
    return deviationWeight > 0 && deviationSum / deviationWeight >= floor();
  }

  /** Weighted mean, in the series' unit; 0 before the first value. */
  public double level() {
    return levelWeight > 0 ? levelSum / levelWeight : 0;
  }

  /** Weighted mean absolute deviation, in the series' unit, above 0. */
  public double scale() {
    double spread =
        deviationWeight > 0 ? deviationSum / deviationWeight : FIRST_STEP_SHARE * Math.abs(level());
    return Math.max(spread, floor());
  }

  private double floor() {
    return Math.max(RELATIVE_FLOOR * Math.abs(level()), ABSOLUTE_FLOOR);
  }

  /**
   * Weighted mean absolute error of the simple forecast, in the series' unit, at least a fiftieth
   * of the scale; the scale itself before the first error.
   */
  public double error() {
    double scale = scale();
    return errorWeight > 0 ? Math.max(errorSum / errorWeight, MIN_RELATIVE_ERROR * scale) : scale;
  }

  /** The same, to be advanced apart. */
  public Scaler copy() {
    Scaler copy = new Scaler();
    copy.restore(levelWeight, levelSum, deviationWeight, deviationSum);
    copy.restoreError(errorWeight, errorSum);
    return copy;
  }

  /** Back to before the first value. */
  public void clear() {
    restore(0, 0, 0, 0);
    restoreError(0, 0);
  }

  /** The four numbers that {@link #restore} takes, then the two of {@link #restoreError}. */
  public double[] snapshot() {
    return new double[] {
      levelWeight, levelSum, deviationWeight, deviationSum, errorWeight, errorSum
    };
  }

  public void restore(
      double levelWeight, double levelSum, double deviationWeight, double deviationSum) {
    this.levelWeight = levelWeight;
    this.levelSum = levelSum;
    this.deviationWeight = deviationWeight;
    this.deviationSum = deviationSum;
  }

  public void restoreError(double errorWeight, double errorSum) {
    this.errorWeight = errorWeight;
    this.errorSum = errorSum;
  }
}
