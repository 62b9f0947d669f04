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
 * Estimates how much the intervals must be widened during warm-up: forecasts series as if they
 * started at many points of the validation part.
 *
 * <p>For each group of known steps and steps ahead, the factor is the smallest one with which the
 * outermost quantiles have their nominal coverage. This is a split conformal prediction (J. Lei et
 * al., Distribution-free predictive inference for regression, 2018) whose scores are distances from
 * the median in units of the interval. A group with too few points has the factor over all steps
 * ahead, or the factor of the previous group of known steps.
 */
public final class WarmUpIntervalEstimator {
  private static final int MAX_STARTS = 400;
  private static final double MAX_POINTS = 2e6;
  private static final int MIN_POINTS = 50;

  private final Model model;
  private final ModelSpecification specification;
  private final StepFunction steps = new StepFunction();
  private final List<List<List<Point>>> points = new ArrayList<>();

  /**
   * A measured step of a forecast, in transformed values.
   *
   * @param error distance of the value from the median
   * @param width distance of the outermost quantile on the value's side from the median
   * @param hasChanged whether the series' values had changed before the forecast
   */
  private record Point(double error, double width, boolean hasChanged) {
    /** Returns the smallest factor with which the interval contains the value. */
    double factor(double minError) {
      double error = Math.abs(this.error);
      return !hasChanged && error <= minError
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
   * Estimates the factors of a model.
   *
   * @param model without warm-up intervals
   * @param from grid index of the first step that was not used for training
   * @param end grid index after the last step to use
   * @return {@link WarmUpIntervals#NONE} if there are no intervals or too few data
   */
  public static WarmUpIntervals measure(
      Model model, Collection<SteppedSeries> series, long from, long end) {
    ModelSpecification specification = model.specification();
    if (specification.output().quantileLevels().size() < 2 || specification.contextLength() < 2) {
      return WarmUpIntervals.NONE;
    }
    WarmUpIntervalEstimator estimator = new WarmUpIntervalEstimator(model);
    double pointsPerStart =
        (double) specification.contextLength() * specification.output().horizon();
    int maxStarts = (int) Math.max(20, Math.min(MAX_STARTS, MAX_POINTS / pointsPerStart));
    int startsPerSeries = Math.max(1, maxStarts / Math.max(1, series.size()));
    int stride = Math.max(1, series.size() / maxStarts);
    int index = 0;
    for (SteppedSeries s : series) {
      if (index++ % stride == 0) {
        estimator.add(s, from, end, startsPerSeries);
      }
    }
    return estimator.intervals();
  }

  /** Starts a series at evenly spaced points. */
  private void add(SteppedSeries series, long from, long end, int starts) {
    int first = (int) Math.max(0, Math.min(series.size(), from - series.firstStep()));
    int last = (int) Math.max(0, Math.min(series.size(), end - series.firstStep()));
    for (int i = 0; i < starts; i++) {
      int at = first + (int) ((long) (last - first) * i / starts);
      if (at < last && (i == 0 || at > first)) {
        runFrom(series, at, last);
      }
    }
  }

  private void runFrom(SteppedSeries series, int from, int end) {
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
      addPoints(forecast, state.members().get(0).past(), series.values(), t, end);
    }
  }

  private void addPoints(Forecast forecast, SeriesPast past, double[] values, int t, int end) {
    Scaling scaling = model.member(0).encoder().scaling();
    int last = forecast.quantileLevels().size() - 1;
    List<List<Point>> row =
        points.get(WarmUpIntervals.groupOf(forecast.origin().quality().warmSteps()));
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
    List<Double> minErrors = minErrors();
    if (points.get(0).get(0).size() < MIN_POINTS) {
      return WarmUpIntervals.NONE;
    }
    List<List<Double>> factors = new ArrayList<>();
    for (List<List<Point>> row : points) {
      List<Point> allSteps = row.stream().flatMap(List::stream).toList();
      List<Double> widened = new ArrayList<>();
      for (int group = 0; group < row.size(); group++) {
        List<Point> sample = row.get(group).size() >= MIN_POINTS ? row.get(group) : allSteps;
        widened.add(
            sample.size() >= MIN_POINTS
                ? factor(sample, minErrors.get(group))
                : factors.isEmpty() ? 1 : factors.get(factors.size() - 1).get(group));
      }
      factors.add(widened);
    }
    return new WarmUpIntervals(minErrors, factors);
  }

  /** Returns the median error on series that had not changed, by group of steps ahead. */
  private List<Double> minErrors() {
    List<Double> medians = new ArrayList<>();
    for (int group = 0; group < points.get(0).size(); group++) {
      List<Double> errors = new ArrayList<>();
      for (List<List<Point>> row : points) {
        row.get(group).stream()
            .filter(point -> !point.hasChanged())
            .forEach(point -> errors.add(Math.abs(point.error())));
      }
      Collections.sort(errors);
      medians.add(errors.isEmpty() ? 0 : errors.get(errors.size() / 2));
    }
    return medians;
  }

  private double factor(List<Point> points, double minError) {
    List<Double> levels = specification.output().quantileLevels();
    double coverage = levels.get(levels.size() - 1) - levels.get(0);
    double[] factors =
        points.stream().mapToDouble(point -> point.factor(minError)).sorted().toArray();
    int at = (int) Math.ceil((factors.length + 1) * coverage) - 1;
    return Math.max(
        1, Math.min(WarmUpIntervals.MAX_FACTOR, factors[Math.min(at, factors.length - 1)]));
  }
}
