package io.eddy.nn.kernel;

/**
 * Gated recurrent unit with the reset gate applied after the recurrent product, as in PyTorch and
 * cuDNN (K. Cho et al., Learning phrase representations using RNN encoder–decoder, 2014).
 *
 * <pre>
 *   r = σ(a_r + r_r)      z = σ(a_z + r_z)
 *   n = tanh(a_n + r∘r_n)
 *   h = n + z∘(h' − n)
 * </pre>
 *
 * <p>a are the input products, r_· the recurrent products. Gates are stored in the order r z n.
 */
final class GruCell implements Cell {
  private final int hiddenSize;

  GruCell(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return true;
  }

  @Override
  public void activate(Frame frame) {
    activateGates(frame);
    update(frame, 0);
  }

  private void activateGates(Frame frame) {
    float[] a = frame.a;
    float[] r = frame.r;
    int end = frame.gateOffset + 2 * hiddenSize;
    for (int j = frame.gateOffset; j < end; j++) {
      a[j] = ActivationFunctions.logistic(a[j] + r[j]);
    }
  }

  /** Computes n and h of the units from {@code first} on. */
  void update(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    int reset = frame.gateOffset;
    int update = reset + size;
    int candidate = update + size;
    for (int j = first; j < size; j++) {
      a[candidate + j] = Math.fma(a[reset + j], frame.r[candidate + j], a[candidate + j]);
    }
    ActivationFunctions.tanh(a, candidate + first, candidate + size);
    for (int j = first; j < size; j++) {
      float n = a[candidate + j];
      float difference = frame.previous[frame.previousOffset + j] - n;
      frame.next[frame.nextOffset + j] = Math.fma(a[update + j], difference, n);
    }
  }

  @Override
  public void backward(Frame frame) {
    backward(frame, 0);
  }

  /** Computes the gradients of the units from {@code first} on. */
  void backward(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    float[] r = frame.r;
    for (int j = first; j < size; j++) {
      int reset = frame.gateOffset + j;
      int update = reset + size;
      int candidate = update + size;
      float d = frame.dNext[frame.nextOffset + j];
      float n = a[candidate];
      float z = a[update];
      float gate = a[reset];
      frame.dPrevious[frame.previousOffset + j] += d * z;
      float dCandidate = d * (1 - z) * Math.fma(-n, n, 1f);
      float dReset = dCandidate * r[candidate] * gate * (1 - gate);
      float dUpdate = d * (frame.previous[frame.previousOffset + j] - n) * z * (1 - z);
      a[reset] = dReset;
      a[update] = dUpdate;
      a[candidate] = dCandidate;
      r[reset] = dReset;
      r[update] = dUpdate;
      r[candidate] = dCandidate * gate;
    }
  }
}
