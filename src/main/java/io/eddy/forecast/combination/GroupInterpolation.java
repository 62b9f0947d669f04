package io.eddy.forecast.combination;

import java.util.List;

/**
 * Interpolates numbers that belong to the middles of the groups of steps ahead linearly to every
 * step. Steps before the first middle have the numbers of the first group, steps after the last
 * middle those of the last group. Immutable.
 */
final class GroupInterpolation {
  /** For each step ahead the group whose middle is at or before it, or the first one [J]. */
  private final int[] groups;

  /** For each step ahead its position between that middle and the next one, 0 to 1 [J]. */
  private final double[] fractions;

  GroupInterpolation(List<GroupSchedule> schedules, int horizon) {
    groups = new int[horizon];
    fractions = new double[horizon];
    for (int j = 0; j < horizon; j++) {
      int group = 0;
      while (group + 1 < schedules.size() && schedules.get(group + 1).middle() <= j + 1) {
        group++;
      }
      groups[j] = group;
      if (group + 1 < schedules.size()) {
        double from = schedules.get(group).middle();
        double to = schedules.get(group + 1).middle();
        fractions[j] = Math.max(0, (j + 1 - from) / (to - from));
      }
    }
  }

  /** Returns the group whose middle is at or before step {@code j} + 1 ahead, or the first one. */
  int group(int j) {
    return groups[j];
  }

  /** Returns the position of step {@code j} + 1 ahead between that middle and the next one. */
  double fraction(int j) {
    return fractions[j];
  }

  /**
   * Returns a number of step {@code j} + 1 ahead.
   *
   * @param numbers by group
   * @param index of the number within its group
   */
  double at(int j, double[][] numbers, int index) {
    int group = groups[j];
    double from = numbers[group][index];
    double to = numbers[Math.min(group + 1, numbers.length - 1)][index];
    return Math.fma(fractions[j], to - from, from);
  }
}
