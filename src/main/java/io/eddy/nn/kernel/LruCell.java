package io.eddy.nn.kernel;

/**
 * Linear recurrent unit: a diagonal state-space layer, whose state is a vector of H complex numbers
 * that do not mix, followed by a gated linear unit (A. Orvieto et al., Resurrecting recurrent
 * neural networks for long sequences, 2023; J. Smith et al., Simplified state space layers for
 * sequence modeling, 2023; Y. Dauphin et al., Language modeling with gated convolutional networks,
 * 2017).
 *
 * <pre>
 *   s = λ∘s' + γ∘(B x + b_B)         complex, with λ and γ of {@link DiagonalTransition}
 *   v = C_v s + D_v x + b_v          real: the product with the real and imaginary parts of s
 *   g = C_g s + D_g x + b_g
 *   h = v∘σ(g)
 * </pre>
 *
 * <p>The input products are stored in the order Re B x, Im B x, D_v x, D_g x; the recurrent
 * products, which read the next state, in the order C_v s, C_g s. The state is h, Re s, Im s.
 */
final class LruCell implements Cell {
  private final int hiddenSize;

  LruCell(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return true;
  }

  @Override
  public boolean productReadsNextState() {
    return true;
  }

  @Override
  public void advanceState(Frame frame) {
    advanceState(frame, 0);
  }

  /** Computes s of the units from {@code first} on. */
  void advanceState(Frame frame, int first) {
    int size = hiddenSize;
    float[] real = frame.transition.real;
    float[] imaginary = frame.transition.imaginary;
    float[] gain = frame.transition.gain;
    for (int j = first; j < size; j++) {
      int input = frame.gateOffset + j;
      int previous = frame.previousOffset + size + j;
      int next = frame.nextOffset + size + j;
      float x = frame.previous[previous];
      float y = frame.previous[previous + size];
      float byReal = Math.fma(real[j], x, gain[j] * frame.a[input]);
      float byImaginary = Math.fma(real[j], y, gain[j] * frame.a[input + size]);
      frame.next[next] = Math.fma(-imaginary[j], y, byReal);
      frame.next[next + size] = Math.fma(imaginary[j], x, byImaginary);
    }
  }

  @Override
  public void activate(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int value = frame.gateOffset + 2 * size;
    for (int j = 0; j < 2 * size; j++) {
      a[value + j] += frame.r[frame.gateOffset + j];
    }
    ActivationFunctions.logistic(a, value + size, value + 2 * size);
    for (int j = 0; j < size; j++) {
      frame.next[frame.nextOffset + j] = a[value + j] * a[value + size + j];
    }
  }

  @Override
  public void backward(Frame frame) {
    backward(frame, 0);
  }

  /** Computes the gradients of v and g of the units from {@code first} on. */
  void backward(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    for (int j = first; j < size; j++) {
      int value = frame.gateOffset + 2 * size + j;
      int recurrent = frame.gateOffset + j;
      float d = frame.dNext[frame.nextOffset + j];
      float gate = a[value + size];
      float dValue = d * gate;
      float dGate = d * a[value] * gate * (1 - gate);
      a[value] = dValue;
      a[value + size] = dGate;
      frame.r[recurrent] = dValue;
      frame.r[recurrent + size] = dGate;
    }
  }

  @Override
  public void backwardState(Frame frame) {
    backwardState(frame, 0);
  }

  /** Computes the gradients of s', B x, λ and γ of the units from {@code first} on. */
  void backwardState(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    DiagonalTransition transition = frame.transition;
    for (int j = first; j < size; j++) {
      int input = frame.gateOffset + j;
      int previous = frame.previousOffset + size + j;
      int next = frame.nextOffset + size + j;
      float real = transition.real[j];
      float imaginary = transition.imaginary[j];
      float dx = frame.dNext[next] + frame.dRead[j];
      float dy = frame.dNext[next + size] + frame.dRead[size + j];
      float x = frame.previous[previous];
      float y = frame.previous[previous + size];
      frame.dPrevious[previous] += Math.fma(imaginary, dy, real * dx);
      frame.dPrevious[previous + size] += Math.fma(-imaginary, dx, real * dy);
      transition.dReal[j] += Math.fma(dx, x, dy * y);
      transition.dImaginary[j] += Math.fma(dy, x, -dx * y);
      transition.dGain[j] += Math.fma(dx, a[input], dy * a[input + size]);
      a[input] = transition.gain[j] * dx;
      a[input + size] = transition.gain[j] * dy;
    }
  }
}
