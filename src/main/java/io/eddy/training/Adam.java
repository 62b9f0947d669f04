package io.eddy.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay, and clipping of the gradient by its global norm.
 *
 * <pre>
 *   m ← β₁m + (1 − β₁)g      v ← β₂v + (1 − β₂)g²
 *   x ← (1 − ηλ)x − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>D. Kingma and J. Ba, Adam, 2015; I. Loshchilov and F. Hutter, Decoupled weight decay
 * regularization, 2019; R. Pascanu et al., On the difficulty of training recurrent neural networks,
 * 2013.
 */
final class Adam {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final List<float[]> parameters;
  private final double[] decays;
  private final List<float[]> means = new ArrayList<>();
  private final List<float[]> squares = new ArrayList<>();
  private double power1 = 1;
  private double power2 = 1;

  /**
   * Creates an optimiser that modifies {@code parameters} in place.
   *
   * @param decays λ of each array
   */
  Adam(List<float[]> parameters, double[] decays) {
    this.parameters = parameters;
    this.decays = decays;
    for (float[] array : parameters) {
      means.add(new float[array.length]);
      squares.add(new float[array.length]);
    }
  }

  /**
   * Scales the gradients to a norm of at most {@code clipNorm}.
   *
   * @param gradients modified
   * @return the norm before clipping
   */
  static double clip(List<float[]> gradients, double clipNorm) {
    double sum = 0;
    for (float[] array : gradients) {
      for (float g : array) {
        sum += (double) g * g;
      }
    }
    double norm = Math.sqrt(sum);
    if (norm > clipNorm) {
      float factor = (float) (clipNorm / norm);
      for (float[] array : gradients) {
        for (int i = 0; i < array.length; i++) {
          array[i] *= factor;
        }
      }
    }
    return norm;
  }

  /**
   * Applies one update.
   *
   * @param gradients arrays of the same shapes as the parameters; not modified
   * @param learningRate η
   */
  void step(List<float[]> gradients, double learningRate) {
    power1 *= BETA1;
    power2 *= BETA2;
    float rate = (float) (learningRate / (1 - power1));
    float correction = (float) (1 / Math.sqrt(1 - power2));
    for (int p = 0; p < parameters.size(); p++) {
      float keep = (float) (1 - learningRate * decays[p]);
      float[] x = parameters.get(p);
      float[] g = gradients.get(p);
      float[] m = means.get(p);
      float[] v = squares.get(p);
      for (int i = 0; i < x.length; i++) {
        m[i] = Math.fma(BETA1, m[i] - g[i], g[i]);
        v[i] = Math.fma(BETA2, v[i] - g[i] * g[i], g[i] * g[i]);
        x[i] = keep * x[i] - rate * m[i] / Math.fma(correction, (float) Math.sqrt(v[i]), EPSILON);
      }
    }
  }

  void write(DataOutputStream sink) throws IOException {
    sink.writeDouble(power1);
    sink.writeDouble(power2);
    Checkpoint.writeArrays(sink, means);
    Checkpoint.writeArrays(sink, squares);
  }

  void read(DataInputStream source) throws IOException {
    power1 = source.readDouble();
    power2 = source.readDouble();
    Checkpoint.readArrays(source, means);
    Checkpoint.readArrays(source, squares);
  }
}
