package io.eddy.forecast.combination;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The errors and losses of a series' components in a group of steps ahead, and its forecasts in
 * that group that are not scored yet.
 */
final class GroupState {
  /** S of {@link WeightLearning} [C]. */
  final float[] losses;

  /** Mean absolute errors a of the simple components [C − 1]; 0 before the first one. */
  final float[] errors;

  /** A of {@link ErrorLearning}; 0 before the first forecast, and for points. */
  float netError;

  /** B of {@link ErrorLearning}; 0 before the first forecast, and for points. */
  float netSpread;

  /** Number of forecasts that were scored. */
  int count;

  final Slot[] slots;

  /** A forecast that is scored when its step closes. */
  static final class Slot {
    /** The last value, transformed; NaN while the slot is empty. */
    double last = Double.NaN;

    /** The points of all components but net and last, minus the last value [C − 2]. */
    final float[] points;

    /** The scored quantiles of the net minus the last value [L]. */
    final float[] net;

    Slot(int points, int levels) {
      this.points = new float[points];
      net = new float[levels];
    }

    /** Returns the point of a simple component minus the last value. */
    float point(int component) {
      return component == 0 ? 0 : points[component - 1];
    }

    boolean isEmpty() {
      return Double.isNaN(last);
    }

    void clear() {
      last = Double.NaN;
      Arrays.fill(points, 0);
      Arrays.fill(net, 0);
    }
  }

  /**
   * Creates a state without losses and forecasts.
   *
   * @param components C
   * @param levels L: number of quantiles that are scored
   * @param slots number of forecasts kept at a time
   */
  GroupState(int components, int levels, int slots) {
    losses = new float[components];
    errors = new float[components - 1];
    this.slots = new Slot[slots];
    for (int i = 0; i < slots; i++) {
      this.slots[i] = new Slot(components - 2, levels);
    }
  }

  void clear() {
    Arrays.fill(losses, 0);
    Arrays.fill(errors, 0);
    netError = 0;
    netSpread = 0;
    count = 0;
    for (Slot slot : slots) {
      slot.clear();
    }
  }

  void copyFrom(GroupState other) {
    System.arraycopy(other.losses, 0, losses, 0, losses.length);
    System.arraycopy(other.errors, 0, errors, 0, errors.length);
    netError = other.netError;
    netSpread = other.netSpread;
    count = other.count;
    for (int i = 0; i < slots.length; i++) {
      Slot from = other.slots[i];
      Slot to = slots[i];
      to.last = from.last;
      System.arraycopy(from.points, 0, to.points, 0, to.points.length);
      System.arraycopy(from.net, 0, to.net, 0, to.net.length);
    }
  }

  int bytes() {
    Slot slot = slots[0];
    int slotBytes = Double.BYTES + Float.BYTES * (slot.points.length + slot.net.length);
    int numbers = losses.length + errors.length + 2;
    return Float.BYTES * numbers + Integer.BYTES + slots.length * slotBytes;
  }

  void put(ByteBuffer bytes) {
    put(bytes, losses);
    put(bytes, errors);
    bytes.putFloat(netError).putFloat(netSpread).putInt(count);
    for (Slot slot : slots) {
      bytes.putDouble(slot.last);
      put(bytes, slot.points);
      put(bytes, slot.net);
    }
  }

  void get(ByteBuffer bytes) {
    get(bytes, losses);
    get(bytes, errors);
    netError = bytes.getFloat();
    netSpread = bytes.getFloat();
    count = bytes.getInt();
    for (Slot slot : slots) {
      slot.last = bytes.getDouble();
      get(bytes, slot.points);
      get(bytes, slot.net);
    }
  }

  private static void put(ByteBuffer bytes, float[] values) {
    for (float value : values) {
      bytes.putFloat(value);
    }
  }

  private static void get(ByteBuffer bytes, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getFloat();
    }
  }
}
