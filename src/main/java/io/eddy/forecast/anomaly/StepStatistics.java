package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * Computes the statistics of each step from the state of the series.
 *
 * <p>Owns its result: use one instance per series.
 */
final class StepStatistics {
  static final int BYTES = 6 * SlowMean.BYTES + 6 * Double.BYTES + Long.BYTES;

  private static final int RANGE_STEPS = 10;
  private static final int QUIET_STEPS = 100;
  private static final double MIN_SCALE = 1e-9;
  private static final double SAME = 1e-9;

  /** Repetitions of a value that count as none. */
  private static final int MIN_SAME_STEPS = 5;

  private final double[] values = new double[Statistic.values().length];
  private final SlowMean fast = new SlowMean(0.1);
  private final SlowMean middle = new SlowMean(0.01);
  private final SlowMean slow = new SlowMean(0.003);
  private final SlowMean change = new SlowMean(0.001);
  private final SlowMean spread = new SlowMean(0.03);
  private final SlowMean usualSpread = new SlowMean(0.001);
  private final Smoothed seasonResidual = new Smoothed();
  private final Smoothed seasonExcess = new Smoothed();
  private final Smoothed forecastResidual = new Smoothed();
  private double last;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long sameSteps;

  /** An exponentially weighted mean of about ten steps that begins at 0. */
  private static final class Smoothed {
    private static final double SMOOTHING = 0.1;
    private double mean;

    double add(double value) {
      mean += SMOOTHING * (value - mean);
      return mean;
    }
  }

  /**
   * Computes the statistics of a step that has a value, and updates the state.
   *
   * @param profile not modified
   * @param forecastDistance from the median, in widths of the forecast's interval; 0 without one
   * @return one value for each {@link Statistic}; overwritten by the next call
   */
  double[] add(double value, int bin, SeasonProfile profile, double forecastDistance) {
    long step = fast.count();
    double before = step == 0 ? value : last;
    change.add(Math.abs(value - before));
    double residual = step == 0 ? 0 : value - middle.mean();
    fast.add(value);
    middle.add(value);
    slow.add(value);
    addSeason(value, bin, profile);
    set(Statistic.LEVEL, Math.abs(fast.mean() - slow.mean()));
    set(Statistic.RELATIVE, relative(value));
    set(Statistic.RANGE, step > RANGE_STEPS ? beyondRange(value) : 0);
    min = Math.min(min, value);
    max = Math.max(max, value);
    boolean isSame = step > 0 && Math.abs(value - before) <= SAME * Math.abs(value);
    sameSteps = isSame ? sameSteps + 1 : 0;
    set(Statistic.FLAT, sameSteps < MIN_SAME_STEPS || min == max ? 0 : (double) sameSteps);
    addSpread(step, residual);
    set(Statistic.FORECAST, Math.abs(forecastDistance));
    set(Statistic.FORECAST_MEAN, Math.abs(forecastResidual.add(forecastDistance)));
    last = value;
    return values;
  }

  private void addSeason(double value, int bin, SeasonProfile profile) {
    double known = profile.mean(bin);
    double mean = Double.isNaN(known) ? middle.mean() : known;
    set(Statistic.SEASON_MEAN, Math.abs(seasonResidual.add(value - mean)));
    double excess = profile.excess(bin, value);
    set(Statistic.SEASON_BOUNDS, Math.abs(excess));
    set(Statistic.SEASON_BOUNDS_MEAN, Math.abs(seasonExcess.add(excess)));
  }

  private double relative(double value) {
    double scale = change.mean() + MIN_SCALE;
    return Math.abs(Logarithm.log((Math.abs(value) + scale) / (Math.abs(middle.mean()) + scale)));
  }

  private double beyondRange(double value) {
    return Math.max(0, Math.max(value - max, min - value));
  }

  private void addSpread(long step, double residual) {
    spread.add(Math.abs(residual));
    usualSpread.add(Math.abs(residual));
    double scale = spread.mean() + 0.05 * usualSpread.mean() + 0.1 * change.mean() + MIN_SCALE;
    set(Statistic.QUIET, step > QUIET_STEPS && min < max ? 1 / scale : 0);
  }

  private void set(Statistic statistic, double value) {
    values[statistic.index()] = value;
  }

  void put(ByteBuffer bytes) {
    for (SlowMean mean : means()) {
      mean.put(bytes);
    }
    bytes.putDouble(seasonResidual.mean).putDouble(seasonExcess.mean);
    bytes.putDouble(forecastResidual.mean).putDouble(last);
    bytes.putDouble(min).putDouble(max).putLong(sameSteps);
  }

  void get(ByteBuffer bytes) {
    for (SlowMean mean : means()) {
      mean.get(bytes);
    }
    seasonResidual.mean = bytes.getDouble();
    seasonExcess.mean = bytes.getDouble();
    forecastResidual.mean = bytes.getDouble();
    last = bytes.getDouble();
    min = bytes.getDouble();
    max = bytes.getDouble();
    sameSteps = bytes.getLong();
  }

  private SlowMean[] means() {
    return new SlowMean[] {fast, middle, slow, change, spread, usualSpread};
  }

  double level() {
    return fast.mean();
  }

  /** Returns the level of the last 300 steps or so. */
  double usualLevel() {
    return slow.mean();
  }

  double lastValue() {
    return last;
  }

  long sameSteps() {
    return sameSteps;
  }

  long steps() {
    return fast.count();
  }
}
