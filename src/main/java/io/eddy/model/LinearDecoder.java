package io.eddy.model;

import io.eddy.nn.Linear;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Linear decoder: o = W h + b for all steps ahead. Raw output j·R + r belongs to step j + 1.
 *
 * <p>Weights are stored transposed, [H, J·R] with one row per hidden unit, so that the product is
 * an axpy over contiguous rows.
 */
public final class LinearDecoder implements Decoder {
  private final Linear linear;
  private final Sizes sizes;

  /** Creates a decoder of a layer [H → J·R]. */
  public LinearDecoder(Linear linear, Sizes sizes) {
    this.linear = linear;
    this.sizes = sizes;
  }

  static LinearDecoder random(Sizes sizes, float bound, RandomGenerator random) {
    return new LinearDecoder(
        Linear.random(sizes.hiddenSize(), sizes.rawSize(), bound, random), sizes);
  }

  /** Returns the layer [H → J·R]. */
  public Linear linear() {
    return linear;
  }

  @Override
  public Sizes sizes() {
    return sizes;
  }

  @Override
  public void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace) {
    linear.apply(hidden, offset, workspace.raw);
  }

  @Override
  public void apply(float[] hidden, Minibatch batch, float[] raw) {
    linear.apply(hidden, raw, hidden.length / sizes.hiddenSize());
  }

  @Override
  public void backward(
      float[] hidden,
      Minibatch batch,
      float[] rawGradients,
      float[] hiddenGradients,
      Decoder gradients) {
    linear.backward(
        hidden,
        rawGradients,
        hiddenGradients,
        ((LinearDecoder) gradients).linear,
        linear.transposed());
  }

  @Override
  public LinearDecoder zeros() {
    return new LinearDecoder(linear.zeros(), sizes);
  }

  @Override
  public List<float[]> arrays() {
    return linear.arrays();
  }

  @Override
  public List<float[]> biases() {
    return List.of(linear.biases());
  }
}
