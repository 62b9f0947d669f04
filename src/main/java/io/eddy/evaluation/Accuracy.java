package io.eddy.evaluation;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Errors of a model and of baselines on the same points, by step ahead and overall. A point is a
 * measured step of a forecast from one origin.
 */
public final class Accuracy {
  private final List<String> names;
  private final ErrorMeasures[][] steps;

  /**
   * Creates an accuracy without points.
   *
   * @param names of the forecasters, the model first
   */
  Accuracy(List<String> names, ModelSpecification.Output output) {
    this.names = names;
    steps = new ErrorMeasures[names.size()][output.horizon()];
    for (ErrorMeasures[] row : steps) {
      Arrays.setAll(row, j -> new ErrorMeasures(output.quantileLevels()));
    }
  }

  /**
   * Measures a model and baselines.
   *
   * @param from grid index of the first origin to measure; earlier steps only advance the state
   * @param seasonSteps m of {@link SeasonalNaiveError}, at least 1
   */
  public static Accuracy of(
      Model model,
      Collection<SteppedSeries> series,
      long from,
      int seasonSteps,
      List<ReferenceForecast> baselines) {
    Accuracy accuracy = new Accuracy(names(baselines), model.specification().output());
    for (SteppedSeries s : series) {
      Accuracy seriesAccuracy = new Accuracy(accuracy.names, model.specification().output());
      Scorer scorer = new Scorer(s, seasonSteps, baselines, seriesAccuracy);
      RollingForecasts.forEach(
          model, List.of(s), from, (forecast, x, t) -> scorer.add(forecast, t));
      accuracy.add(seriesAccuracy);
    }
    return accuracy;
  }

  static List<String> names(List<ReferenceForecast> baselines) {
    List<String> names = new ArrayList<>(List.of("model"));
    baselines.forEach(baseline -> names.add(baseline.name()));
    return List.copyOf(names);
  }

  /** Returns the names of the forecasters: the model, then the baselines. */
  public List<String> names() {
    return names;
  }

  /** Returns J, the number of steps ahead. */
  public int horizon() {
    return steps[0].length;
  }

  /** Returns the errors of a forecaster {@code step} steps ahead, from 1. */
  public ErrorMeasures at(int forecaster, int step) {
    return steps[forecaster][step - 1];
  }

  /** Returns the errors of a forecaster over all steps ahead. */
  public ErrorMeasures all(int forecaster) {
    return upTo(forecaster, horizon());
  }

  /** Returns the errors of a forecaster over the first {@code count} steps ahead. */
  public ErrorMeasures upTo(int forecaster, int count) {
    ErrorMeasures all = new ErrorMeasures(steps[forecaster][0].levels());
    for (int j = 0; j < count; j++) {
      all.add(steps[forecaster][j]);
    }
    return all;
  }

  /** Returns the MASE of a forecaster {@code step} steps ahead, or its MAE if there is no MASE. */
  public double error(int forecaster, int step) {
    ErrorMeasures measures = at(forecaster, step);
    double scaled = measures.meanAbsoluteScaledError();
    return Double.isNaN(scaled) ? measures.meanAbsoluteError() : scaled;
  }

  /** Adds the points of another accuracy of the same forecasters. */
  void add(Accuracy other) {
    for (int i = 0; i < steps.length; i++) {
      for (int j = 0; j < steps[i].length; j++) {
        steps[i][j].add(other.steps[i][j]);
      }
    }
  }
}
