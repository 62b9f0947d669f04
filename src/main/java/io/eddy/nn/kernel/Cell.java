package io.eddy.nn.kernel;

/**
 * The element-wise part of a step of one cell kind, and its derivative. The caller computes the
 * products a = W_ih x + b_ih and r = W_hh h' + b_hh, where h' is the hidden state d steps earlier.
 */
public interface Cell {
  /**
   * Computes the next state. Replaces {@code a} by the activated gates.
   *
   * @param frame the lane; {@code next} may be the same range as {@code previous}
   */
  void activate(Frame frame);

  /**
   * Computes the gradients of a step from the gradient of the next state in {@code dNext}. Replaces
   * {@code a} and {@code r} by their gradients, and adds to {@code dPrevious} the gradient that
   * does not flow through r.
   */
  void backward(Frame frame);

  /** Returns whether a and r are needed separately. If false, a holds their sum and r is unused. */
  boolean hasSeparateProducts();
}
