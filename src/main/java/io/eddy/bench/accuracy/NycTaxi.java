package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.ErrorMeasures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passengers of New York's taxis as a stream (Y. Cui et al., Continuous online sequence learning
 * with an unsupervised neural network model, 2016): forecasts five steps ahead at every half-hour,
 * measured on the fifth step, with weekly retraining.
 *
 * @param firstRow row of the first measured origin, from 0
 */
public record NycTaxi(int firstRow) implements AccuracyProtocol {
  private static final int STEPS_AHEAD = 5;
  private static final int WEEK = 336;

  /** Creates the protocol with the published first row. */
  public NycTaxi() {
    this(10_000);
  }

  @Override
  public String id() {
    return "nyc-taxi";
  }

  @Override
  public String title() {
    return "New York taxi passengers, 5 half-hours ahead, retrained weekly";
  }

  @Override
  public List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut) {
    List<SeriesData> series = List.of(data.nycTaxi());
    AccuracyTask.requireValues(firstRow + STEPS_AHEAD + 1, series);
    List<SeriesData> known = isHeldOut ? AccuracyTask.first(firstRow, series) : series;
    int first = isHeldOut ? firstRow / 2 : firstRow;
    int steps = known.get(0).size() - 1 - first;
    return List.of(
        new AccuracyTask(id(), known, new AccuracyTask.Origins(STEPS_AHEAD, steps, 1, WEEK)));
  }

  @Override
  public AccuracyRecipe recipe(AccuracyTask task) {
    return AccuracyRecipes.nycTaxi(task.origins().horizon());
  }

  @Override
  public ErrorMeasures measured(Accuracy accuracy, int forecaster) {
    return accuracy.at(forecaster, STEPS_AHEAD);
  }

  @Override
  public Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures) {
    SeriesData series = task.data().get(0);
    double deviation = task.deviation(series.name(), STEPS_AHEAD, series.size());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("MAPE", measures.weightedAbsoluteError());
    figures.put("NRMSE", measures.rootMeanSquaredErrorOfMedian() / deviation);
    return figures;
  }

  @Override
  public List<Published> published() {
    return List.of(
        new Published("LSTM, published", Map.of("MAPE", 0.0731, "NRMSE", 0.257)),
        new Published("HTM, published", Map.of("MAPE", 0.0809, "NRMSE", 0.287)));
  }
}
