package io.eddy.forecast.anomaly;

/**
 * The exponentially weighted mean of a sequence, which begins as a plain mean.
 *
 * <p>mₙ = mₙ₋₁ + max(α, 1/n)·(xₙ − mₙ₋₁).
 */
final class SlowMean {
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
}
