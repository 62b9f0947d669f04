package io.eddy.forecast.score;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.util.List;

/**
 * A forecast whose horizon has not passed yet. Each series has one; once its horizon has passed it
 * is scored and the next forecast replaces it, so that scoring costs nothing on most events.
 */
public final class PendingForecast {
  private final Forecast forecast;
  private final Baselines baselines;
  private final NaiveError known;
  private final boolean isPublished;

  /** Forecasts of baselines from the same origin. */
  public static final class Baselines {
    final double[] base;
    final double[] naive;

    /**
     * Creates forecasts; the arrays are not copied.
     *
     * @param base the baseline that the model corrects [J]
     * @param naive seasonal naive: the value one season before, or the last one [J]
     */
    public Baselines(double[] base, double[] naive) {
      this.base = base;
      this.naive = naive;
    }
  }

  /**
   * The error of seasonal naive over the scored steps of a series.
   *
   * @param sum of the absolute errors
   * @param steps number of measured steps
   */
  public record NaiveError(double sum, long steps) {
    public static final NaiveError NONE = new NaiveError(0, 0);

    /** Returns the mean absolute error; 0 if no step was measured. */
    public double mean() {
      return steps > 0 ? sum / steps : 0;
    }
  }

  /**
   * Creates a pending forecast.
   *
   * @param known error of seasonal naive up to the origin
   */
  public PendingForecast(Forecast forecast, Baselines baselines, NaiveError known) {
    this(forecast, baselines, known, true);
  }

  private PendingForecast(
      Forecast forecast, Baselines baselines, NaiveError known, boolean isPublished) {
    this.forecast = forecast;
    this.baselines = baselines;
    this.known = known;
    this.isPublished = isPublished;
  }

  /** Returns this forecast as one of a rebuilt state, which was not published and has no score. */
  public PendingForecast unpublished() {
    return new PendingForecast(forecast, baselines, known, false);
  }

  public boolean isPublished() {
    return isPublished;
  }

  public Forecast forecast() {
    return forecast;
  }

  /** Returns the baseline from the same origin [J]; not a copy. */
  public double[] base() {
    return baselines.base;
  }

  /** Returns seasonal naive from the same origin [J]; not a copy. */
  public double[] naive() {
    return baselines.naive;
  }

  /** Returns the error of seasonal naive up to the origin. */
  public NaiveError known() {
    return known;
  }

  /**
   * Returns the error of seasonal naive up to the end of the horizon.
   *
   * @param actual measured values [J], NaN where nothing was measured
   */
  public NaiveError knownAfter(double[] actual) {
    double sum = known.sum();
    long steps = known.steps();
    for (int j = 0; j < actual.length; j++) {
      if (!Double.isNaN(actual[j])) {
        sum += error(actual[j] - baselines.naive[j]);
        steps++;
      }
    }
    return new NaiveError(sum, steps);
  }

  /**
   * Scores the forecast.
   *
   * @param actual measured values [J], NaN where nothing was measured
   */
  public Score score(double[] actual) {
    int horizon = forecast.horizon();
    List<Double> levels = forecast.quantileLevels();
    float[] absolute = new float[horizon];
    float[] baseAbsolute = new float[horizon];
    float[] naiveAbsolute = new float[horizon];
    float[] pinball = new float[horizon];
    float[] coverage = new float[levels.size()];
    int measured = 0;
    for (int step = 1; step <= horizon; step++) {
      double x = actual[step - 1];
      absolute[step - 1] = error(x - forecast.median(step));
      baseAbsolute[step - 1] = error(x - baselines.base[step - 1]);
      naiveAbsolute[step - 1] = error(x - baselines.naive[step - 1]);
      pinball[step - 1] = levels.isEmpty() ? Float.NaN : (float) pinball(x, step);
      if (!Double.isNaN(x)) {
        measured++;
        for (int k = 0; k < coverage.length; k++) {
          coverage[k] += x <= forecast.value(step, k) ? 1 : 0;
        }
      }
    }
    for (int k = 0; k < coverage.length; k++) {
      coverage[k] = measured > 0 ? coverage[k] / measured : Float.NaN;
    }
    return new Score(
        forecast.origin(),
        levels,
        new Score.Errors(absolute, baseAbsolute, pinball, coverage, crossEntropy(actual)),
        new Score.Naive(naiveAbsolute, knownAfter(actual).mean()),
        below(actual));
  }

  private int[] below(double[] actual) {
    int levels = forecast.quantileLevels().size();
    int[] below = new int[levels > 0 ? actual.length : 0];
    for (int j = 0; j < below.length; j++) {
      int k = 0;
      while (k < levels && actual[j] > forecast.value(j + 1, k)) {
        k++;
      }
      below[j] = Double.isNaN(actual[j]) ? -1 : k;
    }
    return below;
  }

  private float error(double difference) {
    double size = Math.abs(difference);
    return (float) (forecast.classes() > 0 ? Math.signum(size) : size);
  }

  private float[] crossEntropy(double[] actual) {
    float[] entropy = new float[forecast.classes() > 0 ? actual.length : 0];
    for (int j = 0; j < entropy.length; j++) {
      entropy[j] =
          Double.isNaN(actual[j])
              ? Float.NaN
              : (float) -StrictMath.log(forecast.probability(j + 1, actual[j]));
    }
    return entropy;
  }

  private double pinball(double x, int step) {
    double sum = 0;
    List<Double> levels = forecast.quantileLevels();
    for (int k = 0; k < levels.size(); k++) {
      double error = x - forecast.value(step, k);
      sum += Math.max(levels.get(k) * error, (levels.get(k) - 1) * error);
    }
    return sum / levels.size();
  }
}
