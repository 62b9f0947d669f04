package io.eddy.nn;

import io.eddy.nn.kernel.Cell;
import io.eddy.nn.kernel.Frame;
import io.eddy.nn.kernel.Kernel;
import io.eddy.nn.kernel.RowMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Back-propagation through time of a stack over a chunk of T steps for B lanes (P. Werbos,
 * Backpropagation through time, 1990; truncated at the start of the chunk).
 *
 * <p>{@link #forward} starts from the state of each lane and leaves it advanced, so the next chunk
 * continues where this one ended. {@link #backward} propagates the gradients of the outputs to the
 * parameters and the inputs. Gradients are summed in a fixed order: steps from the last to the
 * first, lanes from the first to the last.
 *
 * <p>Lanes may have different lengths. Steps beyond the end of a lane are not read, leave its state
 * unchanged, have outputs of 0 and contribute no gradient.
 *
 * <p>An instance is used by one thread. The parameters may be shared as long as no thread modifies
 * them.
 */
public final class Backpropagation {
  private final int lanes;
  private final int steps;
  private final float[] inputs;
  private final float[] inputGradients;
  private final int[] lengths;
  private final List<LayerTape> tapes = new ArrayList<>();
  private int maxLength;

  /** Allocates buffers for chunks of {@code steps} steps and {@code lanes} lanes. */
  public Backpropagation(CellStack stack, int lanes, int steps) {
    this.lanes = lanes;
    this.steps = steps;
    inputs = new float[steps * lanes * stack.inputSize()];
    inputGradients = new float[inputs.length];
    lengths = new int[lanes];
    float[] below = inputs;
    float[] belowGradients = inputGradients;
    int belowStride = stack.inputSize();
    for (int i = 0; i < stack.size(); i++) {
      LayerTape tape =
          new LayerTape(
              stack.parameters(i),
              stack.dilation(i),
              new Chunk(lanes, steps, lengths),
              new LayerInput(below, belowGradients, belowStride));
      tapes.add(tape);
      below = tape.outputs;
      belowGradients = tape.outputGradients;
      belowStride = tape.hidden;
    }
  }

  /** Dimensions of a chunk. {@code lengths} [B] holds the number of steps of each lane. */
  private static final class Chunk {
    final int lanes;
    final int steps;
    final int[] lengths;

    Chunk(int lanes, int steps, int[] lengths) {
      this.lanes = lanes;
      this.steps = steps;
      this.lengths = lengths;
    }
  }

  /**
   * The input of a layer [T, B, stride] and its gradient. With dropout, each element is multiplied
   * by its factor, which is 0 or 1/(1 − rate).
   */
  private static final class LayerInput {
    final float[] values;
    final float[] gradients;
    final int stride;
    float @Nullable [] factors;

    LayerInput(float[] values, float[] gradients, int stride) {
      this.values = values;
      this.gradients = gradients;
      this.stride = stride;
    }

    void drawDropout(float rate, RandomGenerator random) {
      float[] drawn = factors == null ? new float[values.length] : factors;
      float scale = 1 / (1 - rate);
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextFloat() < rate ? 0 : scale;
      }
      factors = drawn;
    }

    /** Copies n values, starting at {@code from}. */
    void read(int from, int n, float[] into) {
      System.arraycopy(values, from, into, 0, n);
      scale(from, n, into);
    }

    /**
     * Stores the gradients of n values, starting at {@code from}, and scales {@code gradient} in
     * place.
     */
    void storeGradients(int from, int n, float[] gradient) {
      scale(from, n, gradient);
      System.arraycopy(gradient, 0, gradients, from, n);
    }

    private void scale(int from, int n, float[] x) {
      if (factors != null) {
        for (int i = 0; i < n; i++) {
          x[i] *= factors[from + i];
        }
      }
    }
  }

  /** Returns the inputs [T, B, D]. The caller fills them before {@link #forward}. */
  public float[] inputs() {
    return inputs;
  }

  /** Returns the outputs [T, B, H]: the hidden states of the top layer after {@link #forward}. */
  public float[] outputs() {
    return top().outputs;
  }

  /**
   * Returns the gradients of the outputs [T, B, H]. The caller fills them before {@link #backward}.
   */
  public float[] outputGradients() {
    return top().outputGradients;
  }

  /** Computes and returns the gradients of the inputs [T, B, D] after {@link #backward}. */
  public float[] inputGradients() {
    tapes.get(0).prepareInputGradients();
    for (int t = 0; t < maxLength; t++) {
      tapes.get(0).computeInputGradients(t);
    }
    int rest = maxLength * (inputGradients.length / steps);
    Arrays.fill(inputGradients, rest, inputGradients.length, 0);
    return inputGradients;
  }

  /**
   * Draws the dropout mask of the following chunks for the inputs of every layer above the first
   * (N. Srivastava et al., Dropout, 2014; between layers only, as in W. Zaremba et al., Recurrent
   * neural network regularization, 2014). Inputs that are kept are scaled by 1/(1 − rate).
   *
   * @param rate probability of dropping an input, in [0, 1)
   */
  public void enableDropout(float rate, RandomGenerator random) {
    for (int i = 1; i < tapes.size(); i++) {
      tapes.get(i).source.drawDropout(rate, random);
    }
  }

  /** Disables dropout for the following chunks. */
  public void disableDropout() {
    tapes.forEach(tape -> tape.source.factors = null);
  }

  /**
   * Runs a full chunk of T steps for every lane.
   *
   * @param states [B]; modified
   */
  public void forward(List<StackState> states) {
    int[] fullLengths = new int[lanes];
    Arrays.fill(fullLengths, steps);
    forward(states, fullLengths);
  }

  /**
   * Runs a chunk and advances the state of each lane by its number of steps.
   *
   * @param states [B]; modified
   * @param lengths steps of each lane, 0 to T [B]; not modified
   */
  public void forward(List<StackState> states, int[] lengths) {
    requireLanes("states", states.size());
    requireLanes("lengths", lengths.length);
    maxLength = 0;
    for (int lane = 0; lane < lanes; lane++) {
      if (lengths[lane] < 0 || lengths[lane] > steps) {
        throw new IllegalArgumentException(
            "lengths: expected 0 to %d, got %d".formatted(steps, lengths[lane]));
      }
      this.lengths[lane] = lengths[lane];
      maxLength = Math.max(maxLength, lengths[lane]);
    }
    int from = 0;
    for (LayerTape tape : tapes) {
      tape.load(states, from);
      for (int t = 0; t < maxLength; t++) {
        tape.forward(t);
      }
      Arrays.fill(tape.outputs, maxLength * lanes * tape.hidden, tape.outputs.length, 0);
      tape.store(states, from);
      from += tape.dilation * tape.width;
    }
    for (int lane = 0; lane < lanes; lane++) {
      states.get(lane).advance(lengths[lane]);
    }
  }

  private void requireLanes(String name, int count) {
    if (count != lanes) {
      throw new IllegalArgumentException(
          "%s: expected (%d), got (%d)".formatted(name, lanes, count));
    }
  }

  /**
   * Propagates the output gradients back through the last chunk. Overwrites the values recorded by
   * {@link #forward}.
   *
   * @param gradients one {@link LayerParameters#zeros} per layer; added to
   */
  public void backward(List<LayerParameters> gradients) {
    for (int i = tapes.size() - 1; i >= 0; i--) {
      LayerTape tape = tapes.get(i);
      tape.prepareBackward();
      if (i > 0) {
        tape.prepareInputGradients();
      }
      for (int t = maxLength - 1; t >= 0; t--) {
        tape.backward(t, gradients.get(i));
        if (i > 0) {
          tape.computeInputGradients(t);
        }
      }
      tape.products.addTo(gradients.get(i));
    }
  }

  /**
   * Returns the sum of squares, over all lanes, of the gradient of a layer's state (all values of a
   * slot) after step {@code step} of the chunk. Valid after {@link #backward}.
   */
  public double squaredStateGradient(int layer, int step) {
    LayerTape tape = tapes.get(layer);
    double sum = 0;
    for (float gradient : tape.stateGradients[step + tape.dilation]) {
      sum += (double) gradient * gradient;
    }
    return sum;
  }

  private LayerTape top() {
    return tapes.get(tapes.size() - 1);
  }

  /**
   * Values of one layer recorded for the backward pass.
   *
   * <p>For d = dilation, {@code states[t + d]} [B, width] is the state after step t, and the first
   * d entries are the initial states. {@code a[t]} and {@code r[t]} [B, G·H] hold the activated
   * gates and the recurrent products; the backward pass replaces them by their gradients.
   */
  private static final class LayerTape {
    final LayerParameters parameters;
    final Cell cell;
    final int dilation;
    final int hidden;
    final int width;
    final float[] outputs;
    final float[] outputGradients;
    private final int lanes;
    private final int[] lengths;
    private final int gates;
    private final LayerInput source;
    private final float[][][] a;
    private final float[][][] r;
    private final float[][][] saved;
    private final float[][] states;
    private final float[][] stateGradients;
    private final float[] input;
    private final float[][] laneInputs;
    private final float[][] lanePrevious;
    private final float[][] inputGradient;
    private final float[][] previousGradient;
    private final Frame frame;
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
      width = parameters.kind().statesPerUnit() * hidden;
      cell = Cells.of(parameters.kind(), hidden);
      outputs = new float[steps * lanes * hidden];
      outputGradients = new float[outputs.length];
      a = new float[steps][lanes][gates];
      r = cell.hasSeparateProducts() ? new float[steps][lanes][gates] : a;
      saved = new float[steps][lanes][parameters.kind().statesPerUnit() > 1 ? hidden : 0];
      states = new float[steps + dilation][lanes * width];
      stateGradients = new float[steps + dilation][lanes * width];
      input = new float[lanes * source.stride];
      laneInputs = new float[lanes][source.stride];
      lanePrevious = new float[lanes][hidden];
      inputGradient = new float[lanes][source.stride];
      previousGradient = new float[lanes][hidden];
      frame = new Frame(hidden);
      bias = new float[gates];
      inputColumns = new RowMatrix(gates, source.stride);
      recurrentColumns = new RowMatrix(gates, hidden);
      products = new OuterProducts(lanes, source.stride, hidden);
    }

    /** Copies the initial states of all lanes; {@code from} is the offset of this layer. */
    void load(List<StackState> initial, int from) {
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
          System.arraycopy(parameters.recurrentBiases(), 0, r[t][lane], 0, gates);
        }
      }
      readInput(t);
      RowMatrix.split(input, source.stride, laneInputs);
      parameters.inputRows().addProducts(laneInputs, a[t]);
      RowMatrix.split(states[t], width, lanePrevious);
      parameters.recurrentRows().addProducts(lanePrevious, r[t]);
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
      recurrentColumns.setProducts(r[t], previousGradient);
      for (int lane = 0; lane < lanes; lane++) {
        Kernel.FASTEST.add(previousGradient[lane], 0, stateGradients[t], lane * width, hidden);
      }
      if (products.isFull()) {
        products.addTo(gradients);
      }
      readInput(t);
      products.add(input, states[t], width, a[t], r[t]);
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
  }

  /**
   * Collects factors of the parameters' gradients over several steps, so that each gradient is
   * loaded and stored once per block. The order of summation is that of the steps.
   */
  private static final class OuterProducts {
    /**
     * Number of lanes, over all steps of a block. Small enough for the gate gradients to stay in
     * the cache.
     */
    private static final int BLOCK_LANES = 32;

    private final int lanes;
    private final int inputSize;
    private final float[][] inputs;
    private final float[][] hidden;
    private final float[][] a;
    private final float[][] r;
    private int count;

    OuterProducts(int lanes, int inputSize, int hiddenSize) {
      this.lanes = lanes;
      this.inputSize = inputSize;
      int capacity = Math.max(1, BLOCK_LANES / lanes) * lanes;
      inputs = new float[inputSize][capacity];
      hidden = new float[hiddenSize][capacity];
      a = new float[capacity][];
      r = new float[capacity][];
    }

    boolean isFull() {
      return count == a.length;
    }

    /**
     * Adds a step.
     *
     * @param stepInputs inputs [lanes, D]; not modified
     * @param states states before the step [lanes, width]; not modified
     * @param stepA gradients of the input products [lanes, G·H]; must not change before {@link
     *     #addTo}
     * @param stepR gradients of the recurrent products [lanes, G·H]; must not change before {@link
     *     #addTo}
     */
    void add(float[] stepInputs, float[] states, int width, float[][] stepA, float[][] stepR) {
      RowMatrix.splitIntoColumns(stepInputs, 0, inputSize, lanes, inputs, count);
      RowMatrix.splitIntoColumns(states, 0, width, lanes, hidden, count);
      System.arraycopy(stepA, 0, a, count, lanes);
      System.arraycopy(stepR, 0, r, count, lanes);
      count += lanes;
    }

    /** Adds the products of the block to {@code gradients} and starts a new block. */
    void addTo(LayerParameters gradients) {
      float[][] inputFactors = isFull() ? a : Arrays.copyOf(a, count);
      float[][] hiddenFactors = isFull() ? r : Arrays.copyOf(r, count);
      gradients.inputRows().addOuterProducts(inputs, inputFactors);
      gradients.recurrentRows().addOuterProducts(hidden, hiddenFactors);
      RowMatrix.addSum(inputFactors, gradients.inputBiases());
      RowMatrix.addSum(hiddenFactors, gradients.recurrentBiases());
      count = 0;
    }
  }
}
