package io.eddy.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * A central interval between two quantiles whose levels add up to 1.
 *
 * @param lower index of its lower level
 * @param upper index of its upper level
 * @param nominal share of the values that it is to hold, the difference of the levels
 */
public record CentralInterval(int lower, int upper, double nominal) {
  private static final double SAME_LEVEL = 1e-9;
  private static final double USUAL = 0.95;

  /** The intervals of ascending levels, the widest first. */
  static List<CentralInterval> of(List<Double> levels) {
    List<CentralInterval> intervals = new ArrayList<>();
    for (int k = 0; k < levels.size(); k++) {
      for (int m = levels.size() - 1; m > k; m--) {
        if (Math.abs(levels.get(k) + levels.get(m) - 1) < SAME_LEVEL) {
          intervals.add(new CentralInterval(k, m, levels.get(m) - levels.get(k)));
        }
      }
    }
    return List.copyOf(intervals);
  }

  /** Index of the interval that is scored: that of 95 % where there is one, else the widest. */
  static int scored(List<CentralInterval> intervals) {
    for (int i = 0; i < intervals.size(); i++) {
      if (Math.abs(intervals.get(i).nominal() - USUAL) < SAME_LEVEL) {
        return i;
      }
    }
    return 0;
  }
}
