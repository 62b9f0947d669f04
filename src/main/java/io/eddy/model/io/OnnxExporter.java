package io.eddy.model.io;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.eddy.model.Decoder;
import io.eddy.model.DistributionReadout;
import io.eddy.model.FutureCovariateEncoder;
import io.eddy.model.Head;
import io.eddy.model.HeadKind;
import io.eddy.model.InputEncoder;
import io.eddy.model.LinearDecoder;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.StepsDecoder;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.Linear;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/**
 * One step of a model as an ONNX model, written field by field: the numbers are those of
 * onnx.proto.
 *
 * <pre>
 *   in   input [1, D], as {@link InputEncoder} makes it; h0, h1, … [d, 1, H], and c0, c1, … for the
 *        LSTM: the last d states of each layer, the oldest first, 0 at the begin
 *        covariates [J, C], as {@link FutureCovariateEncoder} has them, where a decoder of steps is given some
 *   out  forecast [J, Q], scaled and ordered as {@link Head} does; h0_next, c0_next, …
 * </pre>
 *
 * <p>ONNX orders the gates i o f c (LSTM) and z r h (GRU), and has both biases in one row. The
 * quantiles o_m + Σ ± s(o_i) are two products: raw outputs by a matrix that repeats the median, and
 * softplus of them by one of 1, 0 and −1; those of a distribution, likewise, by one that repeats
 * the mean and by the standard form's quantiles.
 */
public final class OnnxExporter {
  private static final long IR_VERSION = 8;
  private static final long OPERATOR_SET = 14;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRINGS = 8;

  private final Member net;
  private final CellKind kind;
  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> constants = new ArrayList<>();

  private OnnxExporter(Member net) {
    this.net = net;
    kind = net.specification().network().cell();
  }

  /**
   * The bytes of a ModelProto; the same model gives the same bytes.
   *
   * @param member index of the model's net that is written
   */
  public static byte[] write(Model model, int member) {
    Member net = model.member(member);
    byte[] graph = new OnnxExporter(net).graph();
    return message(
        out -> {
          out.writeInt64(1, IR_VERSION);
          out.writeString(2, "eddy");
          out.writeByteArray(7, graph);
          out.writeByteArray(8, message(set -> set.writeInt64(2, OPERATOR_SET)));
          out.writeByteArray(14, entry("eddy", SpecificationJson.write(net.specification())));
          out.writeByteArray(14, entry("version", model.version().sha()));
          if (model.members().size() > 1) {
            out.writeByteArray(14, entry("member", Integer.toString(member)));
          }
        });
  }

  private byte[] graph() {
    CellStack stack = net.stack();
    integers("sequence_shape", 1, 1, stack.inputSize());
    integers("first", 0);
    integers("second", 1);
    integers("end", Integer.MAX_VALUE);
    node("Reshape", List.of("input", "sequence_shape"), List.of("x0"));
    for (int i = 0; i < stack.size(); i++) {
      layer(i);
    }
    head("x" + stack.size());
    ModelSpecification.Output output = net.specification().output();
    Decoder.Sizes sizes = net.head().decoder().sizes();
    return message(
        out -> {
          writeAll(out, 1, nodes);
          out.writeString(2, "step");
          writeAll(out, 5, constants);
          out.writeByteArray(11, value("input", 1, stack.inputSize()));
          if (sizes.covariates() > 0) {
            out.writeByteArray(11, value("covariates", sizes.horizon(), sizes.covariates()));
          }
          out.writeByteArray(12, value("forecast", output.horizon(), output.valuesPerStep()));
          for (int i = 0; i < stack.size(); i++) {
            int hidden = stack.parameters(i).hiddenSize();
            for (String state : states(i)) {
              out.writeByteArray(11, value(state, stack.dilation(i), 1, hidden));
              out.writeByteArray(12, value(state + "_next", stack.dilation(i), 1, hidden));
            }
          }
        });
  }

  private List<String> states(int layer) {
    return kind == CellKind.LSTM ? List.of("h" + layer, "c" + layer) : List.of("h" + layer);
  }

  private void layer(int i) {
    LayerParameters layer = net.stack().parameters(i);
    int hidden = layer.hiddenSize();
    int rows = kind.gates() * hidden;
    floats("w" + i, ordered(layer.weightIh(), hidden), 1, rows, layer.inputSize());
    floats("r" + i, ordered(layer.weightHh(), hidden), 1, rows, hidden);
    float[] biases = Arrays.copyOf(ordered(layer.biasIh(), hidden), 2 * rows);
    System.arraycopy(ordered(layer.biasHh(), hidden), 0, biases, rows, rows);
    floats("b" + i, biases, 1, biases.length);
    boolean isRing = net.stack().dilation(i) > 1;
    List<String> inputs = new ArrayList<>(List.of("x" + i, "w" + i, "r" + i, "b" + i, ""));
    List<String> outputs = new ArrayList<>(List.of(""));
    for (String state : states(i)) {
      inputs.add(isRing ? state + "_old" : state);
      outputs.add(isRing ? state + "_new" : state + "_next");
      if (isRing) {
        node("Slice", List.of(state, "first", "second", "first"), List.of(state + "_old"));
      }
    }
    node(operator(), inputs, outputs, attributes(hidden));
    for (String state : states(i)) {
      if (isRing) {
        node("Slice", List.of(state, "second", "end", "first"), List.of(state + "_rest"));
        node(
            "Concat",
            List.of(state + "_rest", state + "_new"),
            List.of(state + "_next"),
            attribute("axis", 0));
      }
    }
    node("Identity", List.of(outputs.get(1)), List.of("x" + (i + 1)));
  }

  private String operator() {
    return switch (kind) {
      case RNN_TANH, RNN_RELU -> "RNN";
      case GRU -> "GRU";
      case LSTM -> "LSTM";
    };
  }

  private byte[][] attributes(int hidden) {
    byte[] size = attribute("hidden_size", hidden);
    return switch (kind) {
      case GRU -> new byte[][] {size, attribute("linear_before_reset", 1)};
      case RNN_RELU -> new byte[][] {size, attribute("activations", "Relu")};
      case RNN_TANH, LSTM -> new byte[][] {size};
    };
  }

  private void head(String hidden) {
    ModelSpecification.Output output = net.specification().output();
    integers("hidden_shape", 1, net.stack().outputSize());
    node("Reshape", List.of(hidden, "hidden_shape"), List.of("hidden"));
    if (net.head().decoder() instanceof StepsDecoder steps) {
      decodeSteps(steps);
    } else {
      linear("head", ((LinearDecoder) net.head().decoder()).linear(), "hidden", "outputs");
    }
    integers("raw_shape", output.horizon(), output.rawPerStep());
    switch (output.head()) {
      case POINT -> node("Reshape", List.of("outputs", "raw_shape"), List.of("forecast"));
      case SOFTMAX -> {
        node("Reshape", List.of("outputs", "raw_shape"), List.of("raw"));
        node("Softmax", List.of("raw"), List.of("forecast"), attribute("axis", 1));
      }
      case QUANTILES, GAUSSIAN, STUDENT_T -> spread(output);
    }
  }

  /** Of the raw outputs [J, R] the forecast [J, Q]: o·M + s(o)·N + c. */
  private void spread(ModelSpecification.Output output) {
    int raw = output.rawPerStep();
    int levels = output.valuesPerStep();
    if (output.head() == HeadKind.QUANTILES) {
      int median = output.quantileLevels().indexOf(0.5);
      floats("middles", medians(levels, median), raw, levels);
      floats("distances", increments(levels, median), raw, levels);
      floats("offset", new float[levels], 1, levels);
    } else {
      float[] standard = new DistributionReadout(output).standard();
      float[] offset = new float[levels];
      float[] middles = new float[raw * levels];
      float[] distances = new float[raw * levels];
      for (int k = 0; k < levels; k++) {
        middles[k] = 1;
        distances[levels + k] = standard[k];
        offset[k] = DistributionReadout.MIN_SCALE * standard[k];
      }
      floats("middles", middles, raw, levels);
      floats("distances", distances, raw, levels);
      floats("offset", offset, 1, levels);
    }
    floats("one", new float[] {1}, 1);
    floats("half", new float[] {0.5f}, 1);
    node("Reshape", List.of("outputs", "raw_shape"), List.of("raw"));
    node("Mul", List.of("raw", "raw"), List.of("squares"));
    node("Add", List.of("squares", "one"), List.of("squares_and_one"));
    node("Sqrt", List.of("squares_and_one"), List.of("roots"));
    node("Add", List.of("raw", "roots"), List.of("sums"));
    node("Mul", List.of("sums", "half"), List.of("softplus"));
    node("MatMul", List.of("raw", "middles"), List.of("middle"));
    node("MatMul", List.of("softplus", "distances"), List.of("distance"));
    node("Add", List.of("middle", "distance"), List.of("spread"));
    node("Add", List.of("spread", "offset"), List.of("forecast"));
  }

  /** The decoder of steps: [J, M] units in one piece, then [J, R] outputs. */
  private void decodeSteps(StepsDecoder decoder) {
    Decoder.Sizes sizes = decoder.sizes();
    linear("decoder", decoder.shared(), "hidden", "shared");
    floats("embedding", decoder.embedding().data, sizes.horizon(), sizes.width());
    node("Add", List.of("embedding", "shared"), List.of("steps"));
    String sums = "steps";
    if (sizes.covariates() > 0) {
      floats(
          "covariate_weight",
          CommonOps_FDRM.transpose(decoder.covariateWeight(), null).data,
          sizes.covariates(),
          sizes.width());
      node("MatMul", List.of("covariates", "covariate_weight"), List.of("known"));
      node("Add", List.of("steps", "known"), List.of("informed"));
      sums = "informed";
    }
    node("Relu", List.of(sums), List.of("units"));
    linear("head", decoder.output(), "units", "outputs");
  }

  private void linear(String name, Linear linear, String input, String output) {
    FMatrixRMaj weight = linear.weight();
    floats(
        name + "_weight",
        CommonOps_FDRM.transpose(weight, null).data,
        weight.numCols,
        weight.numRows);
    floats(name + "_bias", linear.bias(), 1, weight.numRows);
    node("MatMul", List.of(input, name + "_weight"), List.of(name + "_products"));
    node("Add", List.of(name + "_products", name + "_bias"), List.of(output));
  }

  /** [Q, Q]: row m is 1. */
  private static float[] medians(int levels, int median) {
    float[] matrix = new float[levels * levels];
    Arrays.fill(matrix, median * levels, (median + 1) * levels, 1f);
    return matrix;
  }

  /** [Q, Q]: what output i adds to quantile k, 1 for m &lt; i ≤ k and −1 for k ≤ i &lt; m. */
  private static float[] increments(int levels, int median) {
    float[] matrix = new float[levels * levels];
    for (int i = 0; i < levels; i++) {
      for (int k = 0; k < levels; k++) {
        if (median < i && i <= k) {
          matrix[i * levels + k] = 1;
        } else if (k <= i && i < median) {
          matrix[i * levels + k] = -1;
        }
      }
    }
    return matrix;
  }

  private float[] ordered(FMatrixRMaj matrix, int hidden) {
    return ordered(matrix.data, hidden * matrix.numCols);
  }

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

  private void node(
      String operator, List<String> inputs, List<String> outputs, byte[]... attributes) {
    nodes.add(
        message(
            out -> {
              for (String input : inputs) {
                out.writeString(1, input);
              }
              for (String output : outputs) {
                out.writeString(2, output);
              }
              out.writeString(4, operator);
              writeAll(out, 5, List.of(attributes));
            }));
  }

  private void integers(String name, long... values) {
    constants.add(
        message(
            out -> {
              out.writeInt64(1, values.length);
              out.writeInt32(2, INT64);
              for (long value : values) {
                out.writeInt64(7, value);
              }
              out.writeString(8, name);
            }));
  }

  private void floats(String name, float[] values, long... dimensions) {
    constants.add(
        message(
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
            }));
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

  /** A ValueInfoProto of float32. */
  private static byte[] value(String name, int... dimensions) {
    byte[] shape =
        message(
            out -> {
              for (int dimension : dimensions) {
                out.writeByteArray(1, message(one -> one.writeInt64(1, dimension)));
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

  private static byte[] entry(String key, String value) {
    return message(
        out -> {
          out.writeString(1, key);
          out.writeString(2, value);
        });
  }

  private static void writeAll(CodedOutputStream out, int field, List<byte[]> messages)
      throws IOException {
    for (byte[] one : messages) {
      out.writeByteArray(field, one);
    }
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
}
