package io.eddy.forecast.step;

import java.nio.FloatBuffer;

/** The state of a dilated layer after one step, as a slot of its ring holds it. */
public final class RingSlotState {
  private final long step;
  private final FloatBuffer values;

  /**
   * Creates a slot state.
   *
   * @param step that the state results from, counted from the zero state
   * @param values h and, for the LSTM, c of the layer, from the buffer's position to its limit; not
   *     copied
   */
  public RingSlotState(long step, FloatBuffer values) {
    this.step = step;
    this.values = values;
  }

  public long step() {
    return step;
  }

  /** Returns a read-only view of the layer's state. */
  public FloatBuffer values() {
    return values.asReadOnlyBuffer();
  }

  /**
   * Copies the layer's state into {@code target} from {@code offset} on.
   *
   * @return false if the state does not have {@code size} numbers; nothing is copied then
   */
  boolean copyTo(float[] target, int offset, int size) {
    if (values.remaining() != size) {
      return false;
    }
    values.get(values.position(), target, offset, size);
    return true;
  }
}
