package io.eddy.cli.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pair of quantile levels around the median whose interval is closest to 80 %.
 *
 * @param lower index of the lower level
 * @param upper index of the upper level
 * @param share difference of the levels
 */
record CentralBand(int lower, int upper, double share) {
  private static final double WANTED = 0.8;

  /** Returns the pair of some levels, ascending; null if there are fewer than two. */
  static @Nullable CentralBand of(List<Double> levels) {
    CentralBand best = null;
    for (int k = 0; k < levels.size() / 2; k++) {
      int upper = levels.size() - 1 - k;
      double share = levels.get(upper) - levels.get(k);
      if (best == null || Math.abs(share - WANTED) < Math.abs(best.share - WANTED) - 1e-9) {
        best = new CentralBand(k, upper, share);
      }
    }
    return best;
  }

  /** Returns the name of the interval, for example {@code 80 %}. */
  String name() {
    String percent = String.format(Locale.ROOT, "%.1f", 100 * share);
    return (percent.endsWith(".0") ? percent.substring(0, percent.length() - 2) : percent) + " %";
  }
}
