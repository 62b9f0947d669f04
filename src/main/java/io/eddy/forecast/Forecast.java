package io.eddy.forecast;

import io.eddy.model.Bounds;
import io.eddy.model.ModelVersion;
import io.eddy.model.QuantileMean;
import io.eddy.series.Interval;
import java.util.List;

/**
 * A forecast of a series for the next J steps.
 *
 * <p>Values are in the series' own unit. With Q quantile levels, value {@code step * Q + k} is the
 * quantile of level k, never below that of level k − 1. With K classes, value {@code step * K + k}
 * is the probability of class k. Otherwise there is one value for each step, the mean. Values have
 * the {@link io.eddy.model.Precision} that the series needs.
 */
public final class Forecast {
  private final Origin origin;
  private final List<Double> quantileLevels;
  private final int classes;
  private final double[] values;
  private final double[] means;
  private final List<MainComponent> mainComponents;

  /**
   * The origin of a forecast.
   *
   * @param series name of the series
   * @param timestampMs start of the last step known, epoch milliseconds
   * @param interval of the steps
   * @param served the version that made the forecast, and its epoch
   * @param warm whether at least W steps were known
   * @param quality how much the forecast is based on
   */
  public record Origin(
      String series,
      long timestampMs,
      Interval interval,
      Served served,
      boolean warm,
      ForecastQuality quality) {
    /** Creates an origin without details. */
    public Origin(String series, long timestampMs, Interval interval, Served served, boolean warm) {
      this(series, timestampMs, interval, served, warm, ForecastQuality.NOT_RECORDED);
    }
  }

  /**
   * A version, and the epoch under which it serves.
   *
   * @param version of the model
   * @param epoch of the activation; 0 outside a stream
   */
  public record Served(ModelVersion version, long epoch) {}

  /** Creates a forecast without means of their own; {@code values} is not copied. */
  public Forecast(Origin origin, List<Double> quantileLevels, int classes, double[] values) {
    this(origin, quantileLevels, classes, values, new double[0]);
  }

  /**
   * Creates a forecast; the arrays are not copied.
   *
   * @param means of each step [J]; empty for the means of the quantiles, for points and for classes
   */
  public Forecast(
      Origin origin, List<Double> quantileLevels, int classes, double[] values, double[] means) {
    this(origin, quantileLevels, classes, values, means, List.of());
  }

  private Forecast(
      Origin origin,
      List<Double> quantileLevels,
      int classes,
      double[] values,
      double[] means,
      List<MainComponent> mainComponents) {
    this.means = means;
    this.mainComponents = mainComponents;
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.classes = classes;
    this.values = values;
  }

  /** Returns this forecast as one that combines several components. */
  public Forecast withMainComponents(List<MainComponent> mainComponents) {
    return new Forecast(
        origin, quantileLevels, classes, values, means, List.copyOf(mainComponents));
  }

  /** Returns this forecast, marked as provisional. */
  public Forecast provisional() {
    ForecastQuality quality = origin.quality();
    return with(
        new ForecastQuality(quality.contextSteps(), quality.warmSteps(), quality.revision(), true));
  }

  /** Returns this forecast with a revision number. */
  public Forecast revised(int revision) {
    ForecastQuality quality = origin.quality();
    return with(
        new ForecastQuality(
            quality.contextSteps(), quality.warmSteps(), revision, quality.isProvisional()));
  }

  private Forecast with(ForecastQuality quality) {
    Origin other =
        new Origin(
            origin.series(),
            origin.timestampMs(),
            origin.interval(),
            origin.served(),
            origin.warm(),
            quality);
    return new Forecast(other, quantileLevels, classes, values, means, mainComponents);
  }

  public Origin origin() {
    return origin;
  }

  /** Returns the quantile levels, ascending; empty for means and classes. */
  public List<Double> quantileLevels() {
    return quantileLevels;
  }

  /** Returns K if values are probabilities of the classes 0 … K − 1, or 0. */
  public int classes() {
    return classes;
  }

  /**
   * Returns the components with the largest weights, by steps ahead; empty if the net alone
   * forecasts.
   */
  public List<MainComponent> mainComponents() {
    return mainComponents;
  }

  /** Returns J. */
  public int horizon() {
    return values.length / valuesPerStep();
  }

  /** Returns the values [J · max(1, Q, K)]; not a copy. */
  public double[] values() {
    return values;
  }

  /** Returns the number of the step of the origin. */
  public long originStep() {
    return origin.interval().stepOf(origin.timestampMs());
  }

  /** Returns whether all values are numbers in the range of float32. */
  public boolean isFinite() {
    for (double value : values) {
      if (!(Math.abs(value) <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the value of a level or class, {@code step} steps ahead, from 1. */
  public double value(int step, int index) {
    return values[(step - 1) * valuesPerStep() + index];
  }

  /** Returns the median, the mean or the likeliest class, {@code step} steps ahead, from 1. */
  public double median(int step) {
    return classes > 0 ? likeliest(step) : value(step, Math.max(0, quantileLevels.indexOf(0.5)));
  }

  /**
   * Returns the means of each step [J], empty if they are those of the quantiles or the points; not
   * a copy.
   */
  public double[] means() {
    return means;
  }

  /**
   * Returns the mean {@code step} steps ahead, from 1, of a forecast without classes. If the
   * forecast has no means, it is that of the quantiles, see {@link QuantileMean}.
   */
  public double mean(int step) {
    if (means.length > 0) {
      return means[step - 1];
    }
    return quantileLevels.isEmpty()
        ? value(step, 0)
        : new QuantileMean(quantileLevels)
            .of(values, (step - 1) * quantileLevels.size(), Bounds.NONE);
  }

  /** Returns the class of the highest probability, {@code step} steps ahead; the first of ties. */
  public int likeliest(int step) {
    int likeliest = 0;
    for (int k = 1; k < classes; k++) {
      likeliest = value(step, k) > value(step, likeliest) ? k : likeliest;
    }
    return likeliest;
  }

  /** Returns the probability of a class, {@code step} steps ahead; 0 for unknown classes. */
  public double probability(int step, double value) {
    boolean isClass = value >= 0 && value < classes && value == Math.rint(value);
    return isClass ? value(step, (int) value) : 0;
  }

  /** Returns the start of the step that is {@code step} steps ahead, epoch milliseconds. */
  public long timestampMs(int step) {
    return origin.interval().plusSteps(origin.timestampMs(), step);
  }

  private int valuesPerStep() {
    return Math.max(1, Math.max(classes, quantileLevels.size()));
  }
}
