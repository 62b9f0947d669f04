package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearBaseline;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.series.Scaler;
import io.eddy.series.SteppedSeries;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares baselines: linear ones are fitted to the training part, and all forecast the validation
 * part from the same origins.
 *
 * <p>The error of a series is the mean absolute error in the unit of its values, relative to the
 * mean absolute change per step in its training part. The error of a baseline is the mean over the
 * series.
 */
public final class BaselineValidation {
  private static final int MAX_ORIGINS = 4000;
  private static final int MIN_ORIGINS_PER_SERIES = 4;
  private static final double MAX_PRODUCTS = 4e9;

  private final ModelSpecification specification;
  private final Scaling scaling;
  private final TimeSplit split;
  private final List<Forecaster> forecasters = new ArrayList<>();

  private BaselineValidation(ModelSpecification specification, TimeSplit split) {
    this.specification = specification;
    this.split = split;
    scaling = new InputEncoder(specification).scaling();
  }

  /**
   * A baseline with its error; NaN if no value of the validation part could be forecast.
   *
   * @param baseline seasonal naive, naive or linear
   * @param error relative to the mean absolute change per step
   */
  public record Result(BaselineSpec baseline, double error) {}

  /** A baseline with its sum of errors. */
  private static final class Forecaster {
    private final Baseline baseline;
    private final Baseline.Workspace workspace;
    private final double features;
    private double seriesError;
    private double sum;
    private int series;

    Forecaster(Baseline baseline) {
      this.baseline = baseline;
      LinearBaseline linear = baseline.linear();
      features = linear == null ? 0 : linear.featureCount();
      workspace = baseline.newWorkspace();
    }
  }

  /**
   * Measures naive and linear baselines.
   *
   * @param specification of the model; the context contains the longest baseline
   * @param baselines to compare, without the time of the year
   * @return one result per baseline, in their order
   */
  public static List<Result> measure(
      Collection<SteppedSeries> series,
      ModelSpecification specification,
      TimeSplit split,
      List<BaselineSpec> baselines) {
    BaselineValidation validation = new BaselineValidation(specification, split);
    List<LinearBaseline> linear = validation.fit(series, baselines);
    int next = 0;
    for (BaselineSpec baseline : baselines) {
      validation.add(baseline, baseline.isLinear() ? linear.get(next++) : null);
    }
    int stride = validation.stride(series);
    for (SteppedSeries s : series) {
      validation.measure(s.before(split.validationEnd()), stride);
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < baselines.size(); i++) {
      Forecaster forecaster = validation.forecasters.get(i);
      results.add(new Result(baselines.get(i), forecaster.sum / forecaster.series));
    }
    return results;
  }

  /** Fits the linear baselines. They are fitted together, the longest first. */
  private List<LinearBaseline> fit(Collection<SteppedSeries> series, List<BaselineSpec> baselines) {
    List<Integer> lookBacks =
        baselines.stream().filter(BaselineSpec::isLinear).map(BaselineSpec::lookBack).toList();
    if (lookBacks.isEmpty()) {
      return List.of();
    }
    List<Integer> descending =
        lookBacks.stream().distinct().sorted(Comparator.reverseOrder()).toList();
    int season = specification.output().baseline().seasonSteps();
    List<LinearBaseline> fitted =
        LinearBaselineFit.of(
            series,
            specification.withBaseline(new BaselineSpec(season, descending.get(0))),
            split.trainEnd(),
            descending);
    return lookBacks.stream().map(lookBack -> fitted.get(descending.indexOf(lookBack))).toList();
  }

  private void add(BaselineSpec spec, @Nullable LinearBaseline linear) {
    forecasters.add(new Forecaster(new Baseline(specification.withBaseline(spec), linear)));
  }

  /** Returns the distance between origins that keeps the cost within limits. */
  private int stride(Collection<SteppedSeries> series) {
    double origins = 0;
    for (SteppedSeries s : series) {
      origins += Math.max(0, s.before(split.validationEnd()).size() - first(s));
    }
    double products =
        forecasters.stream().mapToDouble(forecaster -> 1 + forecaster.features).sum()
            * specification.output().horizon();
    double limit =
        Math.max(
            (double) MIN_ORIGINS_PER_SERIES * series.size(),
            Math.min(MAX_ORIGINS, MAX_PRODUCTS / products));
    return (int) Math.max(1, Math.ceil(origins / limit));
  }

  /** Returns the index of the first origin. */
  private int first(SteppedSeries series) {
    return (int) Math.max(0, split.trainEnd() - 1 - series.firstStep());
  }

  private void measure(SteppedSeries series, int stride) {
    double[] values = series.values();
    int first = first(series);
    double change = meanChange(values, first);
    if (!(change > 0) || Double.isInfinite(change)) {
      return;
    }
    forecasters.forEach(forecaster -> forecaster.seriesError = 0);
    SeriesPast past =
        new SeriesPast(
            new Window(specification.contextLength(), new InMemorySeriesStore()), new Scaler());
    int points = 0;
    for (int t = 0; t < values.length - 1; t++) {
      if (!Double.isNaN(values[t])) {
        past.observe(values[t], scaling);
      } else if (past.window().size() > 0) {
        past.impute(past.window().value(0));
      }
      if (t >= first && (t - first) % stride == 0 && past.window().size() > 0) {
        points += addErrors(past, values, t, series.firstStep() + t);
      }
    }
    if (points > 0) {
      for (Forecaster forecaster : forecasters) {
        forecaster.sum += forecaster.seriesError / points / change;
        forecaster.series++;
      }
    }
  }

  /** Returns the number of known values among those ahead of step t. */
  private int addErrors(SeriesPast past, double[] values, int t, long origin) {
    int ahead = Math.min(specification.output().horizon(), values.length - 1 - t);
    int points = 0;
    for (int j = 0; j < ahead; j++) {
      points += Double.isNaN(values[t + 1 + j]) ? 0 : 1;
    }
    for (Forecaster forecaster : forecasters) {
      forecaster.baseline.apply(past, origin, forecaster.workspace);
      for (int j = 0; j < ahead; j++) {
        double forecast = scaling.transform().invert(forecaster.workspace.forecast()[j]);
        double error = Math.abs(values[t + 1 + j] - forecast);
        forecaster.seriesError += Double.isNaN(error) ? 0 : error;
      }
    }
    return points;
  }

  private static double meanChange(double[] values, int end) {
    double sum = 0;
    int count = 0;
    for (int t = 1; t < Math.min(values.length, end + 1); t++) {
      double change = Math.abs(values[t] - values[t - 1]);
      if (!Double.isNaN(change)) {
        sum += change;
        count++;
      }
    }
    return sum / count;
  }
}
