package io.eddy.model.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes safetensors independently of {@link Safetensors}. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  /** Returns a file of a header and its data. */
  static byte[] of(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  /** Returns a file with the values in another type, the last tensor of the header first. */
  static byte[] of(Map<String, Tensor> tensors, DataType type) {
    int size = tensors.values().stream().mapToInt(tensor -> tensor.values().length).sum();
    ByteBuffer data = ByteBuffer.allocate(size * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder header = new StringBuilder("{");
    int end = data.capacity();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      int from = end - tensor.values().length * type.bytes();
      data.position(from);
      for (float value : tensor.values()) {
        put(data, value, type);
      }
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"%s\":{\"dtype\":\"%s\",".formatted(entry.getKey(), type))
          .append("\"shape\":%s,".formatted(Arrays.toString(tensor.shape())))
          .append("\"data_offsets\":[%d,%d]}".formatted(from, end));
      end = from;
    }
    return of(header.append("}").toString(), data.array());
  }

  private static void put(ByteBuffer data, float value, DataType type) {
    switch (type) {
      case F32 -> data.putFloat(value);
      case BF16 -> data.putShort((short) (Float.floatToRawIntBits(value) >> 16));
      case F16 -> data.putShort(half(value));
      case F64 -> data.putDouble(value + 1e-9);
    }
  }

  /** Truncates a number between 2^-14 and 65504 in size, or returns 0. */
  private static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = (bits >> 23 & 0xff) - 127;
    return exponent < -14
        ? 0
        : (short) (((bits >> 16) & 0x8000) | ((exponent + 15) << 10) | ((bits >> 13) & 0x3ff));
  }
}
