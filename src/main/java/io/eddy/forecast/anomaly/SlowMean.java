package io.eddy.forecast.anomaly;

/**
 * The exponentially weighted mean of a sequence, which begins as a plain mean.
 *
 * <p>mₙ = mₙ₋₁ + max(α, 1/n)·(xₙ − mₙ₋₁). The caller keeps mₙ: means of the same steps share n.
 */
final class SlowMean {
  private SlowMean() {}

  /**
   * Returns the mean after another value.
   *
   * @param smoothing α
   * @param share 1/n, with n the number of values including this one
   */
  static double next(double mean, double value, double smoothing, double share) {
    return mean + Math.max(smoothing, share) * (value - mean);
  }
}
