package io.eddy.model.io;

import static io.eddy.model.io.OnnxGraphBuilder.attribute;

import io.eddy.model.onnx.AttributeProto;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/**
 * Adds one step of the recurrent layers to a graph: from x0 [1, 1, D] to xL [1, 1, H] for L layers.
 *
 * <pre>
 *   in   h0, h1, … [d, 1, H]: the last d states of each layer, oldest first, initially 0;
 *        c0, c1, … for the LSTM; c0, n0, m0, c1, … for the sLSTM;
 *        re0, im0, re1, … instead of h0, h1, … for the LRU
 *   out  h0_next, c0_next, …
 * </pre>
 *
 * <p>RNN, GRU and LSTM are operators of ONNX, which orders the gates i o f c (LSTM) and z r h (GRU)
 * and has both biases in one row. The other cells are built of element-wise operators.
 */
final class OnnxLayers {
  /** Subtracted from the logarithm of the past's weight at the first step of an sLSTM. */
  private static final float NO_PAST = 0x1p100f;

  private final OnnxGraphBuilder graph;
  private final CellStack stack;
  private final CellKind kind;

  OnnxLayers(OnnxGraphBuilder graph, CellStack stack) {
    this.graph = graph;
    this.stack = stack;
    kind = stack.kind();
  }

  void add() {
    addConstants();
    for (int i = 0; i < stack.size(); i++) {
      readStates(i);
      switch (kind) {
        case RNN_TANH, RNN_RELU, GRU, LSTM -> addOperator(i);
        case SLSTM -> addSlstm(i);
        case LRU -> addLru(i);
      }
      writeStates(i);
      if (kind != CellKind.LRU) {
        graph.node("Identity", List.of(next("h", i)), "x" + (i + 1));
      }
    }
  }

  private void addConstants() {
    boolean hasRings = false;
    for (int i = 0; i < stack.size(); i++) {
      hasRings |= stack.dilation(i) > 1;
    }
    if (hasRings) {
      graph.integers("first", 0);
      graph.integers("second", 1);
      graph.integers("end", Integer.MAX_VALUE);
    }
    if (kind == CellKind.SLSTM) {
      graph.floats("unit", new float[] {1}, 1);
      graph.floats("no_past", new float[] {NO_PAST}, 1);
    }
  }

  private List<String> states() {
    return switch (kind) {
      case RNN_TANH, RNN_RELU, GRU -> List.of("h");
      case LSTM -> List.of("h", "c");
      case SLSTM -> List.of("h", "c", "n", "m");
      case LRU -> List.of("re", "im");
    };
  }

  /** Adds the inputs of a layer's states, and takes the oldest of a ring. */
  private void readStates(int layer) {
    for (String state : states()) {
      String name = state + layer;
      graph.input(name, stack.dilation(layer), 1, stack.parameters(layer).hiddenSize());
      if (isRing(layer)) {
        graph.node("Slice", List.of(name, "first", "second", "first"), previous(state, layer));
      }
    }
  }

  /** Adds the outputs of a layer's states, and appends the newest to a ring. */
  private void writeStates(int layer) {
    for (String state : states()) {
      String name = state + layer;
      graph.output(name + "_next", stack.dilation(layer), 1, stack.parameters(layer).hiddenSize());
      if (isRing(layer)) {
        graph.node("Slice", List.of(name, "second", "end", "first"), name + "_rest");
        graph.node(
            "Concat",
            List.of(name + "_rest", next(state, layer)),
            List.of(name + "_next"),
            attribute("axis", 0));
      }
    }
  }

  private boolean isRing(int layer) {
    return stack.dilation(layer) > 1;
  }

  /** Returns the name of the state d steps earlier [1, 1, H]. */
  private String previous(String state, int layer) {
    return state + layer + (isRing(layer) ? "_old" : "");
  }

  /** Returns the name of the state after the step [1, 1, H]. */
  private String next(String state, int layer) {
    return state + layer + (isRing(layer) ? "_new" : "_next");
  }

  private void addOperator(int i) {
    LayerParameters layer = stack.parameters(i);
    int hidden = layer.hiddenSize();
    int rows = kind.gates() * hidden;
    graph.floats("w" + i, reordered(layer.weightIh(), hidden), 1, rows, layer.inputSize());
    graph.floats("r" + i, reordered(layer.weightHh(), hidden), 1, rows, hidden);
    float[] biases = Arrays.copyOf(reordered(layer.biasIh(), hidden), 2 * rows);
    System.arraycopy(reordered(layer.biasHh(), hidden), 0, biases, rows, rows);
    graph.floats("b" + i, biases, 1, biases.length);
    List<String> inputs = new ArrayList<>(List.of("x" + i, "w" + i, "r" + i, "b" + i, ""));
    List<String> outputs = new ArrayList<>(List.of(""));
    for (String state : states()) {
      inputs.add(previous(state, i));
      outputs.add(next(state, i));
    }
    graph.node(operator(), inputs, outputs, attributes(hidden));
  }

  private String operator() {
    return switch (kind) {
      case RNN_TANH, RNN_RELU -> "RNN";
      case GRU -> "GRU";
      case LSTM -> "LSTM";
      case SLSTM, LRU -> throw new IllegalStateException("no operator");
    };
  }

  private AttributeProto[] attributes(int hidden) {
    AttributeProto size = attribute("hidden_size", hidden);
    return switch (kind) {
      case GRU -> new AttributeProto[] {size, attribute("linear_before_reset", 1)};
      case RNN_RELU -> new AttributeProto[] {size, attribute("activations", "Relu")};
      default -> new AttributeProto[] {size};
    };
  }

  /** Adds {@link CellKind#SLSTM}; the gates of layer 0 are i_0, f_0, z_0 and o_0. */
  private void addSlstm(int layer) {
    String k = "_" + layer;
    addProducts(layer);
    graph.node("Neg", List.of("f" + k), "f_neg" + k);
    graph.node("Softplus", List.of("f_neg" + k), "f_softplus" + k);
    graph.node("Sub", List.of(previous("m", layer), "f_softplus" + k), "old" + k);
    graph.node("Min", List.of(previous("n", layer), "unit"), "past" + k);
    graph.node("Sub", List.of("past" + k, "unit"), "past_or_minus" + k);
    graph.node("Mul", List.of("past_or_minus" + k, "no_past"), "past_log" + k);
    graph.node("Add", List.of("old" + k, "past_log" + k), "old_log" + k);
    graph.node("Max", List.of("old_log" + k, "i" + k), next("m", layer));
    addDifference("i" + k, layer);
    addDifference("old_log" + k, layer);
    graph.node("Tanh", List.of("z" + k), "z_tanh" + k);
    graph.node("Sigmoid", List.of("o" + k), "o_gate" + k);
    graph.node("Mul", List.of("i" + k + "_exp", "z_tanh" + k), "update" + k);
    graph.node("Mul", List.of("old_log" + k + "_exp", previous("c", layer)), "kept" + k);
    graph.node("Add", List.of("kept" + k, "update" + k), next("c", layer));
    graph.node("Mul", List.of("old_log" + k + "_exp", previous("n", layer)), "weight" + k);
    graph.node("Add", List.of("weight" + k, "i" + k + "_exp"), next("n", layer));
    graph.node("Div", List.of(next("c", layer), next("n", layer)), "mean" + k);
    graph.node("Mul", List.of("o_gate" + k, "mean" + k), next("h", layer));
  }

  /** Adds NAME_exp = exp(NAME − m). */
  private void addDifference(String name, int layer) {
    graph.node("Sub", List.of(name, next("m", layer)), name + "_stable");
    graph.node("Exp", List.of(name + "_stable"), name + "_exp");
  }

  /** Adds {@link CellKind#LRU}. */
  private void addLru(int layer) {
    LayerParameters parameters = stack.parameters(layer);
    List<float[]> transition = parameters.transition();
    String k = "_" + layer;
    addMatrix("w" + layer, parameters.weightIh());
    addMatrix("r" + layer, parameters.weightHh());
    graph.floats("bw" + layer, parameters.biasIh(), parameters.biasIh().length);
    graph.floats("br" + layer, parameters.biasHh(), parameters.biasHh().length);
    graph.floats("real" + k, transition.get(0), parameters.hiddenSize());
    graph.floats("imaginary" + k, transition.get(1), parameters.hiddenSize());
    graph.floats("gain" + k, transition.get(2), parameters.hiddenSize());
    graph.node("MatMul", List.of("x" + layer, "w" + layer), "input_products" + k);
    graph.node("Add", List.of("input_products" + k, "bw" + layer), "input_sums" + k);
    graph.node(
        "Split",
        List.of("input_sums" + k),
        List.of("b_re" + k, "b_im" + k, "d_value" + k, "d_gate" + k),
        attribute("axis", 2));
    addStateOfLru("re", layer);
    addStateOfLru("im", layer);
    graph.node(
        "Concat",
        List.of(next("re", layer), next("im", layer)),
        List.of("s" + k),
        attribute("axis", 2));
    graph.node("MatMul", List.of("s" + k, "r" + layer), "recurrent_products" + k);
    graph.node("Add", List.of("recurrent_products" + k, "br" + layer), "recurrent_sums" + k);
    graph.node(
        "Split",
        List.of("recurrent_sums" + k),
        List.of("c_value" + k, "c_gate" + k),
        attribute("axis", 2));
    graph.node("Add", List.of("d_value" + k, "c_value" + k), "value" + k);
    graph.node("Add", List.of("d_gate" + k, "c_gate" + k), "gate_sum" + k);
    graph.node("Sigmoid", List.of("gate_sum" + k), "gate" + k);
    graph.node("Mul", List.of("value" + k, "gate" + k), "x" + (layer + 1));
  }

  /** Adds the real or the imaginary part of s = λ∘s' + γ∘b. */
  private void addStateOfLru(String part, int layer) {
    String k = "_" + part + "_" + layer;
    boolean isReal = part.equals("re");
    graph.node("Mul", List.of("real_" + layer, previous(part, layer)), "kept" + k);
    graph.node(
        "Mul", List.of("imaginary_" + layer, previous(isReal ? "im" : "re", layer)), "turned" + k);
    graph.node("Mul", List.of("gain_" + layer, "b_" + part + "_" + layer), "added" + k);
    graph.node(isReal ? "Sub" : "Add", List.of("kept" + k, "turned" + k), "rotated" + k);
    graph.node("Add", List.of("rotated" + k, "added" + k), next(part, layer));
  }

  /** Adds the sums of all products of a layer, split into the gates [1, 1, H]. */
  private void addProducts(int i) {
    LayerParameters layer = stack.parameters(i);
    String k = "_" + i;
    addMatrix("w" + i, layer.weightIh());
    addMatrix("r" + i, layer.weightHh());
    float[] bias = layer.biasIh();
    float[] recurrent = layer.biasHh();
    for (int j = 0; j < bias.length; j++) {
      bias[j] += recurrent[j];
    }
    graph.floats("b" + i, bias, bias.length);
    graph.node("MatMul", List.of("x" + i, "w" + i), "input_products" + k);
    graph.node("MatMul", List.of(previous("h", i), "r" + i), "recurrent_products" + k);
    graph.node("Add", List.of("input_products" + k, "b" + i), "input_sums" + k);
    graph.node("Add", List.of("input_sums" + k, "recurrent_products" + k), "sums" + k);
    graph.node(
        "Split",
        List.of("sums" + k),
        List.of("i" + k, "f" + k, "z" + k, "o" + k),
        attribute("axis", 2));
  }

  private void addMatrix(String name, FMatrixRMaj weights) {
    graph.floats(
        name, CommonOps_FDRM.transpose(weights, null).data, weights.numCols, weights.numRows);
  }

  private float[] reordered(FMatrixRMaj matrix, int hidden) {
    return reordered(matrix.data, hidden * matrix.numCols);
  }

  /** Returns blocks of {@code size} numbers, one per gate, in ONNX's order of the gates. */
  private float[] reordered(float[] values, int size) {
    int[] order =
        switch (kind) {
          case GRU -> new int[] {1, 0, 2};
          case LSTM -> new int[] {0, 3, 1, 2};
          default -> new int[] {0};
        };
    float[] reordered = new float[values.length];
    for (int k = 0; k < order.length; k++) {
      System.arraycopy(values, order[k] * size, reordered, k * size, size);
    }
    return reordered;
  }
}
