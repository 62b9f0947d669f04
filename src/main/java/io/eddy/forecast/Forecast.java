package io.eddy.forecast;

import io.eddy.model.ModelVersion;
import java.util.List;

/**
 * What is expected of a series for each of the next J steps.
 *
 * <p>Values are in the series' own unit. With quantile levels, value {@code step * Q + k} is that
 * of level k, never below the one of level k − 1; without, there is one value a step, the mean.
 */
public final class Forecast {
  private final Origin origin;
  private final List<Double> quantileLevels;
  private final float[] values;

  /**
   * After which step, by what, a forecast was made.
   *
   * @param series the sensor
   * @param timestampMs begin of the last step known, epoch milliseconds
   * @param intervalMs length of a step
   * @param served the version and the epoch that put it to work
   * @param warm whether at least W inputs stand behind it
   */
  public record Origin(
      String series, long timestampMs, long intervalMs, Served served, boolean warm) {}

  /**
   * A version at work.
   *
   * @param version of the model
   * @param epoch of the activation; 0 outside a stream
   */
  public record Served(ModelVersion version, long epoch) {}

  /** A forecast; {@code values} is not copied. */
  public Forecast(Origin origin, List<Double> quantileLevels, float[] values) {
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.values = values;
  }

  public Origin origin() {
    return origin;
  }

  /** Ascending; empty for a point forecast. */
  public List<Double> quantileLevels() {
    return quantileLevels;
  }

  /** J. */
  public int horizon() {
    return values.length / valuesPerStep();
  }

  /** [J · max(1, Q)]; not a copy. */
  public float[] values() {
    return values;
  }

  /** Value of level {@code index} for {@code step} steps ahead, from 1. */
  public float value(int step, int index) {
    return values[(step - 1) * valuesPerStep() + index];
  }

  /** The median, or the point forecast, for {@code step} steps ahead, from 1. */
  public float median(int step) {
    return value(step, Math.max(0, quantileLevels.indexOf(0.5)));
  }

  /** Begin of the step that is {@code step} ahead, epoch milliseconds. */
  public long timestampMs(int step) {
    return origin.timestampMs() + step * origin.intervalMs();
  }

  private int valuesPerStep() {
    return Math.max(1, quantileLevels.size());
  }
}
