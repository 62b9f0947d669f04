package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.ErrorMeasures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Seven series of an electricity transformer at 15 minutes, {@code ett1/15T} of GIFT-Eval (T. Aksu
 * et al., 2024): consecutive windows of twelve hours at the end.
 *
 * @param windows number of windows
 */
public record EttM1(int windows) implements AccuracyProtocol {
  private static final int HORIZON = 48;
  private static final int SEASON = 96;

  /** Creates the protocol with the published number of windows. */
  public EttM1() {
    this(20);
  }

  @Override
  public String id() {
    return "ett-m1";
  }

  @Override
  public String title() {
    return "ETTm1 as GIFT-Eval's ett1/15T, %d windows of 48 steps".formatted(windows);
  }

  @Override
  public List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut) {
    List<SeriesData> series = data.ettM1();
    int steps = windows * HORIZON;
    return List.of(
        new AccuracyTask(
            id(),
            isHeldOut ? AccuracyTask.allBut(steps, series) : series,
            new AccuracyTask.Origins(HORIZON, steps, HORIZON, SEASON)));
  }

  @Override
  public AccuracyRecipe recipe(AccuracyTask task) {
    return AccuracyRecipes.ettM1(task.origins().horizon());
  }

  @Override
  public Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("MASE", measures.meanAbsoluteScaledError());
    figures.put("wQL", measures.weightedQuantileLoss(QUANTILE_LEVELS));
    return figures;
  }

  @Override
  public List<Published> published() {
    return List.of(
        new Published("seasonal naive, published", Map.of("MASE", 0.934, "wQL", 0.241)),
        new Published("DeepAR, published", Map.of("MASE", 1.44, "wQL", 0.320)),
        new Published("TFT, published", Map.of("MASE", 1.05, "wQL", 0.245)),
        new Published("xLSTM-Mixer, published", Map.of("MASE", 0.740, "wQL", 0.1615)));
  }
}
