package io.eddy.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * A central interval between two quantiles whose levels add up to 1.
 *
 * @param lower index of the lower level
 * @param upper index of the upper level
 * @param nominal nominal coverage, the difference of the levels
 */
public record CentralInterval(int lower, int upper, double nominal) {
  private static final double LEVEL_TOLERANCE = 1e-9;
  private static final double DEFAULT_COVERAGE = 0.95;

  /** Returns the central intervals of ascending levels, the widest first. */
  static List<CentralInterval> of(List<Double> levels) {
    List<CentralInterval> intervals = new ArrayList<>();
    for (int k = 0; k < levels.size(); k++) {
      for (int m = levels.size() - 1; m > k; m--) {
        if (Math.abs(levels.get(k) + levels.get(m) - 1) < LEVEL_TOLERANCE) {
          intervals.add(new CentralInterval(k, m, levels.get(m) - levels.get(k)));
        }
      }
    }
    return List.copyOf(intervals);
  }

  /** Returns the index of the interval to score: the 95 % interval, or the widest. */
  static int scored(List<CentralInterval> intervals) {
    for (int i = 0; i < intervals.size(); i++) {
      if (Math.abs(intervals.get(i).nominal() - DEFAULT_COVERAGE) < LEVEL_TOLERANCE) {
        return i;
      }
    }
    return 0;
  }
}
