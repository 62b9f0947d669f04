package io.eddy.evaluation.combination;

import io.eddy.model.CombinationSpec;

/** The forecasts of one simple component from every step of a series. */
interface SimplePath {
  /** Returns the forecast from step t, {@code ahead} steps ahead. */
  double at(int t, int ahead);

  /** Returns the forecasts of the last value. */
  static SimplePath last(double[] x) {
    return (t, ahead) -> x[t];
  }

  /** Returns the forecasts of a level without trend. */
  static SimplePath level(double[] x, double smoothing) {
    double[] levels = new double[x.length];
    Tracker level = new Tracker(smoothing, 0, 0);
    for (int t = 0; t < x.length; t++) {
      level.update(x[t]);
      levels[t] = level.level();
    }
    return (t, ahead) -> levels[t];
  }

  /** Returns the forecasts of a level with damped trend. */
  static SimplePath trend(double[] x, CombinationSpec.Trend spec) {
    double[] levels = new double[x.length];
    double[] trends = new double[x.length];
    Tracker trend =
        new Tracker(spec.smoothing(), spec.smoothing() * spec.trendSmoothing(), spec.damping());
    for (int t = 0; t < x.length; t++) {
      trend.update(x[t]);
      levels[t] = trend.level();
      trends[t] = trend.trend();
    }
    return (t, ahead) -> levels[t] + trends[t] * sum(spec.damping(), ahead);
  }

  /** Returns the forecasts of the seasonal value with drift. */
  static SimplePath seasonal(double[] x, int season, CombinationSpec.Adjustment spec) {
    double[] drifts = new double[x.length];
    Tracker drift = new Tracker(spec.smoothing(), 0, 0);
    for (int t = season; t < x.length; t++) {
      drift.update(x[t] - x[t - season]);
      drifts[t] = drift.level();
    }
    return (t, ahead) -> {
      int seasons = (ahead + season - 1) / season;
      int before = t + ahead - season * seasons;
      return before < 0 ? x[t] : x[before] + drifts[t] * sum(spec.damping(), seasons);
    };
  }

  /** Returns the forecasts of the seasonal mean with shift. */
  static SimplePath seasonalMean(double[] x, CombinationSpec.Season spec) {
    int season = spec.steps();
    double[] means = new double[x.length];
    double[] shifts = new double[x.length];
    Tracker shift = new Tracker(spec.shift().smoothing(), 0, 0);
    for (int t = 0; t < x.length; t++) {
      if (t < season) {
        means[t] = x[t];
        continue;
      }
      double deviation = x[t] - means[t - season];
      shift.update(deviation);
      shifts[t] = shift.level();
      double smoothing = Math.max(spec.meanSmoothing(), 1.0 / (t / season + 1));
      means[t] = means[t - season] + smoothing * deviation;
    }
    return (t, ahead) -> {
      int before = t + ahead - season * ((ahead + season - 1) / season);
      return before < 0
          ? x[t]
          : means[before] + shifts[t] * StrictMath.pow(spec.shift().damping(), ahead);
    };
  }

  private static double sum(double damping, int count) {
    return damping == 1 ? count : damping * (1 - StrictMath.pow(damping, count)) / (1 - damping);
  }
}
