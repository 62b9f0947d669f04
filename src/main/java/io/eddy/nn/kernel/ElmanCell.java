package io.eddy.nn.kernel;

/**
 * Elman's cell: h = g(W_ih x + b_ih + W_hh h' + b_hh), g = tanh or max(0, ·). J. L. Elman, Finding
 * structure in time, 1990.
 */
public final class ElmanCell implements Cell {
  private final int hiddenSize;
  private final boolean isTanh;

  public ElmanCell(int hiddenSize, boolean isTanh) {
    this.hiddenSize = hiddenSize;
    this.isTanh = isTanh;
  }

  @Override
  public boolean hasSeparateProducts() {
    return false;
  }

  @Override
  public void activate(Frame at) {
    if (isTanh) {
      Kernel.FASTEST.tanh(at.a, at.gateOffset, at.gateOffset + hiddenSize);
    } else {
      ActivationFunctions.rectify(at.a, at.gateOffset, at.gateOffset + hiddenSize);
    }
    System.arraycopy(at.a, at.gateOffset, at.next, at.nextOffset, hiddenSize);
  }

  @Override
  public void backward(Frame at) {
    for (int j = 0; j < hiddenSize; j++) {
      float h = at.a[at.gateOffset + j];
      float derivative = isTanh ? Math.fma(-h, h, 1f) : h > 0 ? 1f : 0f;
      at.a[at.gateOffset + j] = at.dNext[at.nextOffset + j] * derivative;
    }
  }
}
