package io.eddy.forecast.score;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.util.List;

/**
 * The one forecast of a series that waits to be met by what comes: once its horizon has come it is
 * scored and the next forecast takes its place, so that scoring costs nothing on most events.
 */
public final class PendingForecast {
  private final Forecast forecast;
  private final Simple simple;
  private final NaiveError known;
  private final boolean isPublished;

  /** Simple forecasts of the same origin, which a trial is measured beside. */
  public static final class Simple {
    final float[] base;
    final float[] naive;

    /**
     * Simple forecasts; the arrays are not copied.
     *
     * @param base what the net corrects [J]
     * @param naive the value one season before, or the last one [J]
     */
    public Simple(float[] base, float[] naive) {
      this.base = base;
      this.naive = naive;
    }
  }

  /**
   * What seasonal naive was wrong by, over the steps of a series that trials have met.
   *
   * @param sum of the absolute errors
   * @param steps that were measured
   */
  public record NaiveError(double sum, long steps) {
    public static final NaiveError NONE = new NaiveError(0, 0);

    /** Mean absolute error; 0 where there is none. */
    public double mean() {
      return steps > 0 ? sum / steps : 0;
    }
  }

  /**
   * A trial.
   *
   * @param known error of seasonal naive on what came up to the origin
   */
  public PendingForecast(Forecast forecast, Simple simple, NaiveError known) {
    this(forecast, simple, known, true);
  }

  private PendingForecast(Forecast forecast, Simple simple, NaiveError known, boolean isPublished) {
    this.forecast = forecast;
    this.simple = simple;
    this.known = known;
    this.isPublished = isPublished;
  }

  /** The same of a forecast that a rebuilt state would have made: it gives no score. */
  public PendingForecast unpublished() {
    return new PendingForecast(forecast, simple, known, false);
  }

  public boolean isPublished() {
    return isPublished;
  }

  public Forecast forecast() {
    return forecast;
  }

  /** The simple forecast of the same origin [J]. */
  public float[] base() {
    return simple.base;
  }

  /** Seasonal naive of the same origin [J]. */
  public float[] naive() {
    return simple.naive;
  }

  /** Error of seasonal naive on what came up to the origin. */
  public NaiveError known() {
    return known;
  }

  /**
   * The error of seasonal naive with what came since.
   *
   * @param actual what came, [J], NaN where nothing was measured
   */
  public NaiveError knownAfter(double[] actual) {
    double sum = known.sum();
    long steps = known.steps();
    for (int j = 0; j < actual.length; j++) {
      if (!Double.isNaN(actual[j])) {
        sum += error(actual[j] - simple.naive[j]);
        steps++;
      }
    }
    return new NaiveError(sum, steps);
  }

  /**
   * Scores the trial.
   *
   * @param actual what came, [J], NaN where nothing was measured
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
      baseAbsolute[step - 1] = error(x - simple.base[step - 1]);
      naiveAbsolute[step - 1] = error(x - simple.naive[step - 1]);
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
