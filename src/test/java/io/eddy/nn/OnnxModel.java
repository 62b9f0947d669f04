package io.eddy.nn;

import com.google.protobuf.ByteString;
import io.eddy.model.onnx.AttributeProto;
import io.eddy.model.onnx.GraphProto;
import io.eddy.model.onnx.ModelProto;
import io.eddy.model.onnx.NodeProto;
import io.eddy.model.onnx.OperatorSetIdProto;
import io.eddy.model.onnx.TensorProto;
import io.eddy.model.onnx.TensorShapeProto;
import io.eddy.model.onnx.TypeProto;
import io.eddy.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.ejml.data.FMatrixRMaj;

/**
 * A stack of layers as an ONNX model over whole sequences.
 *
 * <p>Inputs are X [T, B, D] and the states h0, h1, … (and c0, c1, … for the LSTM) [1, B, H];
 * outputs are Y [T, 1, B, H] and the next states. ONNX orders the gates i o f c (LSTM) and z r h
 * (GRU), and has both biases in one row.
 */
final class OnnxModel {
  /** The cells that are operators of ONNX. */
  static final Set<CellKind> OPERATORS =
      EnumSet.of(CellKind.RNN_TANH, CellKind.RNN_RELU, CellKind.GRU, CellKind.LSTM);

  static final String INPUT = "X";
  static final String OUTPUT = "Y";

  private static final long IR_VERSION = 8;
  private static final long OPERATOR_SET = 14;
  private static final String AXES = "axes";

  private final CellKind kind;
  private final List<LayerParameters> layers;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("stack");

  private OnnxModel(CellKind kind, List<LayerParameters> layers) {
    this.kind = kind;
    this.layers = layers;
  }

  /** Returns the bytes of a ModelProto. */
  static byte[] of(CellKind kind, List<LayerParameters> layers) {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setGraph(new OnnxModel(kind, layers).graph())
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .build()
        .toByteArray();
  }

  /** Returns the name of the output that holds the state after the last step. */
  static String next(String state) {
    return state + "_next";
  }

  private GraphProto graph() {
    int hidden = layers.get(0).hiddenSize();
    graph.addInput(value(INPUT, "T", "B", layers.get(0).inputSize()));
    graph.addOutput(value(OUTPUT, "T", 1, "B", hidden));
    String input = INPUT;
    for (int i = 0; i < layers.size(); i++) {
      boolean isTop = i == layers.size() - 1;
      String output = isTop ? OUTPUT : "Y" + i;
      addLayer(i, input, output);
      addParameters(i);
      for (String state : states(i)) {
        graph.addInput(value(state, 1, "B", hidden));
        graph.addOutput(value(next(state), 1, "B", hidden));
      }
      if (!isTop) {
        String nextInput = "X" + (i + 1);
        addSqueeze(output, nextInput);
        input = nextInput;
      }
    }
    if (layers.size() > 1) {
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(AXES)
              .setDataType(TensorProto.DataType.INT64_VALUE)
              .addDims(1)
              .addInt64Data(1));
    }
    return graph.build();
  }

  private List<String> states(int layer) {
    return kind == CellKind.LSTM ? List.of("h" + layer, "c" + layer) : List.of("h" + layer);
  }

  private void addLayer(int layer, String input, String output) {
    List<String> outputs = new ArrayList<>(List.of(output));
    states(layer).forEach(state -> outputs.add(next(state)));
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator())
            .addAllInput(List.of(input, "W" + layer, "R" + layer, "B" + layer, ""))
            .addAllInput(states(layer))
            .addAllOutput(outputs)
            .addAttribute(attribute("hidden_size", layers.get(layer).hiddenSize()));
    if (kind == CellKind.GRU) {
      node.addAttribute(attribute("linear_before_reset", 1));
    } else if (kind == CellKind.RNN_RELU) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName("activations")
              .setType(AttributeProto.AttributeType.STRINGS)
              .addStrings(ByteString.copyFromUtf8("Relu")));
    }
    graph.addNode(node);
  }

  private String operator() {
    return switch (kind) {
      case RNN_TANH, RNN_RELU -> "RNN";
      case GRU -> "GRU";
      case LSTM -> "LSTM";
      default -> throw new IllegalArgumentException(kind.id());
    };
  }

  private static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** Removes the axis of directions: [T, 1, B, H] to [T, B, H]. */
  private void addSqueeze(String input, String output) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Squeeze")
            .addInput(input)
            .addInput(AXES)
            .addOutput(output));
  }

  private void addParameters(int index) {
    LayerParameters layer = layers.get(index);
    int hidden = layer.hiddenSize();
    float[] biases = join(reordered(layer.biasIh(), hidden), reordered(layer.biasHh(), hidden));
    addWeights("W" + index, layer.weightIh(), hidden);
    addWeights("R" + index, layer.weightHh(), hidden);
    addTensor("B" + index, biases, 1, biases.length);
  }

  private void addWeights(String name, FMatrixRMaj matrix, int hidden) {
    float[] values = reordered(matrix.data, hidden * matrix.numCols);
    addTensor(name, values, 1, matrix.numRows, matrix.numCols);
  }

  /** Returns blocks of {@code size} numbers, one per gate, in ONNX's order of the gates. */
  private float[] reordered(float[] values, int size) {
    int[] order =
        switch (kind) {
          case RNN_TANH, RNN_RELU -> new int[] {0};
          case GRU -> new int[] {1, 0, 2};
          case LSTM -> new int[] {0, 3, 1, 2};
          default -> throw new IllegalArgumentException(kind.id());
        };
    float[] reordered = new float[values.length];
    for (int k = 0; k < order.length; k++) {
      System.arraycopy(values, order[k] * size, reordered, k * size, size);
    }
    return reordered;
  }

  private static float[] join(float[] first, float[] second) {
    float[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private void addTensor(String name, float[] values, int... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int dimension : dimensions) {
      tensor.addDims(dimension);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    graph.addInitializer(tensor);
  }

  /** Returns a float32 value; a dimension is a number, or the name of a dynamic one. */
  private static ValueInfoProto value(String name, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof Integer size) {
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
      } else {
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension.toString()));
      }
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT_VALUE)
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
