package io.eddy.evaluation;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.model.WarmUpIntervals;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Measures how wide the intervals of series have to be that a model sees for the first time: from
 * many points of held-out data on, each series is forecast as if it began there.
 *
 * <p>Of each group of steps so far and ahead the factor is the least by which as many of the values
 * lie within the outermost quantiles as their levels promise: a split conformal prediction (J. Lei
 * et al., Distribution-free predictive inference for regression, 2018) whose scores are distances
 * from the median in units of the interval. Groups with too few points have the factor of all steps
 * ahead, or of the steps before.
 */
public final class WarmUpIntervalEstimator {
  private static final int MOST_STARTS = 400;
  private static final double MOST_POINTS = 2e6;
  private static final int FEWEST = 50;

  private final Model model;
  private final ModelSpecification specification;
  private final StepFunction steps = new StepFunction();
  private final List<List<List<Point>>> points = new ArrayList<>();

  /** A value that came: how far from the median, how far the outermost quantile on its side. */
  private record Point(double error, double width, boolean hasChanged) {
    /** The factor by which the quantile would have been far enough. */
    double factor(double least) {
      double error = Math.abs(this.error);
      return !hasChanged && error <= least
          ? 0
          : width > 0 ? error / width : WarmUpIntervals.MAX_FACTOR;
    }
  }

  private WarmUpIntervalEstimator(Model model) {
    this.model = model;
    specification = model.specification();
    int groups = WarmUpIntervals.groupOf(Math.max(1, specification.contextLength() - 1)) + 1;
    int ahead = WarmUpIntervals.groupOf(specification.output().horizon()) + 1;
    for (int group = 0; group < groups; group++) {
      List<List<Point>> row = new ArrayList<>();
      for (int j = 0; j < ahead; j++) {
        row.add(new ArrayList<>());
      }
      points.add(row);
    }
  }

  /**
   * What a model's quantiles need.
   *
   * @param model whose own are not widened
   * @param from grid index from which on the data were not learnt from
   * @param end grid index before which they may be looked at
   * @return {@link WarmUpIntervals#NONE} where there are no intervals, or too few data
   */
  public static WarmUpIntervals measure(
      Model model, Collection<SteppedSeries> series, long from, long end) {
    ModelSpecification specification = model.specification();
    if (specification.output().quantileLevels().size() < 2 || specification.contextLength() < 2) {
      return WarmUpIntervals.NONE;
    }
    WarmUpIntervalEstimator starts = new WarmUpIntervalEstimator(model);
    double perStart = (double) specification.contextLength() * specification.output().horizon();
    int most = (int) Math.max(20, Math.min(MOST_STARTS, MOST_POINTS / perStart));
    int each = Math.max(1, most / Math.max(1, series.size()));
    int stride = Math.max(1, series.size() / most);
    int index = 0;
    for (SteppedSeries one : series) {
      if (index++ % stride == 0) {
        starts.add(one, from, end, each);
      }
    }
    return starts.intervals();
  }

  /** Begins at so many points of a series, evenly taken. */
  private void add(SteppedSeries series, long from, long end, int starts) {
    int first = (int) Math.max(0, Math.min(series.size(), from - series.firstStep()));
    int last = (int) Math.max(0, Math.min(series.size(), end - series.firstStep()));
    for (int i = 0; i < starts; i++) {
      int at = first + (int) ((long) (last - first) * i / starts);
      if (at < last && (i == 0 || at > first)) {
        begin(series, at, last);
      }
    }
  }

  private void begin(SteppedSeries series, int from, int end) {
    SeriesState state = SeriesState.inMemory(model);
    for (int t = from; t < end; t++) {
      if (Double.isNaN(series.values()[t])) {
        continue;
      }
      Observation step =
          new Observation(
              series.name(),
              specification.sampling().startMs(series.firstStep() + t),
              series.values()[t],
              series.covariates().row(t),
              series.futureCovariates(t));
      StepResult result = steps.close(state, step, model);
      Forecast forecast = result.forecasts().get(0).forecast();
      if (forecast.origin().warm() || !forecast.isFinite()) {
        return;
      }
      meet(forecast, state.members().get(0).past(), series.values(), t, end);
    }
  }

  private void meet(Forecast forecast, SeriesPast past, double[] values, int t, int end) {
    Scaling scaling = model.member(0).encoder().scaling();
    int last = forecast.quantileLevels().size() - 1;
    List<List<Point>> row =
        points.get(WarmUpIntervals.groupOf(forecast.origin().standing().warmSteps()));
    for (int j = 1; j <= forecast.horizon() && t + j < end; j++) {
      double value = values[t + j];
      if (Double.isNaN(value)) {
        continue;
      }
      double middle = scaling.transform().apply(forecast.median(j));
      double error = past.transformed(value, scaling) - middle;
      double outer = scaling.transform().apply(forecast.value(j, error < 0 ? 0 : last));
      row.get(WarmUpIntervals.groupOf(j))
          .add(new Point(error, Math.abs(outer - middle), past.scaler().hasChanged()));
    }
  }

  private WarmUpIntervals intervals() {
    List<Double> leastErrors = leastErrors();
    if (points.get(0).get(0).size() < FEWEST) {
      return WarmUpIntervals.NONE;
    }
    List<List<Double>> factors = new ArrayList<>();
    for (List<List<Point>> row : points) {
      List<Point> all = row.stream().flatMap(List::stream).toList();
      List<Double> widened = new ArrayList<>();
      for (int group = 0; group < row.size(); group++) {
        List<Point> few = row.get(group).size() >= FEWEST ? row.get(group) : all;
        widened.add(
            few.size() >= FEWEST
                ? factor(few, leastErrors.get(group))
                : factors.isEmpty() ? 1 : factors.get(factors.size() - 1).get(group));
      }
      factors.add(widened);
    }
    return new WarmUpIntervals(leastErrors, factors);
  }

  /** The middle one of the errors on series that had shown no change, by steps ahead. */
  private List<Double> leastErrors() {
    List<Double> least = new ArrayList<>();
    for (int group = 0; group < points.get(0).size(); group++) {
      List<Double> errors = new ArrayList<>();
      for (List<List<Point>> row : points) {
        row.get(group).stream()
            .filter(point -> !point.hasChanged())
            .forEach(point -> errors.add(Math.abs(point.error())));
      }
      Collections.sort(errors);
      least.add(errors.isEmpty() ? 0 : errors.get(errors.size() / 2));
    }
    return least;
  }

  private double factor(List<Point> points, double least) {
    List<Double> levels = specification.output().quantileLevels();
    double share = levels.get(levels.size() - 1) - levels.get(0);
    double[] factors = points.stream().mapToDouble(point -> point.factor(least)).sorted().toArray();
    int at = (int) Math.ceil((factors.length + 1) * share) - 1;
    return Math.max(
        1, Math.min(WarmUpIntervals.MAX_FACTOR, factors[Math.min(at, factors.length - 1)]));
  }
}
