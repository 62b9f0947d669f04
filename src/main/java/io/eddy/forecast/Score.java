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
  private final Naive naive;
  private final int[] below;

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

  /** What seasonal naive was wrong by. */
  public static final class Naive {
    /** Nothing is known of it. */
    public static final Naive UNKNOWN = new Naive(new float[0], 0);

    final float[] absolute;
    final double mean;

    /**
     * Errors of seasonal naive; the array is not copied.
     *
     * @param absolute from the same origin [J]
     * @param mean over all steps of the series that were met so far; 0 where there is none
     */
    public Naive(float[] absolute, double mean) {
      this.absolute = absolute;
      this.mean = mean;
    }
  }

  /**
   * A score.
   *
   * @param below how many quantiles lie below what came [J], −1 where nothing was measured; empty
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

  /** The score of a forecast that was not to be had. */
  public static Score none(Forecast.Origin origin) {
    float[] empty = new float[0];
    return new Score(
        origin,
        List.of(),
        new Errors(empty, empty, empty, empty, empty),
        Naive.UNKNOWN,
        new int[0]);
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

  /** |x − seasonal naive| [J], by the model's season; empty where it was not recorded. */
  public float[] naiveAbsoluteError() {
    return naive.absolute;
  }

  /**
   * Mean absolute error of seasonal naive over all of the series' steps that scores have met so
   * far; 0 where there is none.
   */
  public double naiveMeanError() {
    return naive.mean;
  }

  /**
   * How many quantiles lie below what came [J]: level k covers it where k is at least that. −1
   * where the step was not measured; empty without quantiles, and where it was not recorded.
   */
  public int[] quantilesBelow() {
    return below;
  }
}
