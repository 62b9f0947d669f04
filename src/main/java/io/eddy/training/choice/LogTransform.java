package io.eddy.training.choice;

import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.Locale;

/** Decides whether logarithms of the values can be tried. */
final class LogTransform {
  /** The best baseline of the logarithms has to be better by this share. */
  static final double CLEARLY = 0.99;

  /** Series whose values all have nearly the same size do not differ from their logarithms. */
  private static final double MIN_RATIO = 1.2;

  private LogTransform() {}

  /**
   * Returns whether all values are above 0, in all parts of the data, because a model on logarithms
   * rejects negative ones, and some series changes its size.
   */
  static boolean isApplicable(Collection<SteppedSeries> series) {
    boolean isVaried = false;
    for (SteppedSeries each : series) {
      double least = Double.POSITIVE_INFINITY;
      double largest = 0;
      for (double value : each.values()) {
        if (!Double.isNaN(value)) {
          least = Math.min(least, value);
          largest = Math.max(largest, value);
        }
      }
      if (!(least > 0)) {
        return false;
      }
      isVaried |= largest > MIN_RATIO * least;
    }
    return isVaried;
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
