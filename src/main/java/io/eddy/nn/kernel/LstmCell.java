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
    int size = hiddenSize;
    float[] a = frame.a;
    int i = frame.gateOffset;
    int f = i + size;
    int g = f + size;
    int o = g + size;
    ActivationFunctions.logistic(a, i, g);
    ActivationFunctions.tanh(a, g, o);
    ActivationFunctions.logistic(a, o, o + size);
    float[] previous = frame.previous;
    float[] next = frame.next;
    int previousCell = frame.previousOffset + size;
    int nextCell = frame.nextOffset + size;
    for (int j = 0; j < size; j++) {
      next[nextCell + j] = Math.fma(a[f + j], previous[previousCell + j], a[i + j] * a[g + j]);
    }
    float[] tanhCell = frame.saved;
    System.arraycopy(next, nextCell, tanhCell, 0, size);
    ActivationFunctions.tanh(tanhCell, 0, size);
    int hidden = frame.nextOffset;
    for (int j = 0; j < size; j++) {
      next[hidden + j] = a[o + j] * tanhCell[j];
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
