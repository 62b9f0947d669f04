package io.eddy.forecast;

import java.util.List;

/**
 * A forecast met by what really came: errors for each step ahead, in the series' own unit.
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

    /** Errors; the arrays are not copied. */
    public Errors(float[] absolute, float[] baseAbsolute, float[] pinball, float[] coverage) {
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

  /** |x − median| [J]. */
  public float[] absoluteError() {
    return errors.absolute;
  }

  /** |x − base| [J], of the simple forecast that the net corrects. */
  public float[] baseAbsoluteError() {
    return errors.baseAbsolute;
  }

  /** Mean over the levels τ of max(τ·e, (τ − 1)·e), e = x − q_τ [J]. */
  public float[] pinballLoss() {
    return errors.pinball;
  }

  /** Share of the measured steps at or below the quantile of each level [Q]. */
  public float[] coverage() {
    return errors.coverage;
  }
}
