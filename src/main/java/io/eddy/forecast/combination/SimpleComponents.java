package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.Window;

/**
 * Computes the simple forecasts that {@link CombinationSpec} defines: last value, level, level with
 * damped trend, and for each season the seasonal value with drift and the seasonal mean with shift.
 *
 * <p>All of them work on transformed values. Level, trend, drift and shift are followed by a {@link
 * Tracker} each. The seasonal means are kept in the window, as differences from the values beside
 * them; they begin as plain means. A step without a measurement continues the trend and repeats the
 * seasonal means. Until a whole season is known, seasonal forecasts are the last value. One outlier
 * changes a seasonal mean only a little, and the seasonal value repeats it only in part.
 *
 * <p>Owns scratch space: use one instance per thread. Allocates nothing after its creation.
 */
public final class SimpleComponents {
  private static final int FIRST_SEASONAL = 3;

  private final double levelSmoothing;
  private final CombinationSpec.Trend trend;
  private final CombinationSpec.Season[] seasons;
  private final Scaling scaling;
  private final SeasonalSteps[] seasonal;
  private final float[] means;

  /** Changes of the shifts by jumps in the last {@link #observe} [S]. */
  private final double[] jumps;

  private final double[] points;
  private final double[] driftDamping;
  private final double[] driftSum;
  private final double[] shiftDamping;

  /** Largest differences between a value and its seasonal mean that are repeated [S]. */
  private final double[] bounds;

  private double trendDamping;
  private double trendSum;
  private int step;

  /**
   * Creates components.
   *
   * @param scaling of the model's first member
   */
  public SimpleComponents(CombinationSpec spec, Scaling scaling) {
    levelSmoothing = spec.levelSmoothing();
    trend = spec.trend();
    seasons = spec.seasons().toArray(CombinationSpec.Season[]::new);
    this.scaling = scaling;
    seasonal = new SeasonalSteps[seasons.length];
    for (int k = 0; k < seasons.length; k++) {
      seasonal[k] = new SeasonalSteps(k, scaling);
    }
    means = new float[seasons.length];
    jumps = new double[seasons.length];
    points = new double[spec.components() - 1];
    driftDamping = new double[seasons.length];
    driftSum = new double[seasons.length];
    shiftDamping = new double[seasons.length];
    bounds = new double[seasons.length];
  }

  /**
   * Updates the components by the next step, before it is appended to the window.
   *
   * @param state modified
   * @param value transformed
   * @param past of the series, whose window ends before the step; not modified
   * @return the seasonal means minus the value [S], to be appended to the window with it;
   *     overwritten by the next call
   */
  public float[] observe(ComponentState state, double value, boolean isImputed, SeriesPast past) {
    state.trend *= trend.damping();
    state.trendLevel.shift(state.trend);
    if (!isImputed) {
      state.level.add(value, levelSmoothing);
      double trendSmoothing = trend.smoothing() * trend.trendSmoothing();
      state.trend += state.trendLevel.add(value, trend.smoothing(), trendSmoothing);
    }
    for (int k = 0; k < means.length; k++) {
      means[k] = updateSeason(k, state, value, isImputed, past);
    }
    state.countStep();
    return means;
  }

  /** Returns the seasonal mean minus the value. */
  private float updateSeason(
      int k, ComponentState state, double value, boolean isImputed, SeriesPast past) {
    CombinationSpec.Season season = seasons[k];
    Window window = past.window();
    int lag = season.steps() - 1;
    jumps[k] = 0;
    if (lag >= window.size()) {
      return 0;
    }
    double before = past.transformed(window.value(lag), scaling);
    double mean = before + meanOffset(window, lag, k);
    double offset = mean - value;
    if (isImputed) {
      return (float) offset;
    }
    if (!window.isImputed(lag)) {
      state.drift[k].add(value - before, season.drift().smoothing());
    }
    double unit = past.unit(scaling);
    Tracker shift = state.shift[k];
    double shiftBefore = shift.mean();
    double deviation = shift.robust(-offset - shiftBefore, unit);
    if (season.shift().followsJumpsOnly()) {
      jumps[k] = shift.addToJumps(-offset, unit);
    } else {
      deviation += shiftBefore;
      shift.add(-offset, season.shift().smoothing());
    }
    int seasonsKnown = 1 + state.steps / season.steps();
    double smoothing = Math.max(season.meanSmoothing(), 1.0 / seasonsKnown);
    return (float) Math.fma(smoothing, deviation, offset);
  }

  private static float meanOffset(Window window, int lag, int season) {
    float offset = window.seasonalMean(lag, season);
    return Float.isNaN(offset) ? 0 : offset;
  }

  /**
   * Returns by how much a jump of the shift that was recognised in the last {@link #observe}
   * changes the forecasts of the seasonal mean; 0 without a jump. A shift that is followed all the
   * time does not jump: its seasonal means absorb it, and forecasts of the next season would be
   * wrong.
   */
  double jump(int k) {
    return jumps[k];
  }

  /** Returns the index of the seasonal mean among the simple components. */
  static int indexOfMean(int k) {
    return FIRST_SEASONAL + 2 * k + 1;
  }

  /**
   * Begins a forecast from the last step of the window.
   *
   * @param state not modified
   * @param last transformed value of that step
   * @param unit of the model's corrections
   */
  public void begin(ComponentState state, double last, double unit) {
    step = 0;
    points[0] = last;
    points[1] = state.level.mean();
    trendDamping = 1;
    trendSum = 0;
    for (int k = 0; k < means.length; k++) {
      seasonal[k].clear();
      driftDamping[k] = 1;
      driftSum[k] = 0;
      shiftDamping[k] = 1;
      bounds[k] = Math.abs(state.shift[k].mean()) + state.shift[k].bound(unit);
    }
  }

  /**
   * Forecasts one step further.
   *
   * @param state not modified
   * @param past up to the origin; not modified
   * @return the points of all components but the net, transformed [C − 1]; overwritten by the next
   *     call
   */
  public double[] next(ComponentState state, SeriesPast past) {
    step++;
    trendDamping *= trend.damping();
    trendSum += trendDamping;
    points[2] = Math.fma(state.trend, trendSum, state.trendLevel.mean());
    for (int k = 0; k < means.length; k++) {
      nextOfSeason(k, state, past);
    }
    return points;
  }

  private void nextOfSeason(int k, ComponentState state, SeriesPast past) {
    CombinationSpec.Season season = seasons[k];
    int inSeason = (step - 1) % season.steps();
    if (inSeason == 0) {
      driftDamping[k] *= season.drift().damping();
      driftSum[k] += driftDamping[k];
    }
    shiftDamping[k] *= season.shift().damping();
    int lag = season.steps() - 1 - inSeason;
    int index = FIRST_SEASONAL + 2 * k;
    if (lag >= past.window().size()) {
      points[index] = points[0];
      points[index + 1] = points[0];
      return;
    }
    SeasonalSteps steps = seasonal[k];
    int at = steps.indexOf(lag, past);
    double mean = steps.mean(at);
    double value = Math.max(mean - bounds[k], Math.min(mean + bounds[k], steps.value(at)));
    points[index] = Math.fma(state.drift[k].mean(), driftSum[k], value);
    points[index + 1] = Math.fma(state.shift[k].mean(), shiftDamping[k], mean);
  }
}
