package io.eddy.bench.accuracy;

import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.ErrorMeasures;
import java.util.List;
import java.util.Map;

/** What published forecasts are compared by: a data set, what of it is forecast, and figures. */
public sealed interface AccuracyProtocol permits M4Hourly, NycTaxi, EttM1, EttH1 {
  /** The quantiles that losses and coverage are told of. */
  List<Double> NINE = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);

  /**
   * Figures of others.
   *
   * @param name whose
   * @param figures by the names of {@link #figures}; may lack some
   */
  record Published(String name, Map<String, Double> figures) {}

  /** As the command line has it. */
  String id();

  /** What it is, in a line. */
  String title();

  /**
   * What is to be forecast, one task after the other.
   *
   * @param isHeldOut whether the protocol is moved back into what it learns from, by as much as it
   *     forecasts; what a recipe chooses is chosen there
   */
  List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut);

  /** How the model of a task is made. */
  AccuracyRecipe recipe(AccuracyTask task);

  /** The points of a forecaster that count. */
  default ErrorMeasures counted(Accuracy accuracy, int forecaster) {
    return accuracy.all(forecaster);
  }

  /** Errors by name, in order. */
  Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures);

  /** Figures of others. */
  List<Published> published();
}
