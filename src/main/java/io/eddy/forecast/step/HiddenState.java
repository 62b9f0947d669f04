package io.eddy.forecast.step;

import io.eddy.nn.CellStack;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The hidden state of one series in one member of a model.
 *
 * <p>A layer of dilation d goes on from its state d steps before, and so its last d states form a
 * ring: slot t mod d holds the one after step t. Only the slot that a step reads and writes is at
 * hand here; the others stay in a {@link RingStore}, and neither a step nor the series' own record
 * costs more where d is large. A layer of dilation 1 is here as a whole.
 *
 * <p>Steps are counted from the zero state on. Step t &lt; d goes on from zero and reads no slot,
 * so that what an earlier state left in a ring is never taken for this one's.
 */
public final class HiddenState {
  private final RingStore store;
  private final int member;
  private CellStack stack;
  private StackState slots;
  private List<Ring> rings;
  private long steps;

  /**
   * The ring of a dilated layer.
   *
   * @param layer index, from the bottom
   * @param slots d
   */
  public record Ring(int layer, int slots) {}

  /**
   * A zero state.
   *
   * @param member whose it is, by which its slots are told apart in the store
   */
  public HiddenState(CellStack stack, RingStore store, int member) {
    this.store = store;
    this.member = member;
    this.stack = stack;
    slots = stack.undilated().newState();
    rings = ringsOf(stack);
  }

  /** The rings that a state of that stack keeps in its store, from the bottom. */
  public static List<Ring> ringsOf(CellStack stack) {
    List<Ring> rings = new ArrayList<>();
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) > 1) {
        rings.add(new Ring(layer, stack.dilation(layer)));
      }
    }
    return List.copyOf(rings);
  }

  /** The rings that stand in the store, from the bottom. */
  public List<Ring> rings() {
    return rings;
  }

  /** Steps since the zero state. */
  public long steps() {
    return steps;
  }

  /** Layers, from the bottom. */
  public int layers() {
    return stack.size();
  }

  /**
   * What a layer goes on from: its last d states, each h and, for the LSTM, c, the oldest first;
   * zero where there was no step.
   *
   * @return [d · width]; a copy
   */
  public float[] layer(int layer) {
    int dilation = stack.dilation(layer);
    int width = stack.stateWidth(layer);
    float[] states = new float[dilation * width];
    if (dilation == 1) {
      slot(layer).get(states);
      return states;
    }
    for (int i = 0; i < dilation; i++) {
      long step = steps - dilation + i;
      if (step >= 0) {
        RingStore.Slot slot = new RingStore.Slot(member, layer, (int) (step % dilation));
        store.read(slot, step, FloatBuffer.wrap(states, i * width, width));
      }
    }
    return states;
  }

  /** Numbers in the layers of dilation 1. */
  public int plainSize() {
    int size = 0;
    for (int layer = 0; layer < stack.size(); layer++) {
      size += stack.dilation(layer) == 1 ? stack.stateWidth(layer) : 0;
    }
    return size;
  }

  /** Puts the states of the layers of dilation 1, from the bottom. */
  public void putPlain(FloatBuffer into) {
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) == 1) {
        into.put(slot(layer));
      }
    }
  }

  /**
   * Takes on what was read from a state of the same stack over the same store.
   *
   * @param plain what {@link #putPlain} put; used up
   */
  public void restore(long steps, FloatBuffer plain) {
    requireSize(plainSize(), plain.remaining());
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) == 1) {
        take(layer, plain);
      }
    }
    this.steps = steps;
  }

  /**
   * Takes on a state whose rings were not in a store of their own, and puts them there.
   *
   * @param position steps, modulo what the rings together repeat after
   * @param values every slot of every layer, from the bottom; used up
   */
  public void restoreWhole(int position, FloatBuffer values) {
    requireSize(stack.stateSize(), values.remaining());
    // A whole round more: what no step has written yet stands as zero in its slot.
    steps = position + (long) stack.cycle();
    for (int layer = 0; layer < stack.size(); layer++) {
      int dilation = stack.dilation(layer);
      for (int index = 0; index < dilation; index++) {
        take(layer, values);
        if (dilation > 1) {
          long step = steps - 1 - Math.floorMod(steps - 1 - index, dilation);
          store.write(new RingStore.Slot(member, layer, index), step, slot(layer));
        }
      }
    }
  }

  /** Takes over the rings that a state of another stack left in the store. */
  public void takeOver(List<Ring> rings) {
    this.rings = List.copyOf(rings);
  }

  /** Back to zero. */
  void clear() {
    slots.clear();
    steps = 0;
  }

  /** The zero state of another member over the same store. */
  HiddenState beside(CellStack stack, int member) {
    return new HiddenState(stack, store, member);
  }

  RingStore store() {
    return store;
  }

  /** The same state over another store. */
  HiddenState aside(RingStore store) {
    HiddenState same = new HiddenState(stack, store, member);
    System.arraycopy(slots.values(), 0, same.slots.values(), 0, slots.values().length);
    same.rings = rings;
    same.steps = steps;
    return same;
  }

  /** Deletes every slot; the state is not used any more. */
  void drop() {
    rings.forEach(ring -> delete(ring, 0));
  }

  private void delete(Ring ring, int from) {
    for (int i = from; i < ring.slots(); i++) {
      store.delete(new RingStore.Slot(member, ring.layer(), i));
    }
  }

  /** Begins at zero with another stack; slots for which it has no place are deleted. */
  void begin(CellStack stack) {
    for (Ring ring : rings) {
      boolean isKept = ring.layer() < stack.size() && stack.dilation(ring.layer()) > 1;
      delete(ring, isKept ? stack.dilation(ring.layer()) : 0);
    }
    this.stack = stack;
    slots = stack.undilated().newState();
    rings = ringsOf(stack);
    steps = 0;
  }

  /**
   * One step.
   *
   * @param input x [D]; not modified
   * @param workspace modified; holds the top layer's hidden state afterwards
   * @return false where the store does not hold what the step goes on from; the state then means
   *     nothing until it is cleared
   */
  boolean step(float[] input, Workspace workspace) {
    for (int i = 0; i < rings.size(); i++) {
      if (!fetch(rings.get(i))) {
        return false;
      }
    }
    stack.undilated().step(input, slots, workspace);
    for (int i = 0; i < rings.size(); i++) {
      Ring ring = rings.get(i);
      store.write(slotOf(ring), steps, slot(ring.layer()));
    }
    steps++;
    return true;
  }

  /**
   * Gives the top layer's hidden state after the last step; there has to be one.
   *
   * @param workspace modified; holds it afterwards, as after {@link #step}
   * @return false where the store does not hold it
   */
  boolean recall(Workspace workspace) {
    int top = stack.size() - 1;
    if (stack.dilation(top) > 1) {
      RingStore.Slot last =
          new RingStore.Slot(member, top, (int) ((steps - 1) % stack.dilation(top)));
      if (!store.read(last, steps - 1, slot(top))) {
        return false;
      }
    }
    System.arraycopy(
        slots.values(),
        stack.undilated().stateOffset(top),
        workspace.output(),
        0,
        workspace.output().length);
    return true;
  }

  private boolean fetch(Ring ring) {
    FloatBuffer slot = slot(ring.layer());
    if (steps >= ring.slots()) {
      return store.read(slotOf(ring), steps - ring.slots(), slot);
    }
    while (slot.hasRemaining()) {
      slot.put(0);
    }
    return true;
  }

  private RingStore.Slot slotOf(Ring ring) {
    return new RingStore.Slot(member, ring.layer(), (int) (steps % ring.slots()));
  }

  /** The layer's slot at hand. */
  private FloatBuffer slot(int layer) {
    return FloatBuffer.wrap(
        slots.values(), stack.undilated().stateOffset(layer), stack.stateWidth(layer));
  }

  private void take(int layer, FloatBuffer from) {
    int width = stack.stateWidth(layer);
    from.get(slots.values(), stack.undilated().stateOffset(layer), width);
  }

  private static void requireSize(int expected, int actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "hidden state: expected %d numbers, got %d".formatted(expected, actual));
    }
  }
}
