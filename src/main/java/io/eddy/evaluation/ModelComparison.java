package io.eddy.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import java.util.List;
import java.util.Locale;

/**
 * A version held against the one that serves, on the same points of data that are held out.
 *
 * @param measure what the errors are: MASE, or MAE where no series has a scale, over the steps that
 *     both forecast; of classes, the cross-entropy
 * @param error of the version
 * @param serving the one that serves
 * @param servingError of the one that serves
 */
public record ModelComparison(
    String measure, double error, ModelVersion serving, double servingError) {

  /**
   * Runs both.
   *
   * @throws InvalidModelException where their errors are not of the same points
   */
  static ModelComparison of(TestSplit heldOut, Model model, Model serving) {
    requireComparable(model.specification(), serving);
    if (model.specification().output().areClasses()) {
      ClassAccuracy ours = heldOut.measureClasses(model);
      ClassAccuracy theirs = heldOut.measureClasses(serving);
      requirePoints(ours.points());
      return new ModelComparison(
          "cross-entropy", ours.crossEntropy(), serving.version(), theirs.crossEntropy());
    }
    Accuracy ours = heldOut.measure(model, List.of()).accuracy();
    Accuracy theirs = heldOut.measure(serving, List.of()).accuracy();
    int steps = Math.min(ours.horizon(), theirs.horizon());
    requirePoints(ours.upTo(0, steps).points());
    double error = ours.upTo(0, steps).meanAbsoluteScaledError();
    return Double.isNaN(error)
        ? new ModelComparison(
            "MAE",
            ours.upTo(0, steps).meanAbsoluteError(),
            serving.version(),
            theirs.upTo(0, steps).meanAbsoluteError())
        : new ModelComparison(
            "MASE", error, serving.version(), theirs.upTo(0, steps).meanAbsoluteScaledError());
  }

  private static void requireComparable(ModelSpecification specification, Model serving) {
    ModelSpecification other = serving.specification();
    boolean areClasses = specification.output().areClasses();
    if (!specification.sampling().isSameGrid(other.sampling())
        || areClasses != other.output().areClasses()
        || (areClasses && specification.output().horizon() != other.output().horizon())) {
      throw new InvalidModelException(
          "version %s that serves forecasts other steps or values: activate by hand what is better",
          serving.version().shortSha());
    }
  }

  private static void requirePoints(long points) {
    if (points == 0) {
      throw new InvalidModelException(
          "the last 15 %% of the data hold no point to compare versions on");
    }
  }

  /** Whether the version errs less than the one that serves. */
  public boolean isBetter() {
    return error < servingError;
  }

  /** Adds both figures to a result. */
  public void putInto(ObjectNode node) {
    node.put("measure", measure);
    node.put("error", error);
    node.put("serving", serving.sha());
    node.put("servingError", servingError);
  }

  /** Both figures. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "%s %.5g on the untouched last 15 %%, that of version %s, which serves, %.5g",
        measure,
        error,
        serving.shortSha(),
        servingError);
  }
}
