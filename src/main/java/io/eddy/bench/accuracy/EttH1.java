package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.ErrorMeasures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Long-horizon forecasts of the hourly oil temperature of an electricity transformer (H. Zhou et
 * al., Informer, 2021): twelve months of training, four of validation, four to forecast from every
 * hour. Errors are in standard deviations of the twelve months of training.
 *
 * @param horizons in steps, one model for each
 * @param rows numbers of rows
 */
public record EttH1(List<Integer> horizons, Rows rows) implements AccuracyProtocol {
  /** The published horizons. */
  public static final List<Integer> HORIZONS = List.of(96, 192, 336, 720);

  private static final String TARGET = "OT";
  private static final int SEASON = 24;
  private static final List<Double> NLINEAR = List.of(.053, .069, .081, .080);

  /**
   * Numbers of rows.
   *
   * @param training rows, which errors are scaled by
   * @param forecast rows of validation after them, and as many rows of test
   */
  record Rows(int training, int forecast) {}

  /** Creates the protocol with the published numbers of rows. */
  public EttH1(List<Integer> horizons) {
    this(horizons, new Rows(8640, 2880));
  }

  @Override
  public String id() {
    return "ett-h1";
  }

  @Override
  public String title() {
    return "ETTh1, oil temperature, stride 1, in standard deviations";
  }

  @Override
  public List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut) {
    List<SeriesData> all = data.ettH1();
    int end = rows.training() + (isHeldOut ? 1 : 2) * rows.forecast();
    List<SeriesData> series = AccuracyTask.first(end, all);
    return horizons.stream()
        .map(
            horizon ->
                new AccuracyTask(
                    "horizon " + horizon,
                    series,
                    Set.of(TARGET),
                    new AccuracyTask.Origins(horizon, rows.forecast(), 1, SEASON)))
        .toList();
  }

  @Override
  public AccuracyRecipe recipe(AccuracyTask task) {
    return AccuracyRecipes.ettH1(task.origins().horizon());
  }

  @Override
  public Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures) {
    int horizon = task.origins().horizon();
    double deviation = task.deviation(TARGET, 0, rows.training());
    double error = measures.rootMeanSquaredError() / deviation;
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("MSE " + horizon, error * error);
    figures.put("MAE " + horizon, measures.meanAbsoluteError() / deviation);
    return figures;
  }

  @Override
  public List<Published> published() {
    return List.of(new Published("NLinear, published", squared(NLINEAR)));
  }

  private static Map<String, Double> squared(List<Double> errors) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < errors.size(); i++) {
      figures.put("MSE " + HORIZONS.get(i), errors.get(i));
    }
    return figures;
  }
}
