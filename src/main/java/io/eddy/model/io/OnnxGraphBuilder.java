package io.eddy.model.io;

import com.google.protobuf.ByteString;
import io.eddy.model.onnx.AttributeProto;
import io.eddy.model.onnx.GraphProto;
import io.eddy.model.onnx.NodeProto;
import io.eddy.model.onnx.TensorProto;
import io.eddy.model.onnx.TensorShapeProto;
import io.eddy.model.onnx.TypeProto;
import io.eddy.model.onnx.ValueInfoProto;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/** Builds an ONNX graph of operators and constants. Used by one thread. */
final class OnnxGraphBuilder {
  private final GraphProto.Builder graph;

  OnnxGraphBuilder(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  GraphProto build() {
    return graph.build();
  }

  /** Adds a float32 input of the graph. */
  void input(String name, int... dimensions) {
    graph.addInput(value(name, dimensions));
  }

  /** Adds a float32 output of the graph. */
  void output(String name, int... dimensions) {
    graph.addOutput(value(name, dimensions));
  }

  void node(
      String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds an operator of one output without attributes. */
  void node(String operator, List<String> inputs, String output) {
    node(operator, inputs, List.of(output));
  }

  /**
   * Adds output = input · Wᵀ + b.
   *
   * @param weight W [out, in]
   * @param bias b [out]
   */
  void linear(String name, FMatrixRMaj weight, float[] bias, String input, String output) {
    floats(
        name + "_weight",
        CommonOps_FDRM.transpose(weight, null).data,
        weight.numCols,
        weight.numRows);
    floats(name + "_bias", bias, 1, weight.numRows);
    node("MatMul", List.of(input, name + "_weight"), name + "_products");
    node("Add", List.of(name + "_products", name + "_bias"), output);
  }

  /** Adds a constant vector of int64. */
  void integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
  }

  /** Adds a constant tensor of float32, row-major. */
  void floats(String name, float[] values, int... dimensions) {
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

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRINGS)
        .addStrings(ByteString.copyFromUtf8(value))
        .build();
  }

  private static ValueInfoProto value(String name, int... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dimension : dimensions) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
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
