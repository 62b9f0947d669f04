package io.eddy.nn;

import io.eddy.nn.kernel.Cell;
import io.eddy.nn.kernel.DiagonalTransition;
import io.eddy.nn.kernel.Frame;
import io.eddy.nn.kernel.Kernel;
import io.eddy.nn.kernel.RowMatrix;
import java.util.Arrays;
import java.util.List;

/**
 * Values of one layer recorded for the backward pass.
 *
 * <p>For d = dilation, {@code states[t + d]} [B, width] is the state after step t, and the first d
 * entries are the initial states. {@code a[t]} [B, G·H] and {@code r[t]} [B, G·H, or 2·H for the
 * LRU] hold the activated gates and the recurrent products; the backward pass replaces them by
 * their gradients.
 */
final class LayerTape {
  final int dilation;
  final int hidden;
  final int width;
  final float[] outputs;
  final float[] outputGradients;
  private final LayerParameters parameters;
  private final Cell cell;
  private final int lanes;
  private final int[] lengths;
  private final int gates;
  private final int recurrentGates;
  private final boolean readsNext;

  /** First value of a state that the recurrent product reads. */
  private final int readFrom;

  private final LayerInput source;
  private final float[][][] a;
  private final float[][][] r;
  private final float[][][] saved;
  private final float[][] states;
  private final float[][] stateGradients;
  private final float[] input;
  private final float[][] laneInputs;
  private final float[][] laneReads;
  private final float[][] inputGradient;
  private final float[][] readGradient;
  private final Frame frame;
  private final DiagonalTransition transition;
  private final float[] bias;
  private final RowMatrix inputColumns;
  private final RowMatrix recurrentColumns;
  private final OuterProducts products;

  LayerTape(LayerParameters parameters, int dilation, Chunk chunk, LayerInput source) {
    this.parameters = parameters;
    this.dilation = dilation;
    this.source = source;
    lanes = chunk.lanes;
    lengths = chunk.lengths;
    int steps = chunk.steps;
    hidden = parameters.hiddenSize();
    gates = parameters.kind().gates() * hidden;
    recurrentGates = parameters.kind().recurrentGates() * hidden;
    int reads = parameters.kind().recurrentInputs() * hidden;
    width = parameters.kind().statesPerUnit() * hidden;
    cell = Cells.of(parameters.kind(), hidden);
    readsNext = cell.productReadsNextState();
    readFrom = readsNext ? hidden : 0;
    transition = parameters.newTransition();
    outputs = new float[steps * lanes * hidden];
    outputGradients = new float[outputs.length];
    a = new float[steps][lanes][gates];
    r = cell.hasSeparateProducts() ? new float[steps][lanes][recurrentGates] : a;
    saved = new float[steps][lanes][parameters.kind().statesPerUnit() > 1 ? hidden : 0];
    states = new float[steps + dilation][lanes * width];
    stateGradients = new float[steps + dilation][lanes * width];
    input = new float[lanes * source.stride];
    laneInputs = new float[lanes][source.stride];
    laneReads = new float[lanes][reads];
    inputGradient = new float[lanes][source.stride];
    readGradient = new float[lanes][reads];
    frame = new Frame(hidden);
    frame.transition = transition;
    bias = new float[gates];
    inputColumns = new RowMatrix(gates, source.stride);
    recurrentColumns = new RowMatrix(recurrentGates, reads);
    products = new OuterProducts(lanes, source.stride, reads);
  }

  /** Copies the initial states of all lanes; {@code from} is the offset of this layer. */
  void load(List<StackState> initial, int from) {
    transition.update(parameters.rates());
    System.arraycopy(parameters.inputBiases(), 0, bias, 0, gates);
    if (!cell.hasSeparateProducts()) {
      CellStack.add(parameters.recurrentBiases(), bias, gates);
    }
    for (int lane = 0; lane < lanes; lane++) {
      StackState state = initial.get(lane);
      for (int k = 0; k < dilation; k++) {
        int slot = from + (state.position() + k) % dilation * width;
        System.arraycopy(state.values(), slot, states[k], lane * width, width);
      }
    }
  }

  /** Copies the final states of all lanes; {@code from} is the offset of this layer. */
  void store(List<StackState> last, int from) {
    for (int lane = 0; lane < lanes; lane++) {
      StackState state = last.get(lane);
      for (int k = 0; k < dilation; k++) {
        int end = lengths[lane] + k;
        int slot = from + (state.position() + end) % dilation * width;
        System.arraycopy(states[end], lane * width, state.values(), slot, width);
      }
    }
  }

  void forward(int t) {
    for (int lane = 0; lane < lanes; lane++) {
      System.arraycopy(bias, 0, a[t][lane], 0, gates);
      if (cell.hasSeparateProducts()) {
        System.arraycopy(parameters.recurrentBiases(), 0, r[t][lane], 0, recurrentGates);
      }
    }
    readInput(t);
    RowMatrix.split(input, 0, source.stride, laneInputs);
    parameters.inputRows().addProducts(laneInputs, a[t]);
    if (readsNext) {
      for (int lane = 0; lane < lanes; lane++) {
        cell.advanceState(frameOf(t, lane));
      }
    }
    RowMatrix.split(readStates(t), readFrom, width, laneReads);
    parameters.recurrentRows().addProducts(laneReads, r[t]);
    for (int lane = 0; lane < lanes; lane++) {
      if (t < lengths[lane]) {
        cell.activate(frameOf(t, lane));
      } else {
        Arrays.fill(states[t + dilation], lane * width, (lane + 1) * width, 0);
      }
      System.arraycopy(
          states[t + dilation], lane * width, outputs, (t * lanes + lane) * hidden, hidden);
    }
  }

  /** Returns the states that the recurrent product of a step reads. */
  private float[] readStates(int t) {
    return readsNext ? states[t + dilation] : states[t];
  }

  /** Reads the inputs of a step. The inputs of lanes that have ended are set to 0. */
  private void readInput(int t) {
    int stride = source.stride;
    source.read(t * lanes * stride, lanes * stride, input);
    for (int lane = 0; lane < lanes; lane++) {
      if (t >= lengths[lane]) {
        Arrays.fill(input, lane * stride, (lane + 1) * stride, 0);
      }
    }
  }

  void prepareInputGradients() {
    parameters.inputRows().transposeInto(inputColumns);
  }

  void prepareBackward() {
    transition.clearGradients();
    parameters.recurrentRows().transposeInto(recurrentColumns);
    for (float[] gradient : stateGradients) {
      Arrays.fill(gradient, 0);
    }
  }

  void backward(int t, LayerParameters gradients) {
    for (int lane = 0; lane < lanes; lane++) {
      if (t >= lengths[lane]) {
        Arrays.fill(a[t][lane], 0);
        Arrays.fill(r[t][lane], 0);
        continue;
      }
      float[] dNext = stateGradients[t + dilation];
      int at = (t * lanes + lane) * hidden;
      Kernel.FASTEST.add(outputGradients, at, dNext, lane * width, hidden);
      cell.backward(frameOf(t, lane));
    }
    recurrentColumns.setProducts(r[t], readGradient);
    for (int lane = 0; lane < lanes; lane++) {
      if (!readsNext) {
        Kernel.FASTEST.add(readGradient[lane], 0, stateGradients[t], lane * width, hidden);
      } else if (t < lengths[lane]) {
        frameOf(t, lane).dRead = readGradient[lane];
        cell.backwardState(frame);
      }
    }
    if (products.isFull()) {
      products.addTo(gradients);
    }
    readInput(t);
    products.add(input, readStates(t), readFrom, width, a[t], r[t]);
  }

  /** Adds the gradients that the backward passes of all steps have collected. */
  void finishBackward(LayerParameters gradients) {
    products.addTo(gradients);
    transition.addGradients(gradients.rates());
  }

  LayerInput source() {
    return source;
  }

  /** Returns the sum of squares of the gradient of the states after a step. */
  double squaredStateGradient(int step) {
    double sum = 0;
    for (float gradient : stateGradients[step + dilation]) {
      sum += (double) gradient * gradient;
    }
    return sum;
  }

  /**
   * Computes the gradients of a step's inputs from the gate gradients left by {@link #backward}.
   */
  void computeInputGradients(int t) {
    int stride = source.stride;
    inputColumns.setProducts(a[t], inputGradient);
    for (int lane = 0; lane < lanes; lane++) {
      System.arraycopy(inputGradient[lane], 0, input, lane * stride, stride);
    }
    source.storeGradients(t * lanes * stride, lanes * stride, input);
  }

  private Frame frameOf(int t, int lane) {
    frame.a = a[t][lane];
    frame.saved = saved[t][lane];
    frame.r = r[t][lane];
    frame.gateOffset = 0;
    frame.previous = states[t];
    frame.previousOffset = lane * width;
    frame.next = states[t + dilation];
    frame.nextOffset = lane * width;
    frame.dPrevious = stateGradients[t];
    frame.dNext = stateGradients[t + dilation];
    return frame;
  }

  /** Dimensions of a chunk. {@code lengths} [B] holds the number of steps of each lane. */
  static final class Chunk {
    final int lanes;
    final int steps;
    final int[] lengths;

    Chunk(int lanes, int steps, int[] lengths) {
      this.lanes = lanes;
      this.steps = steps;
      this.lengths = lengths;
    }
  }
}
