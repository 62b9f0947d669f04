package io.eddy.evaluation.combination;

import io.eddy.model.CombinationSpec;
import io.eddy.model.CombinationSpec.Adjustment;
import io.eddy.model.CombinationSpec.Season;
import io.eddy.model.CombinationSpec.Trend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Selects the parameters of the simple components from grids: those with the smallest mean absolute
 * error over all steps ahead, in units of each series, on values that are given.
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
          Adjustment.NONE,
          new Adjustment(0.03, 1),
          new Adjustment(0.1, 1),
          new Adjustment(0.3, 1),
          new Adjustment(0.3, 0.9),
          new Adjustment(0.5, 0.7));

  /** Steps at the beginning of a series that are not measured, in seasons. */
  private static final int SEASONS_BEFORE = 2;

  private static final double SHARE_BEFORE = 0.2;

  private final List<SeriesValues> series;
  private final int horizon;

  /**
   * Creates a fit.
   *
   * @param series the values to measure
   * @param horizon J
   */
  ParameterFit(List<SeriesValues> series, int horizon) {
    this.series = series;
    this.horizon = horizon;
  }

  double level() {
    return best(LEVELS, 0, level -> x -> SimplePath.level(x, level));
  }

  Trend trend() {
    return best(TRENDS, 0, trend -> x -> SimplePath.trend(x, trend));
  }

  /** Returns the parameters of a season of {@code steps}. */
  Season season(int steps) {
    Adjustment drift = best(drifts(steps), steps, spec -> x -> SimplePath.seasonal(x, steps, spec));
    List<Season> seasons = new ArrayList<>();
    for (double mean : MEANS) {
      SHIFTS.forEach(shift -> seasons.add(new Season(steps, mean, drift, shift)));
    }
    return best(seasons, steps, season -> x -> SimplePath.seasonalMean(x, season));
  }

  private static List<Adjustment> drifts(int season) {
    return List.of(
        Adjustment.NONE,
        new Adjustment(0.5 / season, 1),
        new Adjustment(Math.min(1, 2.0 / season), 1),
        new Adjustment(Math.min(1, 2.0 / season), 0.7),
        new Adjustment(0.5, 1));
  }

  private <T> T best(
      List<T> candidates, int season, Function<T, Function<double[], SimplePath>> path) {
    T best = candidates.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (T candidate : candidates) {
      double error = error(season, path.apply(candidate));
      if (error < least) {
        least = error;
        best = candidate;
      }
    }
    return best;
  }

  private double error(int season, Function<double[], SimplePath> path) {
    double sum = 0;
    for (SeriesValues one : series) {
      sum += error(one, season, path.apply(one.values()));
    }
    return sum;
  }

  /** Returns the sum of the errors; each origin is measured at one step ahead. */
  private double error(SeriesValues one, int season, SimplePath path) {
    int from = Math.max(SEASONS_BEFORE * season, (int) (SHARE_BEFORE * one.size()));
    double sum = 0;
    for (int t = from; t < one.size(); t++) {
      int ahead = StepGroups.step(1, horizon, t);
      if (t + ahead < one.size() && one.isMeasured()[t + ahead]) {
        sum += Math.abs(one.values()[t + ahead] - path.at(t, ahead)) / one.units()[t];
      }
    }
    return sum;
  }

  /** Returns a specification without groups. */
  CombinationSpec components(List<Integer> seasons) {
    return new CombinationSpec(
        level(),
        trend(),
        seasons.stream().map(this::season).toList(),
        CombinationSpec.Learning.DEFAULT,
        List.of());
  }
}
