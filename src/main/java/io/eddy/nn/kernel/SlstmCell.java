package io.eddy.nn.kernel;

/**
 * Scalar long short-term memory with exponential gates (M. Beck et al., xLSTM: Extended long
 * short-term memory, 2024), with one head, whose recurrent matrix is full.
 *
 * <pre>
 *   z = tanh(a_z)      o = σ(a_o)      log f = log σ(a_f)
 *   m = max(log f + m', a_i)           m = a_i at the first step, where n' = 0
 *   i = exp(a_i − m)   f = exp(log f + m' − m)
 *   c = f∘c' + i∘z     n = f∘n' + i
 *   h = o∘c/n
 * </pre>
 *
 * <p>a are the summed products. Gates are stored in the order i f z o; the state is h, c, n, m.
 *
 * <p>c/n is the mean of z over the past, weighted by the exponentials of the input gates and the
 * products of the forget gates since. m is the logarithm of the largest weight, so that no
 * exponential overflows and n ≥ 1 after the first step. c, n and m represent the same mean for any
 * m. The gradient through m is therefore 0, and the gradients below hold m constant.
 */
final class SlstmCell implements Cell {
  /**
   * Subtracted from log f + m' while n' = 0. It exceeds every input gate, so the first step takes
   * the maximum from the input gate.
   */
  static final float NO_PAST = 0x1p100f;

  private final int hiddenSize;

  SlstmCell(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return false;
  }

  @Override
  public void activate(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int i = frame.gateOffset;
    int f = i + size;
    int z = f + size;
    int o = z + size;
    System.arraycopy(a, f, frame.saved, 0, size);
    for (int j = f; j < z; j++) {
      a[j] = ActivationFunctions.exp(-Math.abs(a[j]));
    }
    stabilise(frame, 0);
    ActivationFunctions.exp(frame.scratch, 0, a, i, 2 * size);
    ActivationFunctions.tanh(a, z, o);
    ActivationFunctions.logistic(a, o, o + size);
    update(frame, 0);
  }

  /**
   * Computes m from a_i and exp(−|a_f|), and the logarithms of i and f in {@code scratch}, for the
   * units from {@code first} on.
   */
  void stabilise(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    for (int j = first; j < size; j++) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int previous = frame.previousOffset + 2 * size + j;
      float logForget = Math.min(0f, frame.saved[j]) - ActivationFunctions.log1p(a[f]);
      float hasPast = Math.min(1f, frame.previous[previous]) - 1f;
      float old = Math.fma(NO_PAST, hasPast, logForget + frame.previous[previous + size]);
      float m = Math.max(old, a[i]);
      frame.scratch[j] = a[i] - m;
      frame.scratch[size + j] = old - m;
      frame.next[frame.nextOffset + 3 * size + j] = m;
    }
  }

  /** Computes c, n and h of the units from {@code first} on. */
  void update(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    float[] previous = frame.previous;
    float[] next = frame.next;
    for (int j = first; j < size; j++) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int z = f + size;
      int o = z + size;
      int cell = size + j;
      int norm = cell + size;
      float c = Math.fma(a[f], previous[frame.previousOffset + cell], a[i] * a[z]);
      float n = Math.fma(a[f], previous[frame.previousOffset + norm], a[i]);
      next[frame.nextOffset + cell] = c;
      next[frame.nextOffset + norm] = n;
      next[frame.nextOffset + j] = a[o] * (c / n);
    }
  }

  @Override
  public void backward(Frame frame) {
    for (int j = 0; j < hiddenSize; j++) {
      frame.saved[j] = ActivationFunctions.logistic(-frame.saved[j]);
    }
    backward(frame, 0);
  }

  /** Computes the gradients of the units from {@code first} on; {@code saved} holds σ(−a_f). */
  void backward(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    for (int j = first; j < size; j++) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int z = f + size;
      int o = z + size;
      int nextCell = frame.nextOffset + size + j;
      int nextNorm = nextCell + size;
      int previousCell = frame.previousOffset + size + j;
      int previousNorm = previousCell + size;
      float inverse = 1f / frame.next[nextNorm];
      float mean = frame.next[nextCell] / frame.next[nextNorm];
      float dHidden = frame.dNext[frame.nextOffset + j];
      float dMean = dHidden * a[o] * inverse;
      float dCell = frame.dNext[nextCell] + dMean;
      float dNorm = Math.fma(-dMean, mean, frame.dNext[nextNorm]);
      frame.dPrevious[previousCell] += dCell * a[f];
      frame.dPrevious[previousNorm] += dNorm * a[f];
      float dForget =
          Math.fma(dCell, frame.previous[previousCell], dNorm * frame.previous[previousNorm]);
      float input = a[i];
      a[i] = input * Math.fma(dCell, a[z], dNorm);
      a[f] = dForget * a[f] * frame.saved[j];
      a[z] = dCell * input * Math.fma(-a[z], a[z], 1f);
      a[o] = dHidden * mean * a[o] * (1 - a[o]);
    }
  }
}
