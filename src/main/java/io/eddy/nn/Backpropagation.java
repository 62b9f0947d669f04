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
 * Back-propagation through time of a stack over a chunk of T steps, B lanes side by side (P.
 * Werbos, Backpropagation through time, 1990; truncated at the chunk's begin).
 *
 * <p>{@link #forward} takes on each lane's state and leaves it advanced, so that the next chunk can
 * carry on where this one ended; {@link #backward} sends the gradients of the outputs back to the
 * parameters and the inputs. Gradients are summed in a fixed order: steps from the last, lanes from
 * the first. Lanes may be of different lengths: what lies beyond a lane's end is not looked at,
 * leaves its state as it was at the end, has outputs of 0 and gives no gradient. Used by one
 * thread; the parameters may be shared while nobody changes them.
 */
public final class Backpropagation {
  private final int lanes;
  private final int steps;
  private final float[] inputs;
  private final float[] inputGradients;
  private final int[] lengths;
  private final List<LayerTape> tapes = new ArrayList<>();
  private int longest;

  /** Room for chunks of that many lanes and steps. */
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
              new Source(below, belowGradients, belowStride));
      tapes.add(tape);
      below = tape.outputs;
      belowGradients = tape.outputGradients;
      belowStride = tape.hidden;
    }
  }

  /** Size of a chunk; of the T steps each lane has as many as its present length says. */
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
   * Where a layer's input comes from: [T, B, stride], each times its factor where there are any.
   */
  private static final class Source {
    final float[] values;
    final float[] gradients;
    final int stride;
    float @Nullable [] factors;

    Source(float[] values, float[] gradients, int stride) {
      this.values = values;
      this.gradients = gradients;
      this.stride = stride;
    }

    void draw(float rate, RandomGenerator random) {
      float[] drawn = factors == null ? new float[values.length] : factors;
      float kept = 1 / (1 - rate);
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = random.nextFloat() < rate ? 0 : kept;
      }
      factors = drawn;
    }

    /** Copies n values from {@code from} on. */
    void read(int from, int n, float[] into) {
      System.arraycopy(values, from, into, 0, n);
      scale(from, n, into);
    }

    /** Takes the gradients of n values from {@code from} on, which it scales in place. */
    void send(int from, int n, float[] of) {
      scale(from, n, of);
      System.arraycopy(of, 0, gradients, from, n);
    }

    private void scale(int from, int n, float[] x) {
      if (factors != null) {
        for (int i = 0; i < n; i++) {
          x[i] *= factors[from + i];
        }
      }
    }
  }

  /** Inputs [T, B, D], for the caller to fill. */
  public float[] inputs() {
    return inputs;
  }

  /** Outputs [T, B, H]: hidden states of the top layer after {@link #forward}. */
  public float[] outputs() {
    return top().outputs;
  }

  /** Gradients of the outputs [T, B, H], for the caller to fill before {@link #backward}. */
  public float[] outputGradients() {
    return top().outputGradients;
  }

  /** Gradients of the inputs [T, B, D] after {@link #backward}; worked out by this call. */
  public float[] inputGradients() {
    tapes.get(0).prepareInputGradients();
    for (int t = 0; t < longest; t++) {
      tapes.get(0).sendInputGradients(t);
    }
    int rest = longest * (inputGradients.length / steps);
    Arrays.fill(inputGradients, rest, inputGradients.length, 0);
    return inputGradients;
  }

  /**
   * Draws which inputs of the layers above the first are left out of the chunks to come (N.
   * Srivastava et al., Dropout, 2014; between layers only, as by W. Zaremba et al., Recurrent
   * neural network regularization, 2014). Those kept are scaled by 1/(1 − rate).
   *
   * @param rate probability of being left out, in [0, 1)
   */
  public void enableDropout(float rate, RandomGenerator random) {
    for (int i = 1; i < tapes.size(); i++) {
      tapes.get(i).source.draw(rate, random);
    }
  }

  /** Leaves nothing out of the chunks to come, as a model that serves. */
  public void disableDropout() {
    tapes.forEach(tape -> tape.source.factors = null);
  }

  /** Runs the chunk from the B lanes' states, which it advances by T steps. */
  public void forward(List<StackState> states) {
    int[] whole = new int[lanes];
    Arrays.fill(whole, steps);
    forward(states, whole);
  }

  /**
   * The same for lanes of different lengths: each state is advanced by as many steps.
   *
   * @param states [B]; modified
   * @param lengths steps of each lane, 0 to T [B]; not modified
   */
  public void forward(List<StackState> states, int[] lengths) {
    requireLanes("states", states.size());
    requireLanes("lengths", lengths.length);
    longest = 0;
    for (int lane = 0; lane < lanes; lane++) {
      if (lengths[lane] < 0 || lengths[lane] > steps) {
        throw new IllegalArgumentException(
            "lengths: expected 0 to %d, got %d".formatted(steps, lengths[lane]));
      }
      this.lengths[lane] = lengths[lane];
      longest = Math.max(longest, lengths[lane]);
    }
    int from = 0;
    for (LayerTape tape : tapes) {
      tape.load(states, from);
      for (int t = 0; t < longest; t++) {
        tape.forward(t);
      }
      Arrays.fill(tape.outputs, longest * lanes * tape.hidden, tape.outputs.length, 0);
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
   * Sends the gradients back; uses up the records of {@link #forward}.
   *
   * @param gradients one of {@link LayerParameters#zeros} for each layer; added to
   */
  public void backward(List<LayerParameters> gradients) {
    for (int i = tapes.size() - 1; i >= 0; i--) {
      LayerTape tape = tapes.get(i);
      tape.prepareBackward();
      if (i > 0) {
        tape.prepareInputGradients();
      }
      for (int t = longest - 1; t >= 0; t--) {
        tape.backward(t, gradients.get(i));
        if (i > 0) {
          tape.sendInputGradients(t);
        }
      }
      tape.products.addTo(gradients.get(i));
    }
  }

  /**
   * After {@link #backward}: the sum of squares, over lanes, of the gradient of a layer's state (h,
   * and c for the LSTM) after step {@code step} of the chunk.
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

  /** Records of one layer: gates and states of every step, the first d states being the initial. */
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
    private final Source source;
    private final float[][][] a;
    private final float[][][] r;
    private final float[][][] squashed;
    private final float[][] states;
    private final float[][] stateGradients;
    private final float[] input;
    private final float[][] ownInput;
    private final float[][] ownOld;
    private final float[][] inputGradient;
    private final float[][] oldGradient;
    private final Frame frame;
    private final float[] bias;
    private final RowMatrix inputColumns;
    private final RowMatrix recurrentColumns;
    private final OuterProducts products;

    LayerTape(LayerParameters parameters, int dilation, Chunk chunk, Source source) {
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
      squashed = new float[steps][lanes][parameters.kind().statesPerUnit() > 1 ? hidden : 0];
      states = new float[steps + dilation][lanes * width];
      stateGradients = new float[steps + dilation][lanes * width];
      input = new float[lanes * source.stride];
      ownInput = new float[lanes][source.stride];
      ownOld = new float[lanes][hidden];
      inputGradient = new float[lanes][source.stride];
      oldGradient = new float[lanes][hidden];
      frame = new Frame(hidden);
      bias = new float[gates];
      inputColumns = new RowMatrix(gates, source.stride);
      recurrentColumns = new RowMatrix(gates, hidden);
      products = new OuterProducts(lanes, source.stride, hidden);
    }

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
      RowMatrix.split(input, source.stride, ownInput);
      parameters.inputRows().addProducts(ownInput, a[t]);
      RowMatrix.split(states[t], width, ownOld);
      parameters.recurrentRows().addProducts(ownOld, r[t]);
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

    /** Reads the inputs of a step; those of lanes that have ended are 0, whatever they are. */
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
        float[] dFresh = stateGradients[t + dilation];
        int at = (t * lanes + lane) * hidden;
        Kernel.FASTEST.add(outputGradients, at, dFresh, lane * width, hidden);
        cell.backward(frameOf(t, lane));
      }
      recurrentColumns.setProducts(r[t], oldGradient);
      for (int lane = 0; lane < lanes; lane++) {
        Kernel.FASTEST.add(oldGradient[lane], 0, stateGradients[t], lane * width, hidden);
      }
      if (products.isFull()) {
        products.addTo(gradients);
      }
      readInput(t);
      products.add(input, states[t], width, a[t], r[t]);
    }

    /** What the gradients of a step's gates, left by {@link #backward}, mean for its inputs. */
    void sendInputGradients(int t) {
      int stride = source.stride;
      inputColumns.setProducts(a[t], inputGradient);
      for (int lane = 0; lane < lanes; lane++) {
        System.arraycopy(inputGradient[lane], 0, input, lane * stride, stride);
      }
      source.send(t * lanes * stride, lanes * stride, input);
    }

    private Frame frameOf(int t, int lane) {
      frame.a = a[t][lane];
      frame.tanhCell = squashed[t][lane];
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
   * What is to be multiplied into the gradients of the parameters: of several steps, for they are
   * loaded and stored once for all of these. The order of the sums is that of the steps.
   */
  private static final class OuterProducts {
    /** Lanes of all steps together: so few that their gates' gradients stay near. */
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
      int room = Math.max(1, BLOCK_LANES / lanes) * lanes;
      inputs = new float[inputSize][room];
      hidden = new float[hiddenSize][room];
      a = new float[room][];
      r = new float[room][];
    }

    boolean isFull() {
      return count == a.length;
    }

    /**
     * Takes a step.
     *
     * @param stepInputs [lanes, D]; not modified
     * @param states before the step [lanes, width]; not modified
     * @param stepA gradients of the input's products; not modified before {@link #addTo}
     * @param stepR gradients of the state's products, likewise
     */
    void add(float[] stepInputs, float[] states, int width, float[][] stepA, float[][] stepR) {
      RowMatrix.splitIntoColumns(stepInputs, 0, inputSize, lanes, inputs, count);
      RowMatrix.splitIntoColumns(states, 0, width, lanes, hidden, count);
      System.arraycopy(stepA, 0, a, count, lanes);
      System.arraycopy(stepR, 0, r, count, lanes);
      count += lanes;
    }

    void addTo(LayerParameters gradients) {
      float[][] ofInputs = isFull() ? a : Arrays.copyOf(a, count);
      float[][] ofHidden = isFull() ? r : Arrays.copyOf(r, count);
      gradients.inputRows().addOuterProducts(inputs, ofInputs);
      gradients.recurrentRows().addOuterProducts(hidden, ofHidden);
      RowMatrix.addSum(ofInputs, gradients.inputBiases());
      RowMatrix.addSum(ofHidden, gradients.recurrentBiases());
      count = 0;
    }
  }
}
