package io.eddy.forecast;

import io.eddy.model.ModelVersion;
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

  /** Creates a forecast; {@code values} is not copied. */
  public Forecast(Origin origin, List<Double> quantileLevels, int classes, double[] values) {
    this.origin = origin;
    this.quantileLevels = quantileLevels;
    this.classes = classes;
    this.values = values;
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
    return new Forecast(other, quantileLevels, classes, values);
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
   * Returns the mean {@code step} steps ahead, from 1, of a forecast without classes. With
   * quantiles it is the integral of the quantile function, linear between the levels and constant
   * beyond the outermost ones: Σ w_k·q_k, where w_k is half the distance between the neighbouring
   * levels.
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

  /**
   * Returns the mean {@code step} steps ahead, from 1, in the precision of the values: rounded to
   * float32 if float32 can represent all of the step's quantiles.
   */
  public double publishedMean(int step) {
    double mean = mean(step);
    for (int k = 0; k < valuesPerStep(); k++) {
      double value = value(step, k);
      if ((float) value != value) {
        return mean;
      }
    }
    return (float) mean;
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
