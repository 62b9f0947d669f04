package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import java.nio.ByteBuffer;

/**
 * The simple components' state of a series besides its window: level, level with trend, and for
 * each season drift and shift. Used by one thread.
 */
public final class ComponentState {
  private static final int MAX_STEPS = 1 << 30;

  /** l */
  final Tracker level = new Tracker();

  /** l′ */
  final Tracker trendLevel = new Tracker();

  /** d of each season [S]. */
  final Tracker[] drift;

  /** e of each season [S]. */
  final Tracker[] shift;

  /** b */
  double trend;

  /** Number of steps since the zero state, at most {@value #MAX_STEPS}. */
  int steps;

  /** Creates the zero state. */
  public ComponentState(CombinationSpec spec) {
    drift = trackers(spec.seasons().size());
    shift = trackers(spec.seasons().size());
  }

  private static Tracker[] trackers(int size) {
    Tracker[] trackers = new Tracker[size];
    for (int i = 0; i < size; i++) {
      trackers[i] = new Tracker();
    }
    return trackers;
  }

  void clear() {
    level.clear();
    trendLevel.clear();
    for (int k = 0; k < drift.length; k++) {
      drift[k].clear();
      shift[k].clear();
    }
    trend = 0;
    steps = 0;
  }

  void copyFrom(ComponentState other) {
    level.copyFrom(other.level);
    trendLevel.copyFrom(other.trendLevel);
    for (int k = 0; k < drift.length; k++) {
      drift[k].copyFrom(other.drift[k]);
      shift[k].copyFrom(other.shift[k]);
    }
    trend = other.trend;
    steps = other.steps;
  }

  void countStep() {
    steps = Math.min(steps + 1, MAX_STEPS);
  }

  int bytes() {
    return (2 + drift.length + shift.length) * Tracker.BYTES + Double.BYTES + Integer.BYTES;
  }

  void put(ByteBuffer bytes) {
    level.put(bytes);
    trendLevel.put(bytes);
    for (int k = 0; k < drift.length; k++) {
      drift[k].put(bytes);
      shift[k].put(bytes);
    }
    bytes.putDouble(trend).putInt(steps);
  }

  void get(ByteBuffer bytes) {
    level.get(bytes);
    trendLevel.get(bytes);
    for (int k = 0; k < drift.length; k++) {
      drift[k].get(bytes);
      shift[k].get(bytes);
    }
    trend = bytes.getDouble();
    steps = bytes.getInt();
  }
}
