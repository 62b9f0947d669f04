package io.eddy.forecast.anomaly;

/** An aspect of a step that may be anomalous. */
enum Statistic {
  /** Distance of the value from the range of all earlier values. */
  RANGE(0, 1),
  /** Distance of the value from the bounds that the season has at this time. */
  SEASON_BOUNDS(1, 1),
  /** Mean distance of the last ten steps or so from the bounds of the season. */
  SEASON_BOUNDS_MEAN(2, 1),
  /** Mean difference of the last ten steps or so from the mean of the season. */
  SEASON_MEAN(3, 1),
  /** Difference of the level of the last ten steps or so from the level of the last 300. */
  LEVEL(4, 1),
  /** Ratio of the value to the level of the last 100 steps or so. */
  RELATIVE(5, 1),
  /** Number of steps with the same value. */
  FLAT(6, 0.6),
  /** Reciprocal of the mean distance of the last 30 steps or so from their level. */
  QUIET(7, 0.8),
  /** Distance of the value from the median forecast, in widths of the forecast's interval. */
  FORECAST(8, 1),
  /** Mean difference of the last ten steps or so from the median forecast, in the same unit. */
  FORECAST_MEAN(9, 1);

  /** Number of statistics. */
  static final int ALL = 10;

  /** Number of those that need no forecast, the first ones. */
  static final int WITHOUT_FORECAST = 8;

  private static final Statistic[] STATISTICS = values();

  private final int index;
  private final double weight;

  Statistic(int index, double weight) {
    this.index = index;
    this.weight = weight;
  }

  /** Returns the position in arrays of all statistics. */
  int index() {
    return index;
  }

  /** Returns the statistic at a position. */
  static Statistic of(int index) {
    return STATISTICS[index];
  }

  /** Returns the factor of the ratio of the statistic at a position in the strength. */
  static double weight(int index) {
    return STATISTICS[index].weight;
  }
}
