package io.eddy.nn.kernel;

/**
 * One kind of cell: the elementwise part of a step, and its derivative. The products are made
 * before: a = W_ih x + b_ih and r = W_hh h' + b_hh, where h' is the hidden state d steps earlier.
 */
public interface Cell {
  /**
   * Makes the new state. {@code a} becomes the activated gates.
   *
   * @param at the lane; {@code fresh} may be the same place as {@code old}
   */
  void activate(Frame at);

  /**
   * Given the gradient of the new state in {@code dFresh}, turns {@code a} and {@code r} into their
   * own gradients and adds to {@code dOld} what reaches the old state other than through r.
   */
  void backward(Frame at);

  /** Whether a and r are needed apart; otherwise a holds the sum of both and r is unused. */
  boolean hasSeparateProducts();
}
