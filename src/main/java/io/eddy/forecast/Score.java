package io.eddy.forecast;

import java.util.List;

/**
 * A forecast met by what really came: errors for each step ahead, in the series' own unit. The
 * error of a class is 0 where it came and 1 where another did.
 *
 * <p>Steps that were not measured have NaN.
 */
public final class Score {
  private final Forecast.Origin origin;
  private final List<Double> quantileLevels;
  private final Errors errors;

  /** The arrays of a score, one number for each step ahead; coverage one for each level. */
  public static final class Errors {
    final float[] absolute;
    final float[] baseAbsolute;
    final float[] pinball;
    final float[] coverage;
    final float[] crossEntropy;

    /** Errors; the arrays are not copied. */
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

  public Score(Forecast.Origin origin, List<Double> quantileLevels, Errors errors) {
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.errors = errors;
  }

  /** Of the forecast that is scored. */
  public Forecast.Origin origin() {
    return origin;
  }

  public List<Double> quantileLevels() {
    return quantileLevels;
  }

  /** |x − median| [J]; of classes whether the likeliest did not come. */
  public float[] absoluteError() {
    return errors.absolute;
  }

  /** |x − base| [J], of the simple forecast beside the model's. */
  public float[] baseAbsoluteError() {
    return errors.baseAbsolute;
  }

  /** Mean over the levels τ of max(τ·e, (τ − 1)·e), e = x − q_τ [J]. */
  public float[] pinballLoss() {
    return errors.pinball;
  }

  /**
   * −log of the probability of the class that came [J], infinite where it was none of the model's;
   * empty where no classes are forecast.
   */
  public float[] crossEntropy() {
    return errors.crossEntropy;
  }

  /** Share of the measured steps at or below the quantile of each level [Q]. */
  public float[] coverage() {
    return errors.coverage;
  }
}
