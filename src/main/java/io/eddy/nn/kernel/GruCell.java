package io.eddy.nn.kernel;

/**
 * The gated recurrent unit, with the reset gate after the recurrent product as in PyTorch and
 * cuDNN: r, z = σ(a + r) of the products, n = tanh(a_n + r∘r_n), h = n + z∘(h' − n). K. Cho et al.,
 * Learning phrase representations using RNN encoder–decoder, 2014. Gates in the order r z n.
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
  public void activate(Frame at) {
    int size = hiddenSize;
    float[] a = at.a;
    float[] r = at.r;
    int reset = at.gateOffset;
    int candidate = reset + 2 * size;
    for (int j = reset; j < candidate; j++) {
      a[j] = ActivationFunctions.logistic(a[j] + r[j]);
    }
    for (int j = 0; j < size; j++) {
      a[candidate + j] = Math.fma(a[reset + j], r[candidate + j], a[candidate + j]);
    }
    ActivationFunctions.tanh(a, candidate, candidate + size);
    int update = reset + size;
    for (int j = 0; j < size; j++) {
      float n = a[candidate + j];
      at.next[at.nextOffset + j] =
          Math.fma(a[update + j], at.previous[at.previousOffset + j] - n, n);
    }
  }

  @Override
  public void backward(Frame at) {
    backward(at, 0);
  }

  /** The units from {@code first} on. */
  void backward(Frame at, int first) {
    int size = hiddenSize;
    float[] a = at.a;
    float[] r = at.r;
    for (int j = first; j < size; j++) {
      int reset = at.gateOffset + j;
      int update = reset + size;
      int candidate = update + size;
      float d = at.dNext[at.nextOffset + j];
      float n = a[candidate];
      float z = a[update];
      float gate = a[reset];
      at.dPrevious[at.previousOffset + j] += d * z;
      float dCandidate = d * (1 - z) * Math.fma(-n, n, 1f);
      float dReset = dCandidate * r[candidate] * gate * (1 - gate);
      float dUpdate = d * (at.previous[at.previousOffset + j] - n) * z * (1 - z);
      a[reset] = dReset;
      a[update] = dUpdate;
      a[candidate] = dCandidate;
      r[reset] = dReset;
      r[update] = dUpdate;
      r[candidate] = dCandidate * gate;
    }
  }
}
