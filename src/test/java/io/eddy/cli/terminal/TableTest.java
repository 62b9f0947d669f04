package io.eddy.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void alignsColumns() {
    Table table = Table.indented().left("cell").right("ns/step").left("");
    table.row("gru", 125, "this model");
    table.row("rnn_tanh", 9, null);

    assertThat(table.lines())
        .containsExactly(
            "  cell      ns/step", //
            "  gru           125  this model",
            "  rnn_tanh        9");
  }

  @Test
  void omitsEmptyHeader() {
    Table table = new Table().left("").right("");
    table.row("model", "12.5 %");

    assertThat(table.lines()).containsExactly("model  12.5 %");
  }

  @Test
  void rejectsRowOfOtherWidth() {
    Table table = new Table().left("a").left("b");

    assertThatThrownBy(() -> table.row("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 2 cells, got 1");
  }
}
