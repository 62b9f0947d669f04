package io.eddy.forecast;

import java.util.List;

/**
 * The errors of a forecast for each step ahead, in the series' own unit. The error of a class is 0
 * if it occurred and 1 otherwise. Steps without a measurement have NaN.
 */
public final class Score {
  private final Forecast.Origin origin;
  private final List<Double> quantileLevels;
  private final Errors errors;
  private final Naive naive;
  private final int[] below;

  /** Errors by step ahead, and coverage by quantile level. */
  public static final class Errors {
    final float[] absolute;
    final float[] baseAbsolute;
    final float[] pinball;
    final float[] coverage;
    final float[] crossEntropy;

    /**
     * Creates errors; the arrays are not copied.
     *
     * @param absolute [J]
     * @param baseAbsolute [J]
     * @param pinball [J]
     * @param coverage [Q]
     * @param crossEntropy [J], or empty
     */
    public Errors(
        float[] absolute,
        float[] baseAbsolute,
        float[] pinball,
        float[] coverage,
        float[] crossEntropy) {
      this.crossEntropy = crossEntropy;
      this.absolute = absolute;
      this.baseAbsolute = baseAbsolute;
      this.pinball = pinball;
      this.coverage = coverage;
    }
  }

  /** Errors of seasonal naive. */
  public static final class Naive {
    /** No errors are recorded. */
    public static final Naive UNKNOWN = new Naive(new float[0], 0);

    final float[] absolute;
    final double mean;

    /**
     * Creates errors; the array is not copied.
     *
     * @param absolute errors from the same origin [J]
     * @param mean absolute error over all scored steps of the series so far; 0 if there are none
     */
    public Naive(float[] absolute, double mean) {
      this.absolute = absolute;
      this.mean = mean;
    }
  }

  /**
   * Creates a score.
   *
   * @param below number of quantiles below the measured value [J], −1 without a measurement; empty
   *     without quantiles; not copied
   */
  public Score(
      Forecast.Origin origin,
      List<Double> quantileLevels,
      Errors errors,
      Naive naive,
      int[] below) {
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.errors = errors;
    this.naive = naive;
    this.below = below;
  }

  /** Returns an empty score, for a forecast that could not be made. */
  public static Score none(Forecast.Origin origin) {
    float[] empty = new float[0];
    return new Score(
        origin,
        List.of(),
        new Errors(empty, empty, empty, empty, empty),
        Naive.UNKNOWN,
        new int[0]);
  }

  /** Returns the origin of the scored forecast. */
  public Forecast.Origin origin() {
    return origin;
  }

  public List<Double> quantileLevels() {
    return quantileLevels;
  }

  /** Returns |x − median| [J]; for classes 0 if the likeliest one occurred, or 1. */
  public float[] absoluteError() {
    return errors.absolute;
  }

  /** Returns |x − baseline| [J]. */
  public float[] baseAbsoluteError() {
    return errors.baseAbsolute;
  }

  /** Returns the mean over the levels τ of max(τ·e, (τ − 1)·e), e = x − q_τ [J]. */
  public float[] pinballLoss() {
    return errors.pinball;
  }

  /**
   * Returns −log of the probability of the class that occurred [J], infinite if the model does not
   * have it; empty without classes.
   */
  public float[] crossEntropy() {
    return errors.crossEntropy;
  }

  /** Returns the share of the measured steps at or below the quantile of each level [Q]. */
  public float[] coverage() {
    return errors.coverage;
  }

  /** Returns |x − seasonal naive| [J], by the model's season; empty if it was not recorded. */
  public float[] naiveAbsoluteError() {
    return naive.absolute;
  }

  /**
   * Returns the mean absolute error of seasonal naive over all scored steps of the series so far; 0
   * if there are none.
   */
  public double naiveMeanError() {
    return naive.mean;
  }

  /**
   * Returns the number of quantiles below the measured value [J]: level k covers the value if k is
   * at least that. −1 without a measurement; empty without quantiles or if it was not recorded.
   */
  public int[] quantilesBelow() {
    return below;
  }
}
