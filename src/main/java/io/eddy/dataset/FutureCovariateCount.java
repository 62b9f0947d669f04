package io.eddy.dataset;

import io.eddy.series.FutureCovariates;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the steps ahead whose known-future covariates are missing. A model fills them with the
 * last known number.
 */
public final class FutureCovariateCount {
  private final List<String> names;
  private final int horizon;
  private final long[] missing;
  private long steps;

  /**
   * Creates an empty count.
   *
   * @param names of the known-future covariates of a model
   * @param horizon steps ahead of a forecast
   */
  public FutureCovariateCount(List<String> names, int horizon) {
    this.names = names;
    this.horizon = horizon;
    missing = new long[names.size()];
  }

  /**
   * Adds one forecast.
   *
   * @param maxSteps steps ahead that count, if fewer than the horizon
   */
  public void add(FutureCovariates future, int maxSteps) {
    if (names.isEmpty()) {
      return;
    }
    int counted = Math.min(horizon, maxSteps);
    steps += counted;
    for (int i = 0; i < missing.length; i++) {
      for (int j = 1; j <= counted; j++) {
        missing[i] += Double.isNaN(future.value(names.get(i), j)) ? 1 : 0;
      }
    }
  }

  /** Returns a sentence for each covariate that is missing somewhere. */
  public List<String> describe() {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < missing.length; i++) {
      if (missing[i] > 0) {
        sentences.add(
            "known-future covariate %s: missing for %,d of %,d steps ahead (%.1f %%), for which the"
                    .formatted(names.get(i), missing[i], steps, 100.0 * missing[i] / steps)
                + " last known number is used");
      }
    }
    return sentences;
  }
}
