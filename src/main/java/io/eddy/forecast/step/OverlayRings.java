package io.eddy.forecast.step;

import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Set;

/** Rings of another store; what is written here stays on the heap and hides what is there. */
final class OverlayRings implements RingStore {
  private final RingStore under;
  private final RingStore written = new InMemoryRings();
  private final Set<Slot> touched = new HashSet<>();

  OverlayRings(RingStore under) {
    this.under = under;
  }

  @Override
  public boolean read(Slot slot, long step, FloatBuffer into) {
    return (touched.contains(slot) ? written : under).read(slot, step, into);
  }

  @Override
  public void write(Slot slot, long step, FloatBuffer state) {
    touched.add(slot);
    written.write(slot, step, state);
  }

  @Override
  public void delete(Slot slot) {
    touched.add(slot);
    written.delete(slot);
  }
}
