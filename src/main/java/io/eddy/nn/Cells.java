package io.eddy.nn;

import io.eddy.nn.kernel.Cell;
import io.eddy.nn.kernel.ElmanCell;
import io.eddy.nn.kernel.Kernel;

/** Factory of the cell implementations. */
final class Cells {
  private Cells() {}

  static Cell of(CellKind kind, int hiddenSize) {
    return switch (kind) {
      case RNN_TANH -> new ElmanCell(hiddenSize, true);
      case RNN_RELU -> new ElmanCell(hiddenSize, false);
      case GRU -> Kernel.FASTEST.gru(hiddenSize);
      case LSTM -> Kernel.FASTEST.lstm(hiddenSize);
      case SLSTM -> Kernel.FASTEST.slstm(hiddenSize);
      case LRU -> Kernel.FASTEST.lru(hiddenSize);
    };
  }
}
