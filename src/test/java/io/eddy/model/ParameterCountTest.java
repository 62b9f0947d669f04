package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ParameterCountTest {
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void countsWeightsOfEveryCell(CellKind kind) {
    Model model = Models.model(kind, 7, 20, 1);

    ParameterCount size = ParameterCount.of(model.specification());

    CellStack stack = model.member(0).stack();
    long cell = numbers(stack.parameters(0).arrays());
    long head = numbers(model.member(0).head().decoder().arrays());
    assertThat(size.parameters()).isEqualTo(cell + head);
    assertThat(size.stateBytes()).isEqualTo(4L * stack.stateSize()).isEqualTo(size.slotBytes());
    assertThat(size.multiplyAdds())
        .isEqualTo(
            size.parameters()
                - 7L * (kind.gates() + kind.recurrentGates() + kind.rates())
                - model.specification().output().rawSize());
  }

  @ParameterizedTest
  @EnumSource(HeadKind.class)
  void countsWeightsOfEveryHead(HeadKind head) {
    ModelSpecification linear =
        Models.withOutput(Models.specification(CellKind.GRU, 7, 20), Models.output(head));

    for (ModelSpecification specification : List.of(linear, Models.withStepsDecoder(linear, 5))) {
      Model model = ModelFile.read(Models.file(specification, 1));
      long cell = numbers(model.member(0).stack().parameters(0).arrays());
      assertThat(ParameterCount.of(specification).parameters())
          .isEqualTo(cell + numbers(model.member(0).head().decoder().arrays()));
    }
  }

  @Test
  void stepsShareProductOfHiddenState() {
    ModelSpecification linear = Models.specification(CellKind.GRU, 7, 20);

    long cells = ParameterCount.of(linear).multiplyAdds() - 7 * 4 * 3;

    // Calendar covariates of one new step, and 3 quantiles of each of 4 steps, with 5 units.
    long covariates = new FutureCovariateEncoder(Models.withStepsDecoder(linear, 5)).sizes().size();
    assertThat(ParameterCount.of(Models.withStepsDecoder(linear, 5)).multiplyAdds())
        .isEqualTo(cells + 7 * 5 + covariates * 5 + 4 * 5 * 3);
  }

  private static long numbers(List<float[]> arrays) {
    return arrays.stream().mapToLong(array -> array.length).sum();
  }
}
