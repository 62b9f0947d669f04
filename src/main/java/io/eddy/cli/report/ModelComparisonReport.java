package io.eddy.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.evaluation.ModelComparison;
import java.util.Locale;

/** Formats the comparison of a new version with the serving one. */
public final class ModelComparisonReport {
  private ModelComparisonReport() {}

  /** Describes both errors in one line. */
  public static String describe(ModelComparison comparison) {
    return String.format(
        Locale.ROOT,
        "%s %.5g on the test split (last 15 %% of the data), serving version %s %.5g",
        comparison.measure(),
        comparison.error(),
        comparison.serving().shortSha(),
        comparison.servingError());
  }

  /** Adds the comparison to a result. */
  public static void putInto(ModelComparison comparison, ObjectNode node) {
    node.put("measure", comparison.measure());
    node.put("error", comparison.error());
    node.put("serving", comparison.serving().sha());
    node.put("servingError", comparison.servingError());
  }
}
