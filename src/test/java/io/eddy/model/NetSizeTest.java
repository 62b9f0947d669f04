package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cell.CellKind;
import io.eddy.cell.CellStack;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NetSizeTest {
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void countsTheNumbersThatAModelHas(CellKind kind) {
    Model model = Models.model(kind, 7, 20, 1);

    NetSize size = NetSize.of(model.specification());

    CellStack stack = model.stack();
    long cell = stack.parameters(0).arrays().stream().mapToLong(array -> array.length).sum();
    long head = model.head().linear().arrays().stream().mapToLong(array -> array.length).sum();
    assertThat(size.parameters()).isEqualTo(cell + head);
    assertThat(size.stateBytes()).isEqualTo(4L * stack.stateSize()).isEqualTo(size.slotBytes());
    assertThat(size.multiplyAdds())
        .isEqualTo(size.parameters() - 2L * kind.gates() * 7 - model.head().outputSize());
  }
}
