package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The value expected at a step, from what was known before it.
 *
 * @param value median
 * @param low lower end of the interval that contains the value in 90 % of the steps, or of the
 *     widest interval of a forecast
 * @param high upper end
 */
public record Expectation(double value, double low, double high) {
  static final int BYTES = 3 * Double.BYTES;

  void put(ByteBuffer bytes) {
    bytes.putDouble(value).putDouble(low).putDouble(high);
  }

  static Expectation get(ByteBuffer bytes) {
    return new Expectation(bytes.getDouble(), bytes.getDouble(), bytes.getDouble());
  }

  /** Returns the distance of a value from the median in half widths of the interval, signed. */
  double distance(double actual) {
    double halfWidth = (high - low) / 2;
    return halfWidth > 0 ? (actual - value) / halfWidth : 0;
  }

  boolean contains(double actual) {
    return actual >= low && actual <= high;
  }
}
