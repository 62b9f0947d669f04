package io.eddy.nn;

import java.util.Arrays;

/**
 * State of a stack for one series: per layer a ring of d slots, each of which holds h, and c for
 * the LSTM, c, n and m for the sLSTM, or Re s and Im s for the LRU.
 *
 * <p>Slot t mod d holds the state after step t. Immediately before step t it holds the state after
 * step t − d. All values are zero before the first step.
 */
public final class StackState {
  private final float[] values;
  private int position;
  private final int cycle;

  /** Creates a zero state of {@code size} values whose rings repeat after {@code cycle} steps. */
  StackState(int size, int cycle) {
    values = new float[size];
    this.cycle = cycle;
  }

  /** Returns the number of steps taken, modulo the cycle of the rings. */
  public int position() {
    return position;
  }

  /** Returns all slots of all layers, bottom layer first, without copying them. */
  public float[] values() {
    return values;
  }

  /** Resets to the zero state. */
  public void clear() {
    Arrays.fill(values, 0);
    position = 0;
  }

  /**
   * Restores saved values of the same stack.
   *
   * @param values all slots; copied
   * @throws IllegalArgumentException if the size or position does not fit the stack
   */
  public void restore(int position, float[] values) {
    if (values.length != this.values.length || position < 0 || position >= cycle) {
      throw new IllegalArgumentException(
          "state: expected %d numbers at a position below %d, got %d at %d"
              .formatted(this.values.length, cycle, values.length, position));
    }
    System.arraycopy(values, 0, this.values, 0, values.length);
    this.position = position;
  }

  void advance() {
    position = position + 1 == cycle ? 0 : position + 1;
  }

  void advance(int steps) {
    position = (int) ((position + (long) steps) % cycle);
  }
}
