package io.eddy.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Exponential moving average of the weights over updates, with bias correction: a_t = (1 − β) Σ
 * β^{t−i} x_i / (1 − βᵗ) over i = 1 … t, β = 2^(−1/halfLife) (D. Kingma and J. Ba, Adam, 2015,
 * section 7.2; after B. Polyak and A. Juditsky, Acceleration of stochastic approximation by
 * averaging, 1992).
 *
 * <p>Computed in the equivalent form a_t = a_{t−1} + (1 − β)/(1 − βᵗ) · (x_t − a_{t−1}).
 */
final class WeightAverage {
  private final List<float[]> weights;
  private final List<float[]> average;
  private final double beta;
  private double power = 1;

  /** Creates an average of {@code weights}, which are not modified. */
  WeightAverage(List<float[]> weights, double halfLifeUpdates) {
    this.weights = weights;
    average = weights.stream().map(float[]::clone).toList();
    beta = StrictMath.pow(2, -1 / halfLifeUpdates);
  }

  /** Adds the weights after an update. */
  void update() {
    power *= beta;
    float share = (float) ((1 - beta) / (1 - power));
    for (int p = 0; p < weights.size(); p++) {
      float[] x = weights.get(p);
      float[] a = average.get(p);
      for (int i = 0; i < a.length; i++) {
        a[i] = Math.fma(share, x[i] - a[i], a[i]);
      }
    }
  }

  /**
   * Returns the average, or the initial weights before the first update. Not a copy; must not be
   * modified.
   */
  List<float[]> arrays() {
    return average;
  }

  void write(DataOutputStream sink) throws IOException {
    sink.writeDouble(power);
    Checkpoint.writeArrays(sink, average);
  }

  void read(DataInputStream source) throws IOException {
    power = source.readDouble();
    Checkpoint.readArrays(source, average);
  }
}
