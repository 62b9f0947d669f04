package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
  final List<Tracker> drift;

  /** e of each season [S]. */
  final List<Tracker> shift;

  /** b */
  double trend;

  /** Number of steps since the zero state, at most {@value #MAX_STEPS}. */
  int steps;

  /** Creates the zero state. */
  public ComponentState(CombinationSpec spec) {
    drift = trackers(spec.seasons().size());
    shift = trackers(spec.seasons().size());
  }

  private static List<Tracker> trackers(int size) {
    List<Tracker> trackers = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      trackers.add(new Tracker());
    }
    return trackers;
  }

  void clear() {
    level.clear();
    trendLevel.clear();
    drift.forEach(Tracker::clear);
    shift.forEach(Tracker::clear);
    trend = 0;
    steps = 0;
  }

  void copyFrom(ComponentState other) {
    level.copyFrom(other.level);
    trendLevel.copyFrom(other.trendLevel);
    for (int k = 0; k < drift.size(); k++) {
      drift.get(k).copyFrom(other.drift.get(k));
      shift.get(k).copyFrom(other.shift.get(k));
    }
    trend = other.trend;
    steps = other.steps;
  }

  void countStep() {
    steps = Math.min(steps + 1, MAX_STEPS);
  }

  int bytes() {
    return (2 + drift.size() + shift.size()) * Tracker.BYTES + Double.BYTES + Integer.BYTES;
  }

  void put(ByteBuffer bytes) {
    level.put(bytes);
    trendLevel.put(bytes);
    drift.forEach(tracker -> tracker.put(bytes));
    shift.forEach(tracker -> tracker.put(bytes));
    bytes.putDouble(trend).putInt(steps);
  }

  void get(ByteBuffer bytes) {
    level.get(bytes);
    trendLevel.get(bytes);
    drift.forEach(tracker -> tracker.get(bytes));
    shift.forEach(tracker -> tracker.get(bytes));
    trend = bytes.getDouble();
    steps = bytes.getInt();
  }
}
