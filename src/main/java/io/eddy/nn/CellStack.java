package io.eddy.nn;

import io.eddy.nn.kernel.Cell;
import io.eddy.nn.kernel.Frame;
import io.eddy.nn.kernel.Kernel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Layers of one kind of cell, each fed by the hidden state of the one below: h_t = f(x_t, h_{t−d}).
 * Immutable and shared; states and workspaces belong to one thread.
 */
public final class CellStack {
  private static final int MAX_CYCLE = 1 << 30;

  private final List<Layer> layers;
  private final int stateSize;
  private final int cycle;
  private final CellStack undilated;

  /** A layer in its place: where its ring begins in the state. */
  private record Layer(LayerParameters parameters, Cell cell, int dilation, int stateFrom) {
    int width() {
      return parameters.kind().statesPerUnit() * parameters.hiddenSize();
    }
  }

  /**
   * A stack.
   *
   * @param parameters of the layers, from the bottom; each takes what the one below gives
   * @param dilations d of each layer, at least 1
   */
  public CellStack(List<LayerParameters> parameters, List<Integer> dilations) {
    if (parameters.isEmpty() || parameters.size() != dilations.size()) {
      throw new IllegalArgumentException(
          "layers: expected %d dilations, at least one, got %d"
              .formatted(parameters.size(), dilations.size()));
    }
    layers = new ArrayList<>();
    int from = 0;
    long repeat = 1;
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
      repeat = leastCommonMultiple(repeat, dilation);
      if (repeat > MAX_CYCLE) {
        throw new IllegalArgumentException(
            "dilations %s: expected a least common multiple of at most %d, got %d after layer %d"
                .formatted(dilations, MAX_CYCLE, repeat, i));
      }
    }
    stateSize = from;
    cycle = (int) repeat;
    undilated =
        dilations.stream().allMatch(dilation -> dilation == 1)
            ? this
            : new CellStack(parameters, Collections.nCopies(parameters.size(), 1));
  }

  /** What works out the sums on this machine: {@code plain Java}, or {@code vectors of 16}. */
  public static String kernelName() {
    return Kernel.FASTEST.toString();
  }

  /** D of the bottom layer. */
  public int inputSize() {
    return layers.get(0).parameters.inputSize();
  }

  /** H of the top layer. */
  public int outputSize() {
    return top().parameters.hiddenSize();
  }

  public int size() {
    return layers.size();
  }

  /** Parameters of layer {@code index}, from the bottom. */
  public LayerParameters parameters(int index) {
    return layers.get(index).parameters;
  }

  /** d of layer {@code index}. */
  public int dilation(int index) {
    return layers.get(index).dilation;
  }

  /**
   * The same layers, each of dilation 1. A step of it is one of this stack for who puts each
   * layer's state of d steps before in its place, and so need not have the others at hand.
   */
  public CellStack undilated() {
    return undilated;
  }

  /** Numbers in a state. */
  public int stateSize() {
    return stateSize;
  }

  /** Numbers in the state of layer {@code index} after one step: h and, for the LSTM, c. */
  public int stateWidth(int index) {
    return layers.get(index).width();
  }

  /** Where the ring of layer {@code index} begins in a state. */
  public int stateOffset(int index) {
    return layers.get(index).stateFrom;
  }

  /** Steps after which the rings together stand as before: the least common multiple of every d. */
  public int cycle() {
    return cycle;
  }

  /** A zero state. */
  public StackState newState() {
    return new StackState(stateSize, cycle);
  }

  /** Scratch space for one thread. */
  public Workspace newWorkspace() {
    int hidden = layers.stream().mapToInt(l -> l.parameters.hiddenSize()).max().orElseThrow();
    return new Workspace(top().parameters.kind().gates() * hidden, hidden, outputSize());
  }

  /**
   * One step. Allocates nothing.
   *
   * @param input x [D]; not modified
   * @param state modified
   * @param workspace modified; holds the top layer's hidden state afterwards
   */
  public void step(float[] input, StackState state, Workspace workspace) {
    float[] below = input;
    int belowFrom = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int slot = layer.stateFrom + state.position() % layer.dilation * layer.width();
      stepLayer(layer, below, belowFrom, state.values(), slot, workspace);
      below = state.values();
      belowFrom = slot;
    }
    System.arraycopy(below, belowFrom, workspace.output, 0, workspace.output.length);
    state.advance(1);
  }

  private static void stepLayer(
      Layer layer, float[] x, int xFrom, float[] state, int slot, Workspace workspace) {
    LayerParameters p = layer.parameters;
    int n = p.kind().gates() * p.hiddenSize();
    float[] a = workspace.a;
    float[] r = a;
    System.arraycopy(p.inputBiases(), 0, a, 0, n);
    if (layer.cell.hasSeparateProducts()) {
      r = workspace.r;
      System.arraycopy(p.recurrentBiases(), 0, r, 0, n);
    } else {
      add(p.recurrentBiases(), a, n);
    }
    p.inputRows().addProduct(x, xFrom, a);
    p.recurrentRows().addProduct(state, slot, r);
    Frame frame = workspace.frame;
    frame.a = a;
    frame.r = r;
    frame.gateOffset = 0;
    frame.previous = state;
    frame.previousOffset = slot;
    frame.next = state;
    frame.nextOffset = slot;
    layer.cell.activate(frame);
  }

  /** y += x over the first n elements. */
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
