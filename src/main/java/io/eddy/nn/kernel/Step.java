package io.eddy.nn.kernel;

/**
 * A step of one layer for one series, with products and cell in one pass over the weights.
 *
 * <p>An instance holds a copy of the weights, in the layout that the kernel reads fastest.
 * Immutable and thread-safe.
 */
public interface Step {
  /**
   * Advances a state.
   *
   * @param x [D], starting at {@code xFrom}; not modified
   * @param state h, then the rest of the state [width], starting at {@code slot}; modified
   * @param hidden scratch space [H] at least, another array than the others; modified
   */
  void apply(float[] x, int xFrom, float[] state, int slot, float[] hidden);
}
