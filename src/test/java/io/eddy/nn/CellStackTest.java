package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of every cell in several stacks. All comparisons are bit for bit. */
final class CellStackTest {
  private static final int INPUT = 3;
  private static final int[] HIDDEN = {11, 9, 6};
  private static final int LENGTH = 29;

  static Stream<Arguments> stacks() {
    List<List<Integer>> dilations =
        List.of(
            List.of(1), List.of(3), List.of(1, 1), List.of(1, 3), List.of(3, 2), List.of(1, 2, 5));
    return Stream.of(CellKind.values())
        .flatMap(kind -> dilations.stream().map(d -> Arguments.of(kind, d)));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void splittingASequenceEqualsOnePass(CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    float[][] inputs = inputs(LENGTH);
    float[][] expected = run(stack, inputs, stack.newState());

    for (int split = 1; split < LENGTH; split++) {
      StackState state = stack.newState();
      float[][] first = run(stack, Arrays.copyOf(inputs, split), state);
      float[][] second = run(stack, Arrays.copyOfRange(inputs, split, LENGTH), state);

      assertThat(Stream.of(first, second).flatMap(Arrays::stream)).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void savingAndRestoringMidwayEqualsOnePass(CellKind kind, List<Integer> dilations) {
    CellStack stack = stack(kind, dilations);
    float[][] inputs = inputs(LENGTH);
    float[][] expected = run(stack, inputs, stack.newState());

    for (int split = 1; split < LENGTH; split++) {
      StackState saved = stack.newState();
      run(stack, Arrays.copyOf(inputs, split), saved);
      StackState restored = stack.newState();
      restored.restore(saved.position(), saved.values().clone());
      float[][] rest = run(stack, Arrays.copyOfRange(inputs, split, LENGTH), restored);

      assertThat(rest).isDeepEqualTo(Arrays.copyOfRange(expected, split, LENGTH));
    }
  }

  /** Nine lanes with different initial states: one more than a kernel processes as a block. */
  @ParameterizedTest
  @MethodSource("stacks")
  void batchedLanesEqualSingleLanes(CellKind kind, List<Integer> dilations) {
    int lanes = 9;
    int steps = 7;
    int chunks = 2;
    CellStack stack = stack(kind, dilations);
    Backpropagation chunk = new Backpropagation(stack, lanes, steps);
    List<StackState> states = new ArrayList<>();
    List<StackState> expectedStates = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      states.add(stack.newState());
      expectedStates.add(stack.newState());
      run(stack, inputs(lane), states.get(lane));
      run(stack, inputs(lane), expectedStates.get(lane));
    }
    float[][][] inputs = new float[lanes][][];
    for (int lane = 0; lane < lanes; lane++) {
      inputs[lane] = inputs(lane, chunks * steps);
    }

    float[][] outputs = new float[chunks][];
    for (int c = 0; c < chunks; c++) {
      for (int t = 0; t < steps; t++) {
        for (int lane = 0; lane < lanes; lane++) {
          int at = (t * lanes + lane) * INPUT;
          System.arraycopy(inputs[lane][c * steps + t], 0, chunk.inputs(), at, INPUT);
        }
      }
      chunk.forward(states);
      outputs[c] = chunk.outputs().clone();
    }

    int size = stack.outputSize();
    for (int lane = 0; lane < lanes; lane++) {
      float[][] expected = run(stack, inputs[lane], expectedStates.get(lane));
      for (int t = 0; t < chunks * steps; t++) {
        int at = (t % steps * lanes + lane) * size;
        assertThat(Arrays.copyOfRange(outputs[t / steps], at, at + size)).isEqualTo(expected[t]);
      }
      assertThat(states.get(lane).values()).isEqualTo(expectedStates.get(lane).values());
      assertThat(states.get(lane).position()).isEqualTo(expectedStates.get(lane).position());
    }
  }

  /** Inputs beyond the end of a lane are NaN, so reading them would change the result. */
  @ParameterizedTest
  @MethodSource("stacks")
  void lanesOfDifferentLengthsEqualSingleLanes(CellKind kind, List<Integer> dilations) {
    int steps = 7;
    int[] lengths = {7, 3, 0, 1, 6, 7, 2, 5, 4};
    CellStack stack = stack(kind, dilations);
    Backpropagation batch = new Backpropagation(stack, lengths.length, steps);
    Backpropagation single = new Backpropagation(stack, 1, steps);
    List<StackState> states = new ArrayList<>();
    List<StackState> expectedStates = new ArrayList<>();
    for (int lane = 0; lane < lengths.length; lane++) {
      states.add(stack.newState());
      expectedStates.add(stack.newState());
      run(stack, inputs(lane), states.get(lane));
      run(stack, inputs(lane), expectedStates.get(lane));
    }

    for (int chunk = 0; chunk < 3; chunk++) {
      Arrays.fill(batch.inputs(), Float.NaN);
      for (int lane = 0; lane < lengths.length; lane++) {
        float[][] laneInputs = inputs(chunk + 10 * lane, lengths[lane]);
        for (int t = 0; t < lengths[lane]; t++) {
          System.arraycopy(
              laneInputs[t], 0, batch.inputs(), (t * lengths.length + lane) * INPUT, INPUT);
        }
      }
      batch.forward(states, lengths);

      for (int lane = 0; lane < lengths.length; lane++) {
        float[][] laneInputs = inputs(chunk + 10 * lane, lengths[lane]);
        for (int t = 0; t < lengths[lane]; t++) {
          System.arraycopy(laneInputs[t], 0, single.inputs(), t * INPUT, INPUT);
        }
        single.forward(List.of(expectedStates.get(lane)), new int[] {lengths[lane]});
        int size = stack.outputSize();
        for (int t = 0; t < steps; t++) {
          int at = (t * lengths.length + lane) * size;
          assertThat(Arrays.copyOfRange(batch.outputs(), at, at + size))
              .isEqualTo(Arrays.copyOfRange(single.outputs(), t * size, (t + 1) * size));
        }
        assertThat(states.get(lane).values()).isEqualTo(expectedStates.get(lane).values());
        assertThat(states.get(lane).position()).isEqualTo(expectedStates.get(lane).position());
      }
    }
  }

  /** A lane has the same gradients, bit for bit, alone and among lanes that have ended. */
  @ParameterizedTest
  @MethodSource("stacks")
  void endedLanesContributeNoGradient(CellKind kind, List<Integer> dilations) {
    int steps = 7;
    int[] lengths = {0, 0, 0, 5, 0, 0, 0, 0, 0};
    CellStack stack = stack(kind, dilations);
    Backpropagation batch = new Backpropagation(stack, lengths.length, steps);
    Backpropagation alone = new Backpropagation(stack, 1, 5);
    float[][] laneInputs = inputs(4, 5);
    Arrays.fill(batch.inputs(), Float.NaN);
    for (int t = 0; t < 5; t++) {
      System.arraycopy(laneInputs[t], 0, alone.inputs(), t * INPUT, INPUT);
      System.arraycopy(laneInputs[t], 0, batch.inputs(), (t * lengths.length + 3) * INPUT, INPUT);
    }
    List<StackState> states = Stream.generate(stack::newState).limit(lengths.length).toList();
    alone.forward(List.of(stack.newState()));
    batch.forward(states, lengths);
    Arrays.fill(batch.outputGradients(), Float.NaN);
    int size = stack.outputSize();
    for (int t = 0; t < 5; t++) {
      for (int j = 0; j < size; j++) {
        float gradient = (float) StrictMath.cos(t * size + j);
        alone.outputGradients()[t * size + j] = gradient;
        batch.outputGradients()[(t * lengths.length + 3) * size + j] = gradient;
      }
    }

    List<LayerParameters> expected = zeros(stack);
    List<LayerParameters> actual = zeros(stack);
    alone.backward(expected);
    batch.backward(actual);

    for (int layer = 0; layer < stack.size(); layer++) {
      List<float[]> arrays = actual.get(layer).arrays();
      for (int k = 0; k < arrays.size(); k++) {
        for (int i = 0; i < arrays.get(k).length; i++) {
          // Adding 0 turns -0 into +0.
          assertThat(arrays.get(k)[i] + 0f).isEqualTo(expected.get(layer).arrays().get(k)[i] + 0f);
        }
      }
    }
    float[] inputGradients = batch.inputGradients();
    for (int t = 0; t < steps; t++) {
      for (int lane = 0; lane < lengths.length; lane++) {
        int at = (t * lengths.length + lane) * INPUT;
        for (int j = 0; j < INPUT; j++) {
          float gradient = t < lengths[lane] ? alone.inputGradients()[t * INPUT + j] : 0;
          assertThat(inputGradients[at + j] + 0f).isEqualTo(gradient + 0f);
        }
      }
    }
  }

  private static List<LayerParameters> zeros(CellStack stack) {
    List<LayerParameters> zeros = new ArrayList<>();
    for (int layer = 0; layer < stack.size(); layer++) {
      zeros.add(stack.parameters(layer).zeros());
    }
    return zeros;
  }

  @Test
  void rejectsLengthsBeyondTheChunk() {
    CellStack stack = stack(CellKind.GRU, List.of(1));
    Backpropagation chunk = new Backpropagation(stack, 1, 4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> chunk.forward(List.of(stack.newState()), new int[] {5}))
        .withMessage("lengths: expected 0 to 4, got 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> chunk.forward(List.of(stack.newState()), new int[] {1, 2}))
        .withMessage("lengths: expected (1), got (2)");
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void clearedStateEqualsNewState(CellKind kind) {
    CellStack stack = stack(kind, List.of(1, 3));
    StackState used = stack.newState();
    run(stack, inputs(5), used);

    used.clear();

    assertThat(run(stack, inputs(LENGTH), used))
        .isDeepEqualTo(run(stack, inputs(LENGTH), stack.newState()));
  }

  /** A step reads the state of step t − d only, so a dilated layer is d independent sequences. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void dilatedLayerRunsOneSequencePerPhase(CellKind kind) {
    int dilation = 3;
    float[][] inputs = inputs(LENGTH);
    float[][] outputs =
        run(stack(kind, List.of(dilation)), inputs, stack(kind, List.of(dilation)).newState());
    CellStack plain = stack(kind, List.of(1));

    for (int phase = 0; phase < dilation; phase++) {
      StackState state = plain.newState();
      for (int t = phase; t < LENGTH; t += dilation) {
        assertThat(run(plain, new float[][] {inputs[t]}, state)[0]).isEqualTo(outputs[t]);
      }
    }
  }

  /**
   * Takes the minimum of several rounds, counted for this thread: the virtual machine allocates
   * when code is first run or recompiled, and vectors are objects until they are compiled. A step
   * that allocates does so in every round. The lower layer fills vectors of up to 32 elements, with
   * units that remain.
   */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void stepDoesNotAllocate(CellKind kind) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    CellStack stack =
        new CellStack(List.of(layer(kind, INPUT, 40), layer(kind, 40, 11)), List.of(1, 3));
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();
    float[] input = inputs(1)[0];
    long least = Long.MAX_VALUE;

    for (int round = 0; round < 500 && least > 0; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int t = 0; t < 1_000; t++) {
        stack.step(input, state, workspace);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }

    assertThat(least).isZero();
  }

  @Test
  void rejectsWeightsWithTruncatedGateBlock() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(255, 8), matrix(256, 64), 256, 256))
        .withMessage("weight_ih: expected (256, 8), got (255, 8)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(256, 8), matrix(255, 64), 256, 256))
        .withMessage("weight_hh: expected (256, 64), got (255, 64)");
  }

  @Test
  void rejectsBiasesOfWrongLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(256, 8), matrix(256, 64), 64, 256))
        .withMessage("bias_ih: expected (256), got (64)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(256, 8), matrix(256, 64), 256, 257))
        .withMessage("bias_hh: expected (256), got (257)");
  }

  @Test
  void rejectsWeightsOfAnotherLayout() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LayerParameters.of(
                    CellKind.LRU, matrix(32, 3), matrix(32, 8), new float[32], new float[32]))
        .withMessage("weight_ih: expected (16, 3), got (32, 3)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer(CellKind.LRU, 3, 8).withRates(new float[8], new float[7]))
        .withMessage("theta_log: expected (8), got (7)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer(CellKind.LSTM, 3, 8).withRates(new float[8], new float[8]))
        .withMessage("nu_log: expected (0), got (8)");
  }

  /** A trainer modifies weights and rates in place. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void newWorkspaceUsesModifiedParameters(CellKind kind) {
    LayerParameters parameters = layer(kind, 3, 8);
    CellStack stack = new CellStack(List.of(parameters), List.of(1));
    float[][] before = run(stack, inputs(1), stack.newState());

    parameters.arrays().forEach(array -> Arrays.fill(array, -0.25f));
    float[][] after = run(stack, inputs(1), stack.newState());

    assertThat(after[0]).isNotEqualTo(before[0]);
    for (float unit : after[0]) {
      assertThat(unit).isEqualTo(after[0][0]);
    }
  }

  @Test
  void rejectsEmptyWeights() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(256, 0), matrix(256, 64), 256, 256))
        .withMessage("weight_ih: expected at least (1, 1), got (256, 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters(matrix(4, 8), matrix(0, 0), 0, 0))
        .withMessage("weight_hh: expected at least (1, 1), got (0, 0)");
  }

  @Test
  void rejectsLinearBiasOfWrongLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Linear.of(matrix(3, 8), new float[2]))
        .withMessage("bias: expected (3), got (2)");
  }

  @Test
  void rejectsLayersOfMismatchedSizes() {
    LayerParameters bottom = layer(CellKind.GRU, 3, 8);
    List<Integer> dilations = List.of(1, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CellStack(List.of(bottom, layer(CellKind.GRU, 7, 8)), dilations))
        .withMessage("layer 1: expected an input size of 8, got 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CellStack(List.of(bottom, layer(CellKind.LSTM, 8, 8)), dilations))
        .withMessage("layer 1: expected gru, got lstm");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CellStack(List.of(bottom), dilations))
        .withMessageContaining("expected 1 dilations, at least one, got 2");
  }

  @Test
  void rejectsTooLongCycle() {
    LayerParameters bottom = layer(CellKind.RNN_TANH, 1, 1);
    List<LayerParameters> layers = List.of(bottom, bottom, bottom, bottom);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CellStack(List.of(bottom), List.of(0)))
        .withMessage("dilation: expected at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new CellStack(layers, List.of(8_388_593, 8_388_587, 8_388_581, 8_388_571)))
        .withMessageContaining("expected a least common multiple of at most 1073741824, got ")
        .withMessageContaining("after layer 1");
  }

  @Test
  void rejectsSavedStateOfAnotherStack() {
    CellStack stack = stack(CellKind.LSTM, List.of(2, 3));
    StackState state = stack.newState();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.restore(5, new float[97]))
        .withMessage("state: expected 98 numbers at a position below 6, got 97 at 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.restore(6, new float[98]))
        .withMessage("state: expected 98 numbers at a position below 6, got 98 at 6");
  }

  @Test
  void rejectsMoreStatesThanLanes() {
    CellStack stack = stack(CellKind.GRU, List.of(1));
    Backpropagation chunk = new Backpropagation(stack, 1, 4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> chunk.forward(List.of(stack.newState(), stack.newState())))
        .withMessage("states: expected (1), got (2)");
  }

  private static float[][] run(CellStack stack, float[][] inputs, StackState state) {
    Workspace workspace = stack.newWorkspace();
    float[][] outputs = new float[inputs.length][];
    for (int t = 0; t < inputs.length; t++) {
      stack.step(inputs[t], state, workspace);
      outputs[t] = workspace.output().clone();
    }
    return outputs;
  }

  private static CellStack stack(CellKind kind, List<Integer> dilations) {
    Random random = new Random(11);
    List<LayerParameters> layers = new ArrayList<>();
    int below = INPUT;
    for (int i = 0; i < dilations.size(); i++) {
      layers.add(LayerParameters.random(kind, new LayerParameters.Sizes(below, HIDDEN[i]), random));
      below = HIDDEN[i];
    }
    return new CellStack(layers, dilations);
  }

  private static float[][] inputs(int length) {
    return inputs(length, length);
  }

  private static float[][] inputs(long seed, int length) {
    Random random = new Random(seed);
    float[][] inputs = new float[length][INPUT];
    for (float[] input : inputs) {
      for (int j = 0; j < INPUT; j++) {
        input[j] = 4 * random.nextFloat() - 2;
      }
    }
    return inputs;
  }

  private static LayerParameters layer(CellKind kind, int inputSize, int hiddenSize) {
    return LayerParameters.random(
        kind, new LayerParameters.Sizes(inputSize, hiddenSize), new Random(5));
  }

  private static LayerParameters parameters(
      FMatrixRMaj weightIh, FMatrixRMaj weightHh, int biasIh, int biasHh) {
    return LayerParameters.of(
        CellKind.LSTM, weightIh, weightHh, new float[biasIh], new float[biasHh]);
  }

  private static FMatrixRMaj matrix(int rows, int columns) {
    return new FMatrixRMaj(rows, columns);
  }
}
