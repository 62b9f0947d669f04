package io.eddy.evaluation.combination;

import io.eddy.forecast.combination.ScoredLead;
import io.eddy.model.CombinationSpec;
import io.eddy.model.CombinationSpec.Adjustment;
import io.eddy.model.CombinationSpec.Season;
import io.eddy.model.CombinationSpec.Trend;
import io.eddy.model.Model;
import java.util.ArrayList;
import java.util.List;

/**
 * Selects the parameters of the simple forecasts from grids: those with the smallest mean absolute
 * error over all steps ahead, in units of the model's corrections. No forecast depends on the
 * parameters of another one, so that each run tries one candidate for all of them.
 */
final class ParameterFit {
  private static final List<Double> LEVELS = List.of(0.003, 0.01, 0.03, 0.1, 0.3);
  private static final List<Trend> TRENDS =
      List.of(
          new Trend(0.02, 0.02, 1),
          new Trend(0.05, 0.05, 1),
          new Trend(0.1, 0.1, 1),
          new Trend(0.3, 0.1, 1),
          new Trend(0.3, 0.1, 0.9),
          new Trend(0.5, 0.3, 0.98));
  private static final List<Double> MEANS = List.of(0.02, 0.1, 0.3);
  private static final List<Adjustment> SHIFTS =
      List.of(
          Adjustment.JUMPS,
          new Adjustment(0.03, 1),
          new Adjustment(0.1, 1),
          new Adjustment(0.3, 1),
          new Adjustment(0.3, 0.9),
          new Adjustment(0.5, 0.7));
  private static final int CANDIDATES = MEANS.size() * SHIFTS.size();

  /** Indices of simple forecasts. */
  private static final int LEVEL = 1;

  private static final int TREND = 2;
  private static final int FIRST_SEASONAL = 3;

  /** Share of a series at its beginning that is not measured. */
  private static final double SHARE_BEFORE = 0.2;

  private static final int SEASONS_BEFORE = 2;

  /** Steps ahead that are computed on average for each step of a series, at most. */
  private static final int MAX_AHEAD = 24;

  private final Model model;
  private final List<Integer> seasons;
  private final int horizon;

  /** Sums of errors by candidate, then by simple forecast. */
  private final double[][] sums;

  /**
   * Creates a fit.
   *
   * @param model whose values are forecast
   * @param seasons in steps
   */
  ParameterFit(Model model, List<Integer> seasons) {
    this.model = model;
    this.seasons = seasons;
    horizon = model.specification().output().horizon();
    sums = new double[CANDIDATES][candidate(0).components() - 1];
  }

  /** Adds a series. */
  void add(double[] values) {
    for (int candidate = 0; candidate < CANDIDATES; candidate++) {
      add(values, new SimpleRun(candidate(candidate), model), sums[candidate]);
    }
  }

  private void add(double[] values, SimpleRun run, double[] sums) {
    int longest = seasons.isEmpty() ? 0 : seasons.get(seasons.size() - 1);
    int from = Math.max((int) (SHARE_BEFORE * values.length), SEASONS_BEFORE * longest);
    if (from >= values.length) {
      from = values.length / 2;
    }
    int every = (horizon + MAX_AHEAD - 1) / MAX_AHEAD;
    for (int t = 0; t < values.length; t++) {
      run.observe(values[t]);
      int ahead = ScoredLead.of(1, horizon, t);
      if (t >= from && t % every == 0 && isMeasured(values, t) && isMeasured(values, t + ahead)) {
        run.begin();
        double[] points = run.next();
        for (int j = 2; j <= ahead; j++) {
          points = run.next();
        }
        double actual = run.transformed(values[t + ahead]);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += Math.abs(actual - points[i]) / run.unit();
        }
      }
    }
  }

  private static boolean isMeasured(double[] values, int t) {
    return t < values.length && !Double.isNaN(values[t]);
  }

  /** Returns a specification without groups. */
  CombinationSpec best() {
    List<Season> best = new ArrayList<>();
    for (int k = 0; k < seasons.size(); k++) {
      Season mean = season(k, least(FIRST_SEASONAL + 2 * k + 1));
      Season drift = season(k, least(FIRST_SEASONAL + 2 * k));
      best.add(new Season(mean.steps(), mean.meanSmoothing(), drift.drift(), mean.shift()));
    }
    return spec(level(least(LEVEL)), trend(least(TREND)), best);
  }

  /** Returns the candidate with the smallest error of a forecast, the first of equals. */
  private int least(int forecast) {
    int least = 0;
    for (int candidate = 1; candidate < CANDIDATES; candidate++) {
      least = sums[candidate][forecast] < sums[least][forecast] ? candidate : least;
    }
    return least;
  }

  private CombinationSpec candidate(int index) {
    List<Season> candidates = new ArrayList<>();
    for (int k = 0; k < seasons.size(); k++) {
      candidates.add(season(k, index));
    }
    return spec(level(index), trend(index), candidates);
  }

  private static double level(int candidate) {
    return LEVELS.get(candidate % LEVELS.size());
  }

  private static Trend trend(int candidate) {
    return TRENDS.get(candidate % TRENDS.size());
  }

  private Season season(int k, int candidate) {
    int steps = seasons.get(k);
    List<Adjustment> drifts = drifts(steps);
    return new Season(
        steps,
        MEANS.get(candidate / SHIFTS.size()),
        drifts.get(candidate % drifts.size()),
        SHIFTS.get(candidate % SHIFTS.size()));
  }

  private static List<Adjustment> drifts(int season) {
    return List.of(
        Adjustment.NONE,
        new Adjustment(0.5 / season, 1),
        new Adjustment(Math.min(1, 2.0 / season), 1),
        new Adjustment(Math.min(1, 2.0 / season), 0.7),
        new Adjustment(0.5, 1));
  }

  private static CombinationSpec spec(double level, Trend trend, List<Season> seasons) {
    return new CombinationSpec(level, trend, seasons, CombinationSpec.Learning.DEFAULT, List.of());
  }
}
