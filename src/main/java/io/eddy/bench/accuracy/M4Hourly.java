package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.ErrorMeasures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hourly series of the M4 competition (S. Makridakis et al., The M4 Competition, 2020):
 * forecasts of the last two days of each series.
 */
public record M4Hourly() implements AccuracyProtocol {
  private static final int HORIZON = 48;
  private static final int SEASON = 24;

  /** Errors of Naive2; OWA is relative to them. */
  private static final double NAIVE2_SMAPE = 18.383;

  private static final double NAIVE2_MASE = 2.395;

  @Override
  public String id() {
    return "m4-hourly";
  }

  @Override
  public String title() {
    return "M4 Hourly, 48 steps from each series' end";
  }

  @Override
  public List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut) {
    List<SeriesData> series = data.m4Hourly(HORIZON);
    return List.of(
        new AccuracyTask(
            id(),
            isHeldOut ? AccuracyTask.allBut(HORIZON, series) : series,
            new AccuracyTask.Origins(HORIZON, HORIZON, HORIZON, SEASON)));
  }

  @Override
  public AccuracyRecipe recipe(AccuracyTask task) {
    return AccuracyRecipes.m4Hourly(task.origins().horizon());
  }

  @Override
  public Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures) {
    double smape = measures.symmetricPercentageError();
    double mase = measures.meanAbsoluteScaledError();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("sMAPE", smape);
    figures.put("MASE", mase);
    figures.put("OWA", (smape / NAIVE2_SMAPE + mase / NAIVE2_MASE) / 2);
    figures.put("wQL", measures.weightedQuantileLoss(QUANTILE_LEVELS));
    figures.put("MSIS", measures.meanScaledIntervalScore());
    return figures;
  }

  @Override
  public List<Published> published() {
    return List.of(
        new Published(
            "seasonal naive, published", Map.of("sMAPE", 13.912, "MASE", 1.193, "OWA", 0.627)),
        new Published("RNN benchmark, published", Map.of("OWA", 1.036)),
        new Published("DeepAR, published", Map.of("wQL", 0.0329)),
        new Published(
            "ES-RNN (winner), published",
            Map.of("sMAPE", 9.328, "MASE", 0.893, "OWA", 0.440, "MSIS", 7.928)));
  }
}
