package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * Computes the statistics of each step from the state of the series.
 *
 * <p>Levels and values have double precision, scales and differences single precision. Owns its
 * result: use one instance per series.
 */
final class StepStatistics {
  static final int BYTES = 6 * Double.BYTES + 6 * Float.BYTES + 2 * Integer.BYTES;

  private static final int RANGE_STEPS = 10;
  private static final int QUIET_STEPS = 100;
  private static final double MIN_SCALE = 1e-9;
  private static final double SAME = 1e-9;

  /** Repetitions of a value that count as none. */
  private static final int MIN_SAME_STEPS = 5;

  private static final double FAST = 0.1;
  private static final double MIDDLE = 0.01;
  private static final double SLOW = 0.003;
  private static final double SPREAD = 0.03;
  private static final double USUAL = 0.001;

  private final double[] values = new double[Statistic.ALL];
  private int steps;
  private int sameSteps;
  private double fast;
  private double middle;
  private double slow;
  private double last;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private float change;
  private float spread;
  private float usualSpread;
  private float seasonResidual;
  private float seasonExcess;
  private float forecastResidual;

  /**
   * Computes the statistics of a step that has a value, and updates the state.
   *
   * @param seasonMean of the values at this time of the season; NaN if it is not known
   * @param excess of the value over the bounds of the season
   * @param forecastDistance from the median, in widths of the forecast's interval; 0 without one
   * @return one value for each {@link Statistic}; overwritten by the next call
   */
  double[] add(double value, double seasonMean, double excess, double forecastDistance) {
    double before = steps == 0 ? value : last;
    double residual = steps == 0 ? 0 : Math.abs(value - middle);
    int stepsBefore = steps;
    steps = steps == Integer.MAX_VALUE ? steps : steps + 1;
    addLevels(value, before, residual);
    addSeason(value, seasonMean, excess);
    set(Statistic.LEVEL, Math.abs(fast - slow));
    set(Statistic.RELATIVE, relative(value));
    set(Statistic.RANGE, stepsBefore > RANGE_STEPS ? beyondRange(value) : 0);
    min = Math.min(min, value);
    max = Math.max(max, value);
    boolean isSame = stepsBefore > 0 && Math.abs(value - before) <= SAME * Math.abs(value);
    sameSteps = isSame ? sameSteps + 1 : 0;
    set(Statistic.FLAT, sameSteps < MIN_SAME_STEPS || min == max ? 0 : sameSteps);
    set(Statistic.QUIET, stepsBefore > RANGE_STEPS && min < max ? quiet(stepsBefore) : 0);
    set(Statistic.FORECAST, Math.abs(forecastDistance));
    forecastResidual = smoothed(forecastResidual, forecastDistance);
    set(Statistic.FORECAST_MEAN, Math.abs(forecastResidual));
    last = value;
    return values;
  }

  private void addLevels(double value, double before, double residual) {
    double share = 1.0 / steps;
    fast = SlowMean.next(fast, value, FAST, share);
    middle = SlowMean.next(middle, value, MIDDLE, share);
    slow = SlowMean.next(slow, value, SLOW, share);
    change = limited(SlowMean.next(change, Math.abs(value - before), USUAL, share));
    spread = limited(SlowMean.next(spread, residual, SPREAD, share));
    usualSpread = limited(SlowMean.next(usualSpread, residual, USUAL, share));
  }

  private void addSeason(double value, double seasonMean, double excess) {
    double mean = Double.isNaN(seasonMean) ? middle : seasonMean;
    seasonResidual = smoothed(seasonResidual, value - mean);
    seasonExcess = smoothed(seasonExcess, excess);
    set(Statistic.SEASON_MEAN, Math.abs(seasonResidual));
    set(Statistic.SEASON_BOUNDS, Math.abs(excess));
    set(Statistic.SEASON_BOUNDS_MEAN, Math.abs(seasonExcess));
  }

  /** Returns an exponentially weighted mean of about ten steps, which begins at 0. */
  private static float smoothed(float mean, double value) {
    return limited(mean + FAST * (value - mean));
  }

  /** Returns a number in single precision, without infinity. */
  static float limited(double number) {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, number));
  }

  private double relative(double value) {
    double scale = change + MIN_SCALE;
    return Math.abs(Logarithm.log((Math.abs(value) + scale) / (Math.abs(middle) + scale)));
  }

  /** Returns the smallness of the scatter; in the first steps that of the mean scatter so far. */
  private double quiet(int stepsBefore) {
    double scatter = stepsBefore > QUIET_STEPS ? spread : usualSpread;
    return 1 / (scatter + 0.05 * usualSpread + 0.1 * change + MIN_SCALE);
  }

  private double beyondRange(double value) {
    return Math.max(0, Math.max(value - max, min - value));
  }

  private void set(Statistic statistic, double value) {
    values[statistic.index()] = value;
  }

  void put(ByteBuffer bytes) {
    bytes.putInt(steps).putInt(sameSteps);
    bytes.putDouble(fast).putDouble(middle).putDouble(slow);
    bytes.putDouble(last).putDouble(min).putDouble(max);
    bytes.putFloat(change).putFloat(spread).putFloat(usualSpread);
    bytes.putFloat(seasonResidual).putFloat(seasonExcess).putFloat(forecastResidual);
  }

  void get(ByteBuffer bytes) {
    steps = bytes.getInt();
    sameSteps = bytes.getInt();
    fast = bytes.getDouble();
    middle = bytes.getDouble();
    slow = bytes.getDouble();
    last = bytes.getDouble();
    min = bytes.getDouble();
    max = bytes.getDouble();
    change = bytes.getFloat();
    spread = bytes.getFloat();
    usualSpread = bytes.getFloat();
    seasonResidual = bytes.getFloat();
    seasonExcess = bytes.getFloat();
    forecastResidual = bytes.getFloat();
  }

  double level() {
    return fast;
  }

  /** Returns the level of the last 300 steps or so. */
  double usualLevel() {
    return slow;
  }

  double lastValue() {
    return last;
  }

  int sameSteps() {
    return sameSteps;
  }

  int steps() {
    return steps;
  }
}
