package io.eddy.cli.report;

import io.eddy.evaluation.ModelComparison;
import java.util.Locale;

/**
 * The comparison of a new version with the serving one, as JSON.
 *
 * @param measure name of the errors' measure
 * @param error error of the new version
 * @param serving the serving version
 * @param servingError error of the serving version
 */
public record ModelComparisonReport(
    String measure, double error, String serving, double servingError) {
  static ModelComparisonReport of(ModelComparison comparison) {
    return new ModelComparisonReport(
        comparison.measure().toLowerCase(Locale.ROOT),
        comparison.error(),
        comparison.serving().sha(),
        comparison.servingError());
  }

  /** Describes both errors in one line. */
  public static String describe(ModelComparison comparison) {
    return String.format(
        Locale.ROOT,
        "%s %.5g on the part of the test split that neither version has learned from, serving version"
            + " %s %.5g",
        comparison.measure(),
        comparison.error(),
        comparison.serving().shortSha(),
        comparison.servingError());
  }
}
