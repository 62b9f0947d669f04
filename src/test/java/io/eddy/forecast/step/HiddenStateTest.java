package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HiddenStateTest {
  private static final int LENGTH = 40;

  static Stream<Arguments> stacks() {
    List<List<Integer>> dilations =
        List.of(List.of(1), List.of(3), List.of(2, 1), List.of(1, 2, 4), List.of(5, 3, 1, 7));
    return Stream.of(CellKind.values())
        .flatMap(kind -> dilations.stream().map(d -> Arguments.of(kind, d)));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void stepsWithOneSlotOfEachLayerEqualThoseWithEverySlotAtHand(
      CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    StackState whole = stack.newState();
    Workspace expected = stack.newWorkspace();
    HiddenState state = new HiddenState(stack, new InMemoryRings(), 0);
    Workspace actual = stack.newWorkspace();

    for (int t = 0; t < LENGTH; t++) {
      stack.step(input(stack, t), whole, expected);
      assertThat(state.step(input(stack, t), actual)).isTrue();

      assertThat(actual.output()).isEqualTo(expected.output());
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void clearedStateTakesNothingFromTheRingsOfTheOneBefore(CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    HiddenState used = new HiddenState(stack, new InMemoryRings(), 0);
    HiddenState fresh = new HiddenState(stack, new InMemoryRings(), 0);
    Workspace actual = stack.newWorkspace();
    Workspace expected = stack.newWorkspace();
    for (int t = 0; t < 11; t++) {
      used.step(input(stack, t), actual);
    }

    used.clear();

    for (int t = 100; t < 100 + LENGTH; t++) {
      used.step(input(stack, t), actual);
      fresh.step(input(stack, t), expected);
      assertThat(actual.output()).isEqualTo(expected.output());
    }
  }

  @Test
  void stepReadsAndWritesOneSlotOfEachDilatedLayer() {
    CellStack stack = stack(CellKind.GRU, List.of(1, 3, 24));
    Counting store = new Counting();
    HiddenState state = new HiddenState(stack, store, 0);
    Workspace workspace = stack.newWorkspace();
    for (int t = 0; t < 24; t++) {
      state.step(input(stack, t), workspace);
    }
    store.reads = 0;
    store.writes = 0;

    state.step(input(stack, 24), workspace);

    assertThat(store.reads).isEqualTo(2);
    assertThat(store.writes).isEqualTo(2);
  }

  @Test
  void slotOfAnotherStepIsRefused() {
    CellStack stack = stack(CellKind.GRU, List.of(3));
    InMemoryRings store = new InMemoryRings();
    HiddenState state = new HiddenState(stack, store, 0);
    Workspace workspace = stack.newWorkspace();
    for (int t = 0; t < 6; t++) {
      state.step(input(stack, t), workspace);
    }

    store.write(new RingStore.Slot(0, 0, 0), 6, FloatBuffer.allocate(stack.stateWidth(0)));

    assertThat(state.step(input(stack, 6), workspace)).isFalse();
  }

  @Test
  void ringsOfAnotherStackLeaveNoSlotBehind() {
    InMemoryRings store = new InMemoryRings();
    HiddenState state = new HiddenState(stack(CellKind.GRU, List.of(4, 1, 5, 7)), store, 0);
    run(state, stack(CellKind.GRU, List.of(4, 1, 5, 7)), 20);
    assertThat(store.size()).isEqualTo(4 + 5 + 7);

    state.begin(stack(CellKind.LSTM, List.of(6, 3, 2)));
    run(state, stack(CellKind.LSTM, List.of(6, 3, 2)), 20);
    assertThat(store.size()).isEqualTo(6 + 3 + 2);

    state.begin(stack(CellKind.LSTM, List.of(1)));
    assertThat(store.size()).isZero();
  }

  private static void run(HiddenState state, CellStack stack, int steps) {
    Workspace workspace = stack.newWorkspace();
    for (int t = 0; t < steps; t++) {
      assertThat(state.step(input(stack, t), workspace)).isTrue();
    }
  }

  private static CellStack stack(CellKind kind, List<Integer> dilations) {
    return ModelFile.read(
            Models.file(Models.withLayers(Models.specification(kind, 5, 24), dilations, 2), 1))
        .member(0)
        .stack();
  }

  private static float[] input(CellStack stack, int t) {
    SplittableRandom random = new SplittableRandom(t);
    float[] input = new float[stack.inputSize()];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) random.nextDouble(-1, 1);
    }
    return input;
  }

  private static final class Counting implements RingStore {
    private final InMemoryRings rings = new InMemoryRings();
    int reads;
    int writes;

    @Override
    public boolean read(Slot slot, long step, FloatBuffer into) {
      reads++;
      return rings.read(slot, step, into);
    }

    @Override
    public void write(Slot slot, long step, FloatBuffer state) {
      writes++;
      rings.write(slot, step, state);
    }

    @Override
    public void delete(Slot slot) {
      rings.delete(slot);
    }
  }
}
