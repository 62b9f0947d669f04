package io.eddy.forecast.step;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Rings on the heap, for backtests and tests. */
public final class InMemoryRings implements RingStore {
  private final Map<Slot, PastState> slots = new HashMap<>();

  private static final class PastState {
    final float[] values;
    long step;

    PastState(int size) {
      values = new float[size];
    }
  }

  @Override
  public boolean read(Slot slot, long step, FloatBuffer into) {
    PastState past = slots.get(slot);
    if (past == null || past.step != step || past.values.length != into.remaining()) {
      return false;
    }
    into.put(past.values);
    return true;
  }

  @Override
  public void write(Slot slot, long step, FloatBuffer state) {
    PastState past = slots.get(slot);
    if (past == null || past.values.length != state.remaining()) {
      past = new PastState(state.remaining());
      slots.put(slot, past);
    }
    state.get(past.values);
    past.step = step;
  }

  @Override
  public void delete(Slot slot) {
    slots.remove(slot);
  }

  /** Slots that are kept. */
  int size() {
    return slots.size();
  }
}
