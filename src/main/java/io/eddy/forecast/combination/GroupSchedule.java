package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import io.eddy.series.CoprimeSteps;

/**
 * Selects the forecasts of a group of steps ahead that are scored. Their origins are a fixed number
 * of steps apart, which is coprime to every season, so that they take turns through the whole
 * season; a few slots suffice for them. Each scores one lead, see {@link ScoredLead}.
 *
 * @param first first step ahead of the group
 * @param last last step ahead of the group
 * @param stride steps between two origins
 */
record GroupSchedule(int first, int last, int stride) {
  /** Forecasts that a group of several steps keeps at a time. */
  private static final int MAX_SLOTS = 2;

  static GroupSchedule of(int first, int last, CombinationSpec spec) {
    int slots = slots(last);
    int[] seasons = spec.seasons().stream().mapToInt(CombinationSpec.Season::steps).toArray();
    int stride = CoprimeSteps.atLeast((last + slots - 1) / slots, seasons);
    return new GroupSchedule(first, last, stride);
  }

  /** Returns the number of forecasts that a group keeps at a time. */
  static int slots(int last) {
    return Math.min(last, MAX_SLOTS);
  }

  /** Returns the number of forecasts that are kept at a time. */
  int slots() {
    return slots(last);
  }

  /** Returns whether a forecast from a step is scored. */
  boolean isOrigin(long step) {
    return Math.floorMod(step, stride) == 0;
  }

  /** Returns the slot of the forecast from an origin. */
  int slotOf(long origin) {
    return Math.floorMod(origin / stride, slots());
  }

  /** Returns the lead of the forecast from an origin, which is scored. */
  int leadOf(long origin) {
    return ScoredLead.of(first, last, origin);
  }

  /**
   * Returns the latest origin before a step whose forecast is in a slot; the forecast is scored at
   * that step if their distance is its lead.
   */
  long originOf(int slot, long step) {
    long latest = Math.floorDiv(step - 1, stride);
    return (latest - Math.floorMod(latest - slot, slots())) * stride;
  }

  /** Returns the middle of the group, in steps ahead. */
  double middle() {
    return (first + last) / 2.0;
  }
}
