package io.eddy.nn.kernel;

/**
 * Elman cell: h = g(W_ih x + b_ih + W_hh h' + b_hh) with g = tanh or max(0, ·) (J. L. Elman,
 * Finding structure in time, 1990).
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
  public void activate(Frame frame) {
    if (isTanh) {
      Kernel.FASTEST.tanh(frame.a, frame.gateOffset, frame.gateOffset + hiddenSize);
    } else {
      ActivationFunctions.rectify(frame.a, frame.gateOffset, frame.gateOffset + hiddenSize);
    }
    System.arraycopy(frame.a, frame.gateOffset, frame.next, frame.nextOffset, hiddenSize);
  }

  @Override
  public void backward(Frame frame) {
    for (int j = 0; j < hiddenSize; j++) {
      float h = frame.a[frame.gateOffset + j];
      float derivative = isTanh ? Math.fma(-h, h, 1f) : h > 0 ? 1f : 0f;
      frame.a[frame.gateOffset + j] = frame.dNext[frame.nextOffset + j] * derivative;
    }
  }
}
