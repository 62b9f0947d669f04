package io.eddy.bench.accuracy;

import io.eddy.evaluation.Accuracy;
import io.eddy.evaluation.ErrorMeasures;
import java.util.List;
import java.util.Map;

/** A published accuracy protocol: a data set, the forecasts to make and the measures. */
public sealed interface AccuracyProtocol permits M4Hourly, NycTaxi, EttM1, EttH1 {
  /** Levels of the quantiles that losses and coverage are reported for. */
  List<Double> QUANTILE_LEVELS = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);

  /**
   * Published results of another forecaster.
   *
   * @param name of the forecaster
   * @param figures by the names of {@link #figures}; some may be absent
   */
  record Published(String name, Map<String, Double> figures) {}

  /** Returns the name on the command line. */
  String id();

  /** Returns a description in one line. */
  String title();

  /**
   * Returns the forecasts to make.
   *
   * @param isHeldOut whether the protocol is moved back into its training part by the length of its
   *     test part, to choose hyper-parameters
   */
  List<AccuracyTask> tasks(BenchmarkData data, boolean isHeldOut);

  /** Returns how the model of a task is trained. */
  AccuracyRecipe recipe(AccuracyTask task);

  /** Returns the errors of a forecaster over the points that the protocol measures. */
  default ErrorMeasures measured(Accuracy accuracy, int forecaster) {
    return accuracy.all(forecaster);
  }

  /** Returns the results by name, in the order of the report. */
  Map<String, Double> figures(AccuracyTask task, ErrorMeasures measures);

  /** Returns the published results. */
  List<Published> published();
}
