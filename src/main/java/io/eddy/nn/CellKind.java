package io.eddy.nn;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The supported recurrent cells. */
public enum CellKind {
  /** Elman cell with tanh: one gate. */
  RNN_TANH(1, 1),
  /** Elman cell with a rectifier: one gate. */
  RNN_RELU(1, 1),
  /** Gated recurrent unit with the reset gate applied after the recurrent product: gates r z n. */
  GRU(3, 1),
  /** Long short-term memory: gates i f g o; the state holds a cell state and the hidden state. */
  LSTM(4, 2),
  /** sLSTM with exponential gates: gates i f z o; the state holds h, c, n and m. */
  SLSTM(4, 4),
  /**
   * Linear recurrent unit: input products Re B x, Im B x, v, g, recurrent products v, g, which read
   * the state s; the state holds h, Re s and Im s.
   */
  LRU(4, 3);

  private final int gates;
  private final int statesPerUnit;

  CellKind(int gates, int statesPerUnit) {
    this.gates = gates;
    this.statesPerUnit = statesPerUnit;
  }

  /** Returns G, the number of input products per hidden unit: the gates. */
  public int gates() {
    return gates;
  }

  /** Returns the number of recurrent products per hidden unit: G, and 2 for the LRU. */
  public int recurrentGates() {
    return this == LRU ? 2 : gates;
  }

  /**
   * Returns the number of values per hidden unit that the recurrent products read: 1, h, and 2 for
   * the LRU, which reads s.
   */
  public int recurrentInputs() {
    return this == LRU ? 2 : 1;
  }

  /** Returns the number of rates per hidden unit: 2 for the LRU, ν and θ, else 0. */
  public int rates() {
    return this == LRU ? 2 : 0;
  }

  /** Returns the number of state values per hidden unit, of which h is the first. */
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
    throw new IllegalArgumentException("cell: expected %s, got %s".formatted(ids(), id));
  }

  /** Returns the names of all kinds, such as {@code rnn_tanh, gru or lstm}. */
  private static String ids() {
    List<String> ids = Stream.of(values()).map(CellKind::id).toList();
    int last = ids.size() - 1;
    return String.join(", ", ids.subList(0, last)) + " or " + ids.get(last);
  }
}
