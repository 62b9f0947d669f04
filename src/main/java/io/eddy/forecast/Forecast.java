package io.eddy.forecast;

import io.eddy.model.ModelVersion;
import java.util.List;

/**
 * What is expected of a series for each of the next J steps.
 *
 * <p>Values are in the series' own unit. With quantile levels, value {@code step * Q + k} is that
 * of level k, never below the one of level k − 1; without, there is one value a step, the mean. Of
 * classes, value {@code step * K + k} is the probability of class k.
 */
public final class Forecast {
  private final Origin origin;
  private final List<Double> quantileLevels;
  private final int classes;
  private final float[] values;

  /**
   * After which step, by what, a forecast was made.
   *
   * @param series the sensor
   * @param timestampMs begin of the last step known, epoch milliseconds
   * @param intervalMs length of a step
   * @param served the version and the epoch that put it to work
   * @param warm whether at least W inputs stand behind it
   * @param standing what stands behind it, and what may follow
   */
  public record Origin(
      String series,
      long timestampMs,
      long intervalMs,
      Served served,
      boolean warm,
      Standing standing) {
    /** One of which no more is known. */
    public Origin(String series, long timestampMs, long intervalMs, Served served, boolean warm) {
      this(series, timestampMs, intervalMs, served, warm, Standing.NOT_RECORDED);
    }
  }

  /**
   * What a forecast stands on.
   *
   * @param contextSteps W; 0 where it was not recorded
   * @param warmSteps how many of these W steps there are
   * @param revision 0 for the first forecast of an origin, 1 for the first that takes its place
   * @param isProvisional whether steps that may still change stand behind it
   */
  public record Standing(int contextSteps, int warmSteps, int revision, boolean isProvisional) {
    /** Of forecasts made before it was recorded. */
    public static final Standing NOT_RECORDED = new Standing(0, 0, 0, false);
  }

  /**
   * A version at work.
   *
   * @param version of the model
   * @param epoch of the activation; 0 outside a stream
   */
  public record Served(ModelVersion version, long epoch) {}

  /** A forecast; {@code values} is not copied. */
  public Forecast(Origin origin, List<Double> quantileLevels, int classes, float[] values) {
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.classes = classes;
    this.values = values;
  }

  /** The same, of steps that may still change. */
  public Forecast provisional() {
    Standing standing = origin.standing();
    return with(
        new Standing(standing.contextSteps(), standing.warmSteps(), standing.revision(), true));
  }

  /** The same under that number. */
  public Forecast revised(int revision) {
    Standing standing = origin.standing();
    return with(
        new Standing(
            standing.contextSteps(), standing.warmSteps(), revision, standing.isProvisional()));
  }

  private Forecast with(Standing standing) {
    Origin other =
        new Origin(
            origin.series(),
            origin.timestampMs(),
            origin.intervalMs(),
            origin.served(),
            origin.warm(),
            standing);
    return new Forecast(other, quantileLevels, classes, values);
  }

  public Origin origin() {
    return origin;
  }

  /** Ascending; empty for points and classes. */
  public List<Double> quantileLevels() {
    return quantileLevels;
  }

  /** K where values are probabilities of the classes 0 … K − 1; else 0. */
  public int classes() {
    return classes;
  }

  /** J. */
  public int horizon() {
    return values.length / valuesPerStep();
  }

  /** [J · max(1, Q, K)]; not a copy. */
  public float[] values() {
    return values;
  }

  /** Whether every value is a number, and none infinite. */
  public boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Value of level, or of class, {@code index} for {@code step} steps ahead, from 1. */
  public float value(int step, int index) {
    return values[(step - 1) * valuesPerStep() + index];
  }

  /** The median, the point forecast, or the likeliest class, {@code step} steps ahead, from 1. */
  public float median(int step) {
    return classes > 0 ? likeliest(step) : value(step, Math.max(0, quantileLevels.indexOf(0.5)));
  }

  /**
   * The mean {@code step} steps ahead, from 1, of a forecast without classes. Of quantiles it is
   * the integral of the quantile function, which runs straight from level to level and flat beyond
   * the outermost ones: Σ w_k·q_k, with w_k half the way from the level below to the one above.
   */
  public double mean(int step) {
    int last = quantileLevels.size() - 1;
    if (last < 1) {
      return value(step, 0);
    }
    double sum = 0;
    for (int k = 0; k <= last; k++) {
      double from = k == 0 ? 0 : (quantileLevels.get(k - 1) + quantileLevels.get(k)) / 2;
      double to = k == last ? 1 : (quantileLevels.get(k) + quantileLevels.get(k + 1)) / 2;
      sum = Math.fma(to - from, value(step, k), sum);
    }
    return sum;
  }

  /** The class of the highest probability {@code step} steps ahead; of equals the first. */
  public int likeliest(int step) {
    int likeliest = 0;
    for (int k = 1; k < classes; k++) {
      likeliest = value(step, k) > value(step, likeliest) ? k : likeliest;
    }
    return likeliest;
  }

  /** Probability of a class {@code step} steps ahead; 0 for what is none of its classes. */
  public float probability(int step, double value) {
    boolean isClass = value >= 0 && value < classes && value == Math.rint(value);
    return isClass ? value(step, (int) value) : 0;
  }

  /** Begin of the step that is {@code step} ahead, epoch milliseconds. */
  public long timestampMs(int step) {
    return origin.timestampMs() + step * origin.intervalMs();
  }

  private int valuesPerStep() {
    return Math.max(1, Math.max(classes, quantileLevels.size()));
  }
}
