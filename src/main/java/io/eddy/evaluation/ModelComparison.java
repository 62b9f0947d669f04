package io.eddy.evaluation;

import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import java.util.List;

/**
 * Compares a new version with the serving version on the same points of the test split.
 *
 * @param measure name of the error: MASE, or MAE if no series has a scale, over the steps that both
 *     versions forecast; cross-entropy for classes
 * @param error of the new version
 * @param serving the serving version
 * @param servingError of the serving version
 */
public record ModelComparison(
    String measure, double error, ModelVersion serving, double servingError) {

  /**
   * Evaluates both versions.
   *
   * @throws InvalidModelException if the versions do not forecast the same points
   */
  static ModelComparison of(TestSplit test, Model model, Model serving) {
    requireComparable(model.specification(), serving);
    return model.specification().output().isClassification()
        ? compareClasses(test, model, serving)
        : compareAmounts(test, model, serving);
  }

  private static ModelComparison compareClasses(TestSplit test, Model model, Model serving) {
    ClassAccuracy accuracy = test.measureClasses(model);
    requirePoints(accuracy.points());
    return new ModelComparison(
        "cross-entropy",
        accuracy.crossEntropy(),
        serving.version(),
        test.measureClasses(serving).crossEntropy());
  }

  private static ModelComparison compareAmounts(TestSplit test, Model model, Model serving) {
    Accuracy accuracy = test.measure(model, List.of()).accuracy();
    Accuracy servingAccuracy = test.measure(serving, List.of()).accuracy();
    int steps = Math.min(accuracy.horizon(), servingAccuracy.horizon());
    ErrorMeasures measures = accuracy.upTo(0, steps);
    ErrorMeasures servingMeasures = servingAccuracy.upTo(0, steps);
    requirePoints(measures.points());
    double scaled = measures.meanAbsoluteScaledError();
    return Double.isNaN(scaled)
        ? new ModelComparison(
            "MAE",
            measures.meanAbsoluteError(),
            serving.version(),
            servingMeasures.meanAbsoluteError())
        : new ModelComparison(
            "MASE", scaled, serving.version(), servingMeasures.meanAbsoluteScaledError());
  }

  private static void requireComparable(ModelSpecification specification, Model serving) {
    ModelSpecification other = serving.specification();
    boolean areClasses = specification.output().isClassification();
    if (!specification.sampling().isSameGrid(other.sampling())
        || areClasses != other.output().isClassification()
        || (areClasses && specification.output().horizon() != other.output().horizon())) {
      throw new InvalidModelException(
          "serving version %s has another interval, aggregation, horizon or kind of values and"
              + " cannot be compared: activate the new version by hand if it is better",
          serving.version().shortSha());
    }
  }

  private static void requirePoints(long points) {
    if (points == 0) {
      throw new InvalidModelException(
          "no point to compare the versions on: the serving version has learned from the test split"
              + " (last 15 % of the data), or the split is shorter than a forecast; repeat it with"
              + " later data, or activate the new version with --activate");
    }
  }

  /** Returns whether the new version's error is lower. */
  public boolean isBetter() {
    return error < servingError;
  }
}
