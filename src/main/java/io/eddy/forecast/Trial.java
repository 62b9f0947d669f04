package io.eddy.forecast;

import java.util.List;

/**
 * The one forecast of a series that waits to be met by what comes: after J further steps it is
 * scored and the next forecast takes its place, so that scoring costs nothing on most events.
 */
public final class Trial {
  private final Forecast forecast;
  private final float[] base;

  /** A trial; {@code base} is not copied. */
  public Trial(Forecast forecast, float[] base) {
    this.forecast = forecast;
    this.base = base;
  }

  public Forecast forecast() {
    return forecast;
  }

  /** The simple forecast of the same origin [J]. */
  public float[] base() {
    return base;
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
    float[] pinball = new float[horizon];
    float[] coverage = new float[levels.size()];
    int measured = 0;
    for (int step = 1; step <= horizon; step++) {
      double x = actual[step - 1];
      absolute[step - 1] = error(x - forecast.median(step));
      baseAbsolute[step - 1] = error(x - base[step - 1]);
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
        new Score.Errors(absolute, baseAbsolute, pinball, coverage, crossEntropy(actual)));
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
