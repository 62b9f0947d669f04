package io.eddy.nn;

import java.util.Locale;

/** The supported recurrent cells. */
public enum CellKind {
  /** Elman cell with tanh: one gate. */
  RNN_TANH(1, 1),
  /** Elman cell with a rectifier: one gate. */
  RNN_RELU(1, 1),
  /** Gated recurrent unit with the reset gate applied after the recurrent product: gates r z n. */
  GRU(3, 1),
  /** Long short-term memory: gates i f g o; the state holds a cell state and the hidden state. */
  LSTM(4, 2);

  private final int gates;
  private final int statesPerUnit;

  CellKind(int gates, int statesPerUnit) {
    this.gates = gates;
    this.statesPerUnit = statesPerUnit;
  }

  /** Returns G, the number of gates. */
  public int gates() {
    return gates;
  }

  /** Returns the number of state values per hidden unit: 2 for the LSTM (h and c), else 1. */
  public int statesPerUnit() {
    return statesPerUnit;
  }

  /** Returns the name used in model files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the kind with the given name.
   *
   * @throws IllegalArgumentException if the name is unknown; the message lists the valid names
   */
  public static CellKind of(String id) {
    for (CellKind kind : values()) {
      if (kind.id().equals(id)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("cell: expected rnn_tanh, rnn_relu, gru or lstm, got " + id);
  }
}
