package io.eddy.evaluation;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scores of a model on the test split.
 *
 * @param values by the names that the model file has for them; empty if the split has no point to
 *     measure
 * @param comparison with baselines; null for classes, or if there is no point
 */
record TestScores(Map<String, Double> values, @Nullable BaselineComparison comparison) {
  /**
   * Measures a model.
   *
   * @param network the same model without its combination with simple forecasts, whose error is
   *     measured as well; null if the model has no combination
   */
  static TestScores of(Model model, @Nullable Model network, TestSplit test) {
    ModelSpecification specification = model.specification();
    if (specification.output().isClassification()) {
      return new TestScores(values(test.measureClasses(model)), null);
    }
    List<ReferenceForecast> baselines =
        ReferenceForecasts.of(specification, test.series(), test.from(), test.season());
    Backtest backtest = test.measure(model, baselines);
    Map<String, Double> values = values(backtest.accuracy());
    if (network != null && !values.isEmpty()) {
      double error = test.measure(network, List.of()).accuracy().all(0).meanAbsoluteError();
      if (Double.isFinite(error)) {
        values.put("networkMae", error);
      }
    }
    return new TestScores(values, values.isEmpty() ? null : BaselineComparison.of(backtest));
  }

  private static Map<String, Double> values(ClassAccuracy accuracy) {
    return accuracy.points() == 0
        ? Map.of()
        : Map.of(
            "accuracy", accuracy.accuracy(),
            "naiveAccuracy", accuracy.naiveAccuracy(),
            "seasonalNaiveAccuracy", accuracy.seasonalNaiveAccuracy(),
            "crossEntropy", accuracy.crossEntropy());
  }

  private static Map<String, Double> values(Accuracy accuracy) {
    ErrorMeasures model = accuracy.all(0);
    Map<String, Double> values = new HashMap<>();
    if (model.points() > 0) {
      values.put("mae", model.meanAbsoluteError());
      values.put("naiveMae", accuracy.all(1).meanAbsoluteError());
      values.put("seasonalNaiveMae", accuracy.all(2).meanAbsoluteError());
      int linear = accuracy.names().indexOf(ReferenceForecasts.LINEAR);
      if (linear > 0) {
        values.put("linearMae", accuracy.all(linear).meanAbsoluteError());
      }
      values.put("wape", model.weightedAbsoluteError());
      values.put("wql", model.weightedQuantileLoss());
      values.put("mase", model.meanAbsoluteScaledError());
      values.values().removeIf(value -> !Double.isFinite(value));
    }
    return values;
  }
}
