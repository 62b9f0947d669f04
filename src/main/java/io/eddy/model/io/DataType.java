package io.eddy.model.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The floating-point types of safetensors that can be converted to float32. */
enum DataType {
  F32(4),
  F16(2),
  BF16(2),
  F64(8);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the type of this name; null if there is none. */
  static @Nullable DataType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Returns the size of a value. */
  int bytes() {
    return bytes;
  }

  /** Reads values as float32. Float64 is rounded to the nearest, the other types are exact. */
  float[] read(ByteBuffer data) {
    float[] values = new float[data.remaining() / bytes];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (this) {
            case F32 -> data.getFloat();
            case F16 -> fromHalf(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            case F64 -> (float) data.getDouble();
          };
    }
    return values;
  }

  /** Converts an IEEE 754 binary16 number: 1 bit sign, 5 bits exponent, 10 bits fraction. */
  private static float fromHalf(short half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float size =
        exponent == 0x1f
            ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
            : exponent == 0
                ? fraction * 0x1p-24f
                : Math.scalb((float) (0x400 | fraction), exponent - 25);
    return half < 0 ? -size : size;
  }
}
