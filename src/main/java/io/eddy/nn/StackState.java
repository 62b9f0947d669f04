package io.eddy.nn;

/**
 * State of a stack for one series: for each layer a ring of d slots, each h and, for the LSTM, c.
 *
 * <p>Slot t mod d holds the state of step t, and so, just before step t, that of step t − d. All
 * zero before the first step.
 */
public final class StackState {
  private final float[] values;
  private int position;
  private final int cycle;

  /** A state of {@code size} numbers whose rings together repeat after {@code cycle} steps. */
  StackState(int size, int cycle) {
    values = new float[size];
    this.cycle = cycle;
  }

  /** Steps taken, modulo the cycle of the rings. */
  public int position() {
    return position;
  }

  /** Every slot of every layer, from the bottom; not a copy. */
  public float[] values() {
    return values;
  }

  /** Back to zero. */
  public void clear() {
    java.util.Arrays.fill(values, 0);
    position = 0;
  }

  /** Takes on what was read from a state of the same stack. */
  public void restore(int position, float[] values) {
    if (values.length != this.values.length || position < 0 || position >= cycle) {
      throw new IllegalArgumentException(
          "state: expected %d numbers at a position below %d, got %d at %d"
              .formatted(this.values.length, cycle, values.length, position));
    }
    System.arraycopy(values, 0, this.values, 0, values.length);
    this.position = position;
  }

  void advance(int steps) {
    position = (int) ((position + (long) steps) % cycle);
  }
}
