package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The memory of recent alarms: reduces the strength of a step that adds nothing to what was
 * recently reported.
 *
 * <p>A strength is kept if it exceeds all those before it, which decay with a half-life of 256
 * steps, and if the last alarm was 15 steps ago or more. Otherwise a quarter of it remains. All
 * strengths are logarithms.
 */
final class RecentAlarms {
  static final int BYTES = Float.BYTES + 1;

  private static final double DECAY = Logarithm.log(0.5) / 256;
  private static final double ALARM = Logarithm.log(0.9);
  private static final int PAUSE_STEPS = 15;
  private static final double REMAINDER = Logarithm.log(0.25);

  private float highest = Float.NEGATIVE_INFINITY;
  private byte stepsSinceAlarm = PAUSE_STEPS;

  /** Returns what remains of a strength and remembers it. */
  double add(double strength) {
    double before = highest + DECAY;
    stepsSinceAlarm = (byte) Math.min(stepsSinceAlarm + 1, PAUSE_STEPS);
    boolean isNew = strength >= before && stepsSinceAlarm >= PAUSE_STEPS;
    highest = (float) Math.max(before, strength);
    if (isNew && strength > ALARM) {
      stepsSinceAlarm = 0;
    }
    return isNew ? strength : REMAINDER + strength;
  }

  void put(ByteBuffer bytes) {
    bytes.putFloat(highest).put(stepsSinceAlarm);
  }

  void get(ByteBuffer bytes) {
    highest = bytes.getFloat();
    stepsSinceAlarm = bytes.get();
  }
}
