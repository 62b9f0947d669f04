package io.eddy.forecast.step;

import io.eddy.nn.CellStack;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import io.eddy.series.store.SeriesStore;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The hidden state of one series in one member of a model.
 *
 * <p>A layer of dilation d continues from its state d steps earlier, so its last d states form a
 * ring: slot t mod d holds the state after step t. Only the slot that the present step reads and
 * writes is kept in this object; the ring lies in a {@link SeriesStore}, so that neither a step nor
 * the state record costs more for a large d. Layers of dilation 1 are kept here completely.
 *
 * <p>Steps are counted from the zero state. Step t &lt; d continues from zero and reads no slot, so
 * slots left over from an earlier state are never read.
 */
public final class HiddenState {
  private final SeriesStore store;
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
   * Creates a zero state.
   *
   * @param member index of the member in its model; part of the keys of its slots
   */
  public HiddenState(CellStack stack, SeriesStore store, int member) {
    this.store = store;
    this.member = member;
    this.stack = stack;
    slots = stack.undilated().newState();
    rings = ringsOf(stack);
  }

  /** Returns the rings that a state of that stack keeps in its store, from the bottom. */
  static List<Ring> ringsOf(CellStack stack) {
    List<Ring> rings = new ArrayList<>();
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) > 1) {
        rings.add(new Ring(layer, stack.dilation(layer)));
      }
    }
    return List.copyOf(rings);
  }

  /** Returns the rings that the store holds, from the bottom. */
  public List<Ring> rings() {
    return rings;
  }

  /** Returns the number of steps since the zero state. */
  public long steps() {
    return steps;
  }

  /** Returns the number of layers. */
  public int layers() {
    return stack.size();
  }

  /**
   * Returns the states that a layer continues from: its last d states, each h and, for the LSTM, c,
   * the oldest first; zero where there was no step.
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
        RingSlot slot = new RingSlot(member, layer, (int) (step % dilation));
        read(slot, step, states, i * width, width);
      }
    }
    return states;
  }

  /** Returns how many numbers the layers of dilation 1 hold. */
  public int plainSize() {
    int size = 0;
    for (int layer = 0; layer < stack.size(); layer++) {
      size += stack.dilation(layer) == 1 ? stack.stateWidth(layer) : 0;
    }
    return size;
  }

  /** Writes the states of the layers of dilation 1 into a buffer, from the bottom. */
  public void putPlain(FloatBuffer into) {
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) == 1) {
        into.put(slot(layer));
      }
    }
  }

  /**
   * Restores the state of the same stack over the same store.
   *
   * @param plain what {@link #putPlain} wrote; read to its limit
   */
  public void restore(long steps, FloatBuffer plain) {
    if (plainSize() != plain.remaining()) {
      throw new IllegalArgumentException(
          "hidden state: expected %d numbers, got %d".formatted(plainSize(), plain.remaining()));
    }
    for (int layer = 0; layer < stack.size(); layer++) {
      if (stack.dilation(layer) == 1) {
        int width = stack.stateWidth(layer);
        plain.get(slots.values(), stack.undilated().stateOffset(layer), width);
      }
    }
    this.steps = steps;
  }

  /** Takes over the rings that a state of another stack left in the store. */
  public void takeOver(List<Ring> rings) {
    this.rings = List.copyOf(rings);
  }

  /** Resets the state to zero. */
  void clear() {
    slots.clear();
    steps = 0;
  }

  /** Returns the zero state of another member over the same store. */
  HiddenState newMember(CellStack stack, int member) {
    return new HiddenState(stack, store, member);
  }

  /** Returns a copy of this state over another store, which must hold the same rings. */
  HiddenState copyOver(SeriesStore store) {
    HiddenState copy = new HiddenState(stack, store, member);
    System.arraycopy(slots.values(), 0, copy.slots.values(), 0, slots.values().length);
    copy.rings = rings;
    copy.steps = steps;
    return copy;
  }

  /** Deletes all slots from the store; the state must not be used afterwards. */
  void drop() {
    rings.forEach(ring -> delete(ring, 0));
  }

  private void delete(Ring ring, int from) {
    for (int i = from; i < ring.slots(); i++) {
      store.delete(new RingSlot(member, ring.layer(), i));
    }
  }

  /** Restarts at zero with another stack and deletes the slots that it does not use. */
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
   * Advances the state by one step.
   *
   * @param input x [D]; not modified
   * @param workspace modified; holds the top layer's hidden state afterwards
   * @return false if the store does not hold the slots that the step continues from; the state is
   *     undefined then until it is cleared
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
      int from = stack.undilated().stateOffset(ring.layer());
      float[] state =
          Arrays.copyOfRange(slots.values(), from, from + stack.stateWidth(ring.layer()));
      store.put(slotOf(ring), new RingSlotState(steps, FloatBuffer.wrap(state)));
    }
    steps++;
    return true;
  }

  /**
   * Restores the top layer's hidden state after the last step; there must have been one.
   *
   * @param workspace modified; holds that state afterwards, as after {@link #step}
   * @return false if the store does not hold it
   */
  boolean recall(Workspace workspace) {
    int top = stack.size() - 1;
    if (stack.dilation(top) > 1) {
      RingSlot last = new RingSlot(member, top, (int) ((steps - 1) % stack.dilation(top)));
      if (!read(last, steps - 1, top)) {
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
    if (steps >= ring.slots()) {
      return read(slotOf(ring), steps - ring.slots(), ring.layer());
    }
    int from = stack.undilated().stateOffset(ring.layer());
    Arrays.fill(slots.values(), from, from + stack.stateWidth(ring.layer()), 0);
    return true;
  }

  /** Reads a slot into this object; returns false if it does not hold the state of that step. */
  private boolean read(RingSlot slot, long step, int layer) {
    return read(
        slot, step, slots.values(), stack.undilated().stateOffset(layer), stack.stateWidth(layer));
  }

  private boolean read(RingSlot slot, long step, float[] target, int offset, int width) {
    RingSlotState state = store.get(slot);
    return state != null && state.step() == step && state.copyTo(target, offset, width);
  }

  private RingSlot slotOf(Ring ring) {
    return new RingSlot(member, ring.layer(), (int) (steps % ring.slots()));
  }

  /** Returns the part of {@link #slots} that belongs to a layer. */
  private FloatBuffer slot(int layer) {
    return FloatBuffer.wrap(
        slots.values(), stack.undilated().stateOffset(layer), stack.stateWidth(layer));
  }
}
