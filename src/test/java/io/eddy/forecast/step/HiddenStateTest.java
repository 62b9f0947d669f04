package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
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
  void stepsEqualStepsWithAllSlotsInMemory(CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    StackState whole = stack.newState();
    Workspace expected = stack.newWorkspace();
    HiddenState state = new HiddenState(stack, new InMemorySeriesStore(), 0);
    Workspace actual = stack.newWorkspace();

    for (int t = 0; t < LENGTH; t++) {
      stack.step(input(stack, t), whole, expected);
      assertThat(state.step(input(stack, t), actual)).isTrue();

      assertThat(actual.output()).isEqualTo(expected.output());
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void clearedStateReadsNoFormerSlots(CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    HiddenState used = new HiddenState(stack, new InMemorySeriesStore(), 0);
    HiddenState fresh = new HiddenState(stack, new InMemorySeriesStore(), 0);
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
  void stepAccessesOneSlotPerDilatedLayer() {
    CellStack stack = stack(CellKind.GRU, List.of(1, 3, 24));
    CountingStore store = new CountingStore();
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
  void refusesSlotOfAnotherStep() {
    CellStack stack = stack(CellKind.GRU, List.of(3));
    SeriesStore store = new InMemorySeriesStore();
    HiddenState state = new HiddenState(stack, store, 0);
    Workspace workspace = stack.newWorkspace();
    for (int t = 0; t < 6; t++) {
      state.step(input(stack, t), workspace);
    }

    FloatBuffer zeros = FloatBuffer.allocate(stack.stateWidth(0));
    store.put(new RingSlot(0, 0, 0), new RingSlotState(6, zeros));

    assertThat(state.step(input(stack, 6), workspace)).isFalse();
  }

  @Test
  void deletesSlotsThatNewStackDoesNotUse() {
    CountingStore store = new CountingStore();
    HiddenState state = new HiddenState(stack(CellKind.GRU, List.of(4, 1, 5, 7)), store, 0);
    run(state, stack(CellKind.GRU, List.of(4, 1, 5, 7)), 20);
    assertThat(store.slots()).isEqualTo(4 + 5 + 7);

    state.begin(stack(CellKind.LSTM, List.of(6, 3, 2)));
    run(state, stack(CellKind.LSTM, List.of(6, 3, 2)), 20);
    assertThat(store.slots()).isEqualTo(6 + 3 + 2);

    state.begin(stack(CellKind.LSTM, List.of(1)));
    assertThat(store.slots()).isZero();
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
}
