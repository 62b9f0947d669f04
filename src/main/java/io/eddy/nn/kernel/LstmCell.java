package io.eddy.nn.kernel;

/**
 * The LSTM with forget gate: i, f, o = σ(·), g = tanh(·) of the products; c = f∘c' + i∘g; h =
 * o∘tanh(c). S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997; F. Gers et al.,
 * Learning to forget, 2000. Gates in the order i f g o; the state is h, then c.
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
  public void activate(Frame at) {
    int size = hiddenSize;
    float[] a = at.a;
    int i = at.gateOffset;
    int f = i + size;
    int g = f + size;
    int o = g + size;
    ActivationFunctions.logistic(a, i, g);
    ActivationFunctions.tanh(a, g, o);
    ActivationFunctions.logistic(a, o, o + size);
    float[] old = at.previous;
    float[] fresh = at.next;
    int oldCell = at.previousOffset + size;
    int cell = at.nextOffset + size;
    for (int j = 0; j < size; j++) {
      fresh[cell + j] = Math.fma(a[f + j], old[oldCell + j], a[i + j] * a[g + j]);
    }
    float[] squashed = at.tanhCell;
    System.arraycopy(fresh, cell, squashed, 0, size);
    ActivationFunctions.tanh(squashed, 0, size);
    int hidden = at.nextOffset;
    for (int j = 0; j < size; j++) {
      fresh[hidden + j] = a[o + j] * squashed[j];
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
    for (int j = first; j < size; j++) {
      int i = at.gateOffset + j;
      int f = i + size;
      int g = f + size;
      int o = g + size;
      float squashed = at.tanhCell[j];
      float dHidden = at.dNext[at.nextOffset + j];
      float dCell =
          Math.fma(
              dHidden * a[o],
              Math.fma(-squashed, squashed, 1f),
              at.dNext[at.nextOffset + size + j]);
      at.dPrevious[at.previousOffset + size + j] += dCell * a[f];
      float input = a[i];
      a[i] = dCell * a[g] * input * (1 - input);
      a[f] = dCell * at.previous[at.previousOffset + size + j] * a[f] * (1 - a[f]);
      a[g] = dCell * input * Math.fma(-a[g], a[g], 1f);
      a[o] = dHidden * squashed * a[o] * (1 - a[o]);
    }
  }
}
