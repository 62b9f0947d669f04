package io.eddy.nn.kernel;

/**
 * The element-wise part of a step of one cell kind, and its derivative. The caller computes the
 * products a = W_ih x + b_ih and r = W_hh h' + b_hh, where h' is the hidden state d steps earlier.
 *
 * <p>If {@link #productReadsNextState}, the recurrent product follows the state: the caller
 * computes a, calls {@link #advanceState}, computes r = W_hh s + b_hh with the part s of the next
 * state behind h, and calls {@link #activate}. Going back, it calls {@link #backward}, multiplies
 * the gradient of r by W_hhᵀ and calls {@link #backwardState}.
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

  /** Returns whether the recurrent product reads the next state, not the previous hidden state. */
  default boolean productReadsNextState() {
    return false;
  }

  /** Computes the part of the next state behind h from a and the previous state. */
  default void advanceState(Frame frame) {}

  /**
   * Computes the gradients of {@link #advanceState} from the gradient of the next state in {@code
   * dNext} and {@code dRead}. Replaces the rest of {@code a} by its gradient, and adds to {@code
   * dPrevious} and to the gradients of the transition.
   */
  default void backwardState(Frame frame) {}
}
