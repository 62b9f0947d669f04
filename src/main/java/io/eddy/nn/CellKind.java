package io.eddy.nn;

import java.util.Locale;

/** The recurrent cells there are. */
public enum CellKind {
  /** Elman's cell with tanh: one gate. */
  RNN_TANH(1, 1),
  /** Elman's cell with a rectifier: one gate. */
  RNN_RELU(1, 1),
  /** Gated recurrent unit, the reset gate after the recurrent product: gates r z n. */
  GRU(3, 1),
  /** Long short-term memory: gates i f g o, a cell state beside the hidden state. */
  LSTM(4, 2);

  private final int gates;
  private final int statesPerUnit;

  CellKind(int gates, int statesPerUnit) {
    this.gates = gates;
    this.statesPerUnit = statesPerUnit;
  }

  /** G. */
  public int gates() {
    return gates;
  }

  /** Numbers of state for each hidden unit: 2 for the LSTM (h and c), else 1. */
  public int statesPerUnit() {
    return statesPerUnit;
  }

  /** The name in model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of that name; throws {@link IllegalArgumentException} naming those there are. */
  public static CellKind of(String id) {
    for (CellKind kind : values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("cell: expected rnn_tanh, rnn_relu, gru or lstm, got " + id);
  }
}
