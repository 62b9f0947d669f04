package io.eddy.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Writes an ONNX model of one LSTM operator with random weights: inputs X [T, B, D] and the states
 * h and c [1, B, H], outputs the next h and c. The field numbers are those of onnx.proto.
 */
final class OnnxLstm {
  static final String INPUT = "X";
  static final String HIDDEN = "h";
  static final String CELL = "c";

  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 14;
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int GATES = 4;

  private OnnxLstm() {}

  /** Returns the bytes of a ModelProto. */
  static byte[] bytes(int input, int hidden, Random random) {
    int rows = GATES * hidden;
    Message node = new Message();
    for (String name : List.of(INPUT, "W", "R", "B", "", HIDDEN, CELL)) {
      node.add(1, name);
    }
    for (String name : List.of("", "h_next", "c_next")) {
      node.add(2, name);
    }
    node.add(4, "LSTM");
    node.add(5, new Message().add(1, "hidden_size").add(3, hidden).add(20, ATTRIBUTE_INT));
    Message graph = new Message().add(1, node).add(2, "lstm");
    graph.add(5, weights("W", random, 1, rows, input));
    graph.add(5, weights("R", random, 1, rows, hidden));
    graph.add(5, weights("B", random, 1, 2 * rows));
    graph.add(11, value(INPUT, input));
    for (String state : List.of(HIDDEN, CELL)) {
      graph.add(11, value(state, hidden));
      graph.add(12, value(state + "_next", hidden));
    }
    return new Message()
        .add(1, IR_VERSION)
        .add(7, graph)
        .add(8, new Message().add(2, OPERATOR_SET))
        .bytes();
  }

  private static Message weights(String name, Random random, int... dimensions) {
    Message tensor = new Message();
    int size = 1;
    for (int dimension : dimensions) {
      tensor.add(1, dimension);
      size *= dimension;
    }
    tensor.add(2, FLOAT);
    float[] values = new float[size];
    CellBenchmark.fill(values, random);
    float bound = (float) (1 / Math.sqrt(dimensions[1] / (double) GATES));
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value * bound);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        raw.write(bits >> shift);
      }
    }
    return tensor.add(8, name).add(9, raw.toByteArray());
  }

  /** Returns a ValueInfoProto of float32 [?, ?, size]. */
  private static Message value(String name, int size) {
    Message shape = new Message();
    shape.add(1, new Message().add(2, "outer_" + name)).add(1, new Message().add(2, "lanes"));
    shape.add(1, new Message().add(1, size));
    Message type = new Message().add(1, new Message().add(1, FLOAT).add(2, shape));
    return new Message().add(1, name).add(2, type);
  }

  /** Builds a protobuf message. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message add(int field, long value) {
      varint(((long) field << 3) | VARINT);
      varint(value);
      return this;
    }

    Message add(int field, byte[] value) {
      varint(((long) field << 3) | LENGTH_DELIMITED);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message add(int field, String value) {
      return add(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message add(int field, Message value) {
      return add(field, value.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      for (; rest > 0x7F; rest >>>= 7) {
        out.write((int) ((rest & 0x7F) | 0x80));
      }
      out.write((int) rest);
    }
  }
}
