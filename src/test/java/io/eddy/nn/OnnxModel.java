package io.eddy.nn;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;

/**
 * A stack of layers as an ONNX model, written field by field with the field numbers of onnx.proto.
 *
 * <p>Inputs are X [T, B, D] and the states h0, h1, … (and c0, c1, … for the LSTM) [1, B, H].
 * Outputs are Y [T, 1, B, H] and the next states. ONNX orders the gates i o f c (LSTM) and z r h
 * (GRU), and stores both biases in one row.
 */
final class OnnxModel {
  static final String INPUT = "X";
  static final String OUTPUT = "Y";

  private static final long IR_VERSION = 8;
  private static final long OPERATOR_SET = 14;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRINGS = 8;
  private static final String AXES = "axes";

  private final CellKind kind;
  private final List<LayerParameters> layers;

  private OnnxModel(CellKind kind, List<LayerParameters> layers) {
    this.kind = kind;
    this.layers = layers;
  }

  /** Returns the bytes of a ModelProto. */
  static byte[] of(CellKind kind, List<LayerParameters> layers) {
    OnnxModel model = new OnnxModel(kind, layers);
    return message(
        out -> {
          out.writeInt64(1, IR_VERSION);
          out.writeByteArray(7, message(model::writeGraph));
          out.writeByteArray(8, message(set -> set.writeInt64(2, OPERATOR_SET)));
        });
  }

  /** Returns the name of the output that holds the state after the last step. */
  static String next(String state) {
    return state + "_next";
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void writeGraph(CodedOutputStream out) throws IOException {
    String below = INPUT;
    for (int i = 0; i < layers.size(); i++) {
      boolean isTop = i == layers.size() - 1;
      String outputs = isTop ? OUTPUT : "Y" + i;
      out.writeByteArray(1, node(i, below, outputs));
      if (!isTop) {
        below = "X" + (i + 1);
        out.writeByteArray(1, squeeze(outputs, below));
      }
    }
    out.writeString(2, "stack");
    for (int i = 0; i < layers.size(); i++) {
      writeParameters(out, i);
    }
    if (layers.size() > 1) {
      out.writeByteArray(5, axes());
    }
    out.writeByteArray(11, value(INPUT, "T", "B", layers.get(0).inputSize()));
    out.writeByteArray(12, value(OUTPUT, "T", "1", "B", layers.get(0).hiddenSize()));
    for (String state : states()) {
      out.writeByteArray(11, value(state, "1", "B", layers.get(0).hiddenSize()));
      out.writeByteArray(12, value(next(state), "1", "B", layers.get(0).hiddenSize()));
    }
  }

  private List<String> states() {
    List<String> states = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      states.add("h" + i);
      if (kind == CellKind.LSTM) {
        states.add("c" + i);
      }
    }
    return states;
  }

  private byte[] node(int layer, String below, String outputs) {
    return message(
        out -> {
          for (String input : List.of(below, "W" + layer, "R" + layer, "B" + layer, "")) {
            out.writeString(1, input);
          }
          out.writeString(1, "h" + layer);
          if (kind == CellKind.LSTM) {
            out.writeString(1, "c" + layer);
          }
          out.writeString(2, outputs);
          out.writeString(2, next("h" + layer));
          if (kind == CellKind.LSTM) {
            out.writeString(2, next("c" + layer));
          }
          out.writeString(4, operator());
          out.writeByteArray(5, attribute("hidden_size", layers.get(layer).hiddenSize()));
          if (kind == CellKind.GRU) {
            out.writeByteArray(5, attribute("linear_before_reset", 1));
          } else if (kind == CellKind.RNN_RELU) {
            out.writeByteArray(5, attribute("activations", "Relu"));
          }
        });
  }

  private String operator() {
    return switch (kind) {
      case RNN_TANH, RNN_RELU -> "RNN";
      case GRU -> "GRU";
      case LSTM -> "LSTM";
    };
  }

  /** Removes the axis of directions: [T, 1, B, H] to [T, B, H]. */
  private static byte[] squeeze(String from, String to) {
    return message(
        out -> {
          out.writeString(1, from);
          out.writeString(1, AXES);
          out.writeString(2, to);
          out.writeString(4, "Squeeze");
        });
  }

  private static byte[] attribute(String name, long value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeInt64(3, value);
          out.writeInt32(20, ATTRIBUTE_INT);
        });
  }

  private static byte[] attribute(String name, String value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeString(9, value);
          out.writeInt32(20, ATTRIBUTE_STRINGS);
        });
  }

  private void writeParameters(CodedOutputStream out, int index) throws IOException {
    LayerParameters layer = layers.get(index);
    int hidden = layer.hiddenSize();
    float[] biases = join(ordered(layer.biasIh(), hidden), ordered(layer.biasHh(), hidden));
    out.writeByteArray(5, weights("W" + index, layer.weightIh(), hidden));
    out.writeByteArray(5, weights("R" + index, layer.weightHh(), hidden));
    out.writeByteArray(5, tensor("B" + index, biases, 1, biases.length));
  }

  private byte[] weights(String name, FMatrixRMaj matrix, int hidden) {
    float[] values = ordered(matrix.data, hidden * matrix.numCols);
    return tensor(name, values, 1, matrix.numRows, matrix.numCols);
  }

  /** Reorders blocks of {@code size} values, one per gate, to ONNX's order. */
  private float[] ordered(float[] values, int size) {
    int[] order =
        switch (kind) {
          case RNN_TANH, RNN_RELU -> new int[] {0};
          case GRU -> new int[] {1, 0, 2};
          case LSTM -> new int[] {0, 3, 1, 2};
        };
    float[] ordered = new float[values.length];
    for (int k = 0; k < order.length; k++) {
      System.arraycopy(values, order[k] * size, ordered, k * size, size);
    }
    return ordered;
  }

  private static float[] join(float[] first, float[] second) {
    float[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] axes() {
    return message(
        out -> {
          out.writeInt64(1, 1);
          out.writeInt32(2, INT64);
          out.writeInt64(7, 1);
          out.writeString(8, AXES);
        });
  }

  private static byte[] tensor(String name, float[] values, long... dimensions) {
    return message(
        out -> {
          for (long dimension : dimensions) {
            out.writeInt64(1, dimension);
          }
          out.writeInt32(2, FLOAT);
          out.writeTag(4, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          out.writeUInt32NoTag(Float.BYTES * values.length);
          for (float value : values) {
            out.writeFloatNoTag(value);
          }
          out.writeString(8, name);
        });
  }

  /**
   * Returns a ValueInfoProto of float32. A dimension is a number or the name of a variable
   * dimension.
   */
  private static byte[] value(String name, Object... dimensions) {
    byte[] shape =
        message(
            out -> {
              for (Object dimension : dimensions) {
                out.writeByteArray(1, dimension(dimension.toString()));
              }
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              out.writeByteArray(2, shape);
            });
    byte[] type = message(out -> out.writeByteArray(1, tensor));
    return message(
        out -> {
          out.writeString(1, name);
          out.writeByteArray(2, type);
        });
  }

  private static byte[] dimension(String dimension) {
    return message(
        out -> {
          if (Character.isDigit(dimension.charAt(0))) {
            out.writeInt64(1, Long.parseLong(dimension));
          } else {
            out.writeString(2, dimension);
          }
        });
  }
}
