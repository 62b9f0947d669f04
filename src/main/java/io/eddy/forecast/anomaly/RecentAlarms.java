package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The memory of recent alarms: reduces the strength of a step that adds nothing to what was
 * recently reported.
 *
 * <p>A strength is kept if it exceeds all those before it, which decay with a half-life of 256
 * steps, and if the last alarm was 15 steps ago or more. Otherwise a quarter of it remains.
 */
final class RecentAlarms {
  static final int BYTES = Double.BYTES + 1;

  private static final double DECAY = Logarithm.exp(Logarithm.log(0.5) / 256);
  private static final double ALARM = 0.9;
  private static final int PAUSE_STEPS = 15;
  private static final double REMAINDER = 0.25;

  private double highest;
  private int stepsSinceAlarm = PAUSE_STEPS;

  /** Returns what remains of a strength and remembers it. */
  double add(double strength) {
    highest *= DECAY;
    stepsSinceAlarm = Math.min(stepsSinceAlarm + 1, PAUSE_STEPS);
    boolean isNew = strength >= highest && stepsSinceAlarm >= PAUSE_STEPS;
    highest = Math.max(highest, strength);
    if (isNew && strength > ALARM) {
      stepsSinceAlarm = 0;
    }
    return isNew ? strength : REMAINDER * strength;
  }

  void put(ByteBuffer bytes) {
    bytes.putDouble(highest).put((byte) stepsSinceAlarm);
  }

  void get(ByteBuffer bytes) {
    highest = bytes.getDouble();
    stepsSinceAlarm = bytes.get();
  }
}
