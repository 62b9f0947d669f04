package io.eddy.training.choice;

import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.Locale;

/** Decides whether logarithms of the values can be tried. */
final class LogTransform {
  /** Minimum share by which logarithms have to reduce the error of a single series. */
  private static final double MIN_GAIN = 0.01;

  /**
   * Minimum ratio of the largest to the smallest value of some series. Below it, logarithms are
   * nearly a linear function of the values and change little.
   */
  private static final double MIN_VALUE_RATIO = 1.2;

  private LogTransform() {}

  /**
   * Returns whether all values are above 0 and those of some series differ in size. Values of the
   * test part count as well, because a model on logarithms rejects negative ones.
   */
  static boolean isApplicable(Collection<SteppedSeries> series) {
    boolean isVaried = false;
    for (SteppedSeries s : series) {
      double least = Double.POSITIVE_INFINITY;
      double largest = 0;
      for (double value : s.values()) {
        if (!Double.isNaN(value)) {
          least = Math.min(least, value);
          largest = Math.max(largest, value);
        }
      }
      if (!(least > 0)) {
        return false;
      }
      isVaried |= largest > MIN_VALUE_RATIO * least;
    }
    return isVaried;
  }

  /**
   * Returns the maximum ratio of the error with logarithms to that without, for which they are
   * chosen. The difference that chance makes shrinks with the square root of the number of series.
   */
  static double maxErrorRatio(int series) {
    return 1 - MIN_GAIN / Math.sqrt(series);
  }

  /**
   * Returns the decision for logarithms.
   *
   * @param ratio of the errors of the best baselines with and without logarithms
   */
  static Decision decision(double ratio) {
    return new Decision(
        "transform",
        "log",
        String.format(
            Locale.ROOT,
            "the baseline errs %.0f %% less on the validation part than without",
            100 * (1 - ratio)));
  }
}
