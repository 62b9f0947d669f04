package io.eddy.evaluation.combination;

import java.util.ArrayList;
import java.util.List;

/** The groups of steps ahead of a combination. */
final class StepGroups {
  private static final int MAX_GROUPS = 3;

  private StepGroups() {}

  /** Returns the last steps of the groups, whose sizes grow geometrically up to the horizon. */
  static List<Integer> lastSteps(int horizon) {
    List<Integer> lastSteps = new ArrayList<>();
    for (int g = 1; g <= MAX_GROUPS; g++) {
      int last =
          g == MAX_GROUPS
              ? horizon
              : (int) StrictMath.round(StrictMath.pow(horizon, (double) g / MAX_GROUPS));
      if (lastSteps.isEmpty() || last > lastSteps.get(lastSteps.size() - 1)) {
        lastSteps.add(last);
      }
    }
    return lastSteps;
  }
}
