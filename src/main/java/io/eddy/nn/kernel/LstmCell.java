package io.eddy.nn.kernel;

/**
 * Long short-term memory with a forget gate (S. Hochreiter and J. Schmidhuber, Long short-term
 * memory, 1997; F. Gers et al., Learning to forget, 2000).
 *
 * <pre>
 *   i, f, o = σ(a)      g = tanh(a)
 *   c = f∘c' + i∘g
 *   h = o∘tanh(c)
 * </pre>
 *
 * <p>a are the summed products. Gates are stored in the order i f g o; the state is h, then c.
 */
final class LstmCell implements Cell {
  private final int hiddenSize;

  LstmCell(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return false;
  }

  @Override
  public void activate(Frame frame) {
    int i = frame.gateOffset;
    ActivationFunctions.logistic(frame.a, i, i + 2 * hiddenSize);
    ActivationFunctions.tanh(frame.a, i + 2 * hiddenSize, i + 3 * hiddenSize);
    ActivationFunctions.logistic(frame.a, i + 3 * hiddenSize, i + 4 * hiddenSize);
    update(frame, 0);
  }

  /** Computes c, tanh(c) and h of the units from {@code first} on. */
  void update(Frame frame, int first) {
    int size = hiddenSize;
    float[] a = frame.a;
    float[] next = frame.next;
    int previousCell = frame.previousOffset + size;
    int nextCell = frame.nextOffset + size;
    for (int j = first; j < size; j++) {
      int i = frame.gateOffset + j;
      float product = a[i] * a[i + 2 * size];
      next[nextCell + j] = Math.fma(a[i + size], frame.previous[previousCell + j], product);
    }
    float[] tanhCell = frame.saved;
    System.arraycopy(next, nextCell + first, tanhCell, first, size - first);
    ActivationFunctions.tanh(tanhCell, first, size);
    int output = frame.gateOffset + 3 * size;
    for (int j = first; j < size; j++) {
      next[frame.nextOffset + j] = a[output + j] * tanhCell[j];
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
    for (int j = first; j < size; j++) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int g = f + size;
      int o = g + size;
      float tanhCell = frame.saved[j];
      float dHidden = frame.dNext[frame.nextOffset + j];
      float dCell =
          Math.fma(
              dHidden * a[o],
              Math.fma(-tanhCell, tanhCell, 1f),
              frame.dNext[frame.nextOffset + size + j]);
      frame.dPrevious[frame.previousOffset + size + j] += dCell * a[f];
      float input = a[i];
      a[i] = dCell * a[g] * input * (1 - input);
      a[f] = dCell * frame.previous[frame.previousOffset + size + j] * a[f] * (1 - a[f]);
      a[g] = dCell * input * Math.fma(-a[g], a[g], 1f);
      a[o] = dHidden * tanhCell * a[o] * (1 - a[o]);
    }
  }
}
