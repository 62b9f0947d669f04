package io.eddy.nn;

import io.eddy.nn.kernel.Cell;
import io.eddy.nn.kernel.Frame;
import io.eddy.nn.kernel.Kernel;
import io.eddy.nn.kernel.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A stack of recurrent layers of one cell kind. Each layer reads the hidden state of the layer
 * below: h_t = f(x_t, h_{t−d}) with dilation d.
 *
 * <p>Immutable and thread-safe. A state or workspace is used by one thread.
 */
public final class CellStack {
  private static final int MAX_CYCLE = 1 << 30;

  private final List<Layer> layers;
  private final int stateSize;
  private final int cycle;
  private final CellStack undilated;

  /** A layer and the offset of its ring in the state. */
  private record Layer(LayerParameters parameters, Cell cell, int dilation, int stateFrom) {
    int width() {
      return parameters.kind().statesPerUnit() * parameters.hiddenSize();
    }

    /** Returns the offset of the state that the step at {@code position} reads and writes. */
    int slot(int position) {
      return dilation == 1 ? stateFrom : stateFrom + position % dilation * width();
    }
  }

  /**
   * Creates a stack.
   *
   * @param parameters parameters of the layers, bottom layer first; the input size of a layer
   *     equals the hidden size of the layer below
   * @param dilations d of each layer, at least 1
   * @throws IllegalArgumentException if sizes, kinds or dilations do not match
   */
  public CellStack(List<LayerParameters> parameters, List<Integer> dilations) {
    if (parameters.isEmpty() || parameters.size() != dilations.size()) {
      throw new IllegalArgumentException(
          "layers: expected %d dilations, at least one, got %d"
              .formatted(parameters.size(), dilations.size()));
    }
    layers = new ArrayList<>();
    int from = 0;
    long period = 1;
    for (int i = 0; i < parameters.size(); i++) {
      LayerParameters layer = parameters.get(i);
      int dilation = dilations.get(i);
      if (i > 0 && layer.inputSize() != parameters.get(i - 1).hiddenSize()) {
        throw new IllegalArgumentException(
            "layer %d: expected an input size of %d, got %d"
                .formatted(i, parameters.get(i - 1).hiddenSize(), layer.inputSize()));
      }
      if (layer.kind() != parameters.get(0).kind()) {
        throw new IllegalArgumentException(
            "layer %d: expected %s, got %s"
                .formatted(i, parameters.get(0).kind().id(), layer.kind().id()));
      }
      if (dilation < 1) {
        throw new IllegalArgumentException("dilation: expected at least 1, got " + dilation);
      }
      layers.add(new Layer(layer, Cells.of(layer.kind(), layer.hiddenSize()), dilation, from));
      from = Math.addExact(from, Math.multiplyExact(dilation, layers.get(i).width()));
      period = leastCommonMultiple(period, dilation);
      if (period > MAX_CYCLE) {
        throw new IllegalArgumentException(
            "dilations %s: expected a least common multiple of at most %d, got %d after layer %d"
                .formatted(dilations, MAX_CYCLE, period, i));
      }
    }
    stateSize = from;
    cycle = (int) period;
    undilated =
        dilations.stream().allMatch(dilation -> dilation == 1)
            ? this
            : new CellStack(parameters, Collections.nCopies(parameters.size(), 1));
  }

  /**
   * Returns the name of the kernel in use: {@code plain Java} or, for example, {@code vectors of
   * 16}.
   */
  public static String kernelName() {
    return Kernel.FASTEST.toString();
  }

  /** Returns the kind of all cells. */
  public CellKind kind() {
    return top().parameters.kind();
  }

  /** Returns D of the bottom layer. */
  public int inputSize() {
    return layers.get(0).parameters.inputSize();
  }

  /** Returns H of the top layer. */
  public int outputSize() {
    return top().parameters.hiddenSize();
  }

  /** Returns the number of layers. */
  public int size() {
    return layers.size();
  }

  /** Returns the parameters of layer {@code index}; the bottom layer is 0. */
  public LayerParameters parameters(int index) {
    return layers.get(index).parameters;
  }

  /** Returns d of layer {@code index}. */
  public int dilation(int index) {
    return layers.get(index).dilation;
  }

  /**
   * Returns a stack of the same layers with every dilation set to 1.
   *
   * <p>A step of it equals a step of this stack if the caller places the state of d steps earlier
   * in each layer's single slot. The caller then does not have to hold the other slots in memory.
   */
  public CellStack undilated() {
    return undilated;
  }

  /** Returns the number of values in a state. */
  public int stateSize() {
    return stateSize;
  }

  /** Returns the number of values in one slot of layer {@code index}, of which h is the first H. */
  public int stateWidth(int index) {
    return layers.get(index).width();
  }

  /** Returns the offset of the ring of layer {@code index} in a state. */
  public int stateOffset(int index) {
    return layers.get(index).stateFrom;
  }

  /** Creates a zero state. */
  public StackState newState() {
    return new StackState(stateSize, cycle);
  }

  /**
   * Creates scratch space for one thread. Its steps use the parameters as they are now, even if a
   * trainer modifies them later.
   */
  public Workspace newWorkspace() {
    int hidden = layers.stream().mapToInt(l -> l.parameters.hiddenSize()).max().orElseThrow();
    int inputs = layers.stream().mapToInt(l -> l.parameters.inputSize()).max().orElseThrow();
    LayerProducts[] products =
        layers.stream().map(l -> l.parameters.products()).toArray(LayerProducts[]::new);
    return new Workspace(products, inputs + hidden, hidden, outputSize());
  }

  /**
   * Advances a state by one step. Does not allocate.
   *
   * @param input x [D]; not modified
   * @param state modified
   * @param workspace modified; {@link Workspace#output} is the hidden state of the top layer
   *     afterwards
   */
  public void step(float[] input, StackState state, Workspace workspace) {
    float[] below = input;
    int belowFrom = 0;
    float[] values = state.values();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int slot = layer.slot(state.position());
      Step step = workspace.products[i].step;
      if (step != null) {
        step.apply(below, belowFrom, values, slot, workspace.hidden);
      } else {
        Frame frame = workspace.frame;
        frame.previous = values;
        frame.previousOffset = slot;
        frame.next = values;
        frame.nextOffset = slot;
        frame.a = workspace.a;
        multiply(layer, workspace.products[i], below, belowFrom, workspace);
        layer.cell.activate(frame);
      }
      below = values;
      belowFrom = slot;
    }
    System.arraycopy(below, belowFrom, workspace.output, 0, workspace.output.length);
    state.advance();
  }

  /** Computes the products of a step, and the part of the next state that they read. */
  private static void multiply(
      Layer layer, LayerProducts products, float[] x, int xFrom, Workspace workspace) {
    Frame frame = workspace.frame;
    if (!layer.cell.hasSeparateProducts()) {
      int inputs = layer.parameters.inputSize();
      System.arraycopy(x, xFrom, workspace.inputs, 0, inputs);
      System.arraycopy(
          frame.previous,
          frame.previousOffset,
          workspace.inputs,
          inputs,
          layer.parameters.hiddenSize());
      products.input().apply(workspace.inputs, 0, frame.a);
      return;
    }
    products.input().apply(x, xFrom, frame.a);
    frame.r = workspace.r;
    if (layer.cell.productReadsNextState()) {
      frame.transition = products.transition;
      layer.cell.advanceState(frame);
      products
          .recurrent()
          .apply(frame.next, frame.nextOffset + layer.parameters.hiddenSize(), frame.r);
    } else {
      products.recurrent().apply(frame.previous, frame.previousOffset, frame.r);
    }
  }

  /** Computes y += x over the first n elements. */
  static void add(float[] x, float[] y, int n) {
    for (int j = 0; j < n; j++) {
      y[j] += x[j];
    }
  }

  private Layer top() {
    return layers.get(layers.size() - 1);
  }

  private static long leastCommonMultiple(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return a / x * b;
  }
}
