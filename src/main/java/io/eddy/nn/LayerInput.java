package io.eddy.nn;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The input of a layer [T, B, stride] and its gradient. With dropout, each element is multiplied by
 * its factor, which is 0 or 1/(1 − rate).
 */
final class LayerInput {
  final int stride;

  private final float[] values;
  private final float[] gradients;
  private float @Nullable [] factors;

  LayerInput(float[] values, float[] gradients, int stride) {
    this.values = values;
    this.gradients = gradients;
    this.stride = stride;
  }

  void drawDropout(float rate, RandomGenerator random) {
    float[] drawn = factors == null ? new float[values.length] : factors;
    float scale = 1 / (1 - rate);
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextFloat() < rate ? 0 : scale;
    }
    factors = drawn;
  }

  void disableDropout() {
    factors = null;
  }

  /** Copies n values, starting at {@code from}. */
  void read(int from, int n, float[] into) {
    System.arraycopy(values, from, into, 0, n);
    scale(from, n, into);
  }

  /**
   * Stores the gradients of n values, starting at {@code from}, and scales {@code gradient} in
   * place.
   */
  void storeGradients(int from, int n, float[] gradient) {
    scale(from, n, gradient);
    System.arraycopy(gradient, 0, gradients, from, n);
  }

  private void scale(int from, int n, float[] x) {
    if (factors != null) {
      for (int i = 0; i < n; i++) {
        x[i] *= factors[from + i];
      }
    }
  }
}
