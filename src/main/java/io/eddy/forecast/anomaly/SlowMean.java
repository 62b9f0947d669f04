package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The exponentially weighted mean of a sequence, which begins as a plain mean.
 *
 * <p>mₙ = mₙ₋₁ + max(α, 1/n)·(xₙ − mₙ₋₁).
 */
final class SlowMean {
  static final int BYTES = Double.BYTES + Integer.BYTES;

  private final double smoothing;
  private double mean;
  private long count;

  SlowMean(double smoothing) {
    this.smoothing = smoothing;
  }

  void add(double value) {
    count++;
    mean += Math.max(smoothing, 1.0 / count) * (value - mean);
  }

  double mean() {
    return mean;
  }

  long count() {
    return count;
  }

  void put(ByteBuffer bytes) {
    bytes.putDouble(mean).putInt((int) Math.min(count, Integer.MAX_VALUE));
  }

  void get(ByteBuffer bytes) {
    mean = bytes.getDouble();
    count = bytes.getInt();
  }
}
