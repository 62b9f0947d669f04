package io.eddy.forecast.step;

import java.nio.FloatBuffer;

/**
 * Where the rings of one series' dilated layers are kept, slot by slot. A slot is written anew in
 * every round of its ring, and tells whose step's state it holds.
 */
public interface RingStore {
  /**
   * A place for one past state.
   *
   * @param member of the model, from 0
   * @param layer of the member whose ring it is in, from the bottom
   * @param index in the ring, from 0
   */
  record Slot(int member, int layer, int index) {}

  /**
   * Reads the state that the layer had after {@code step}.
   *
   * @param into filled; its remaining size is that of the state
   * @return false where the slot does not hold it; what {@code into} holds then means nothing
   */
  boolean read(Slot slot, long step, FloatBuffer into);

  /**
   * Keeps the state that the layer has after {@code step}.
   *
   * @param state used up; copied
   */
  void write(Slot slot, long step, FloatBuffer state);

  void delete(Slot slot);
}
