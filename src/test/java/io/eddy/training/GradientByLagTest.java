package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.series.SteppedSeries;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class GradientByLagTest {
  /** h' = a·Q h with an orthogonal Q; a bias keeps every rectified unit above 0. */
  private static CellStack orthogonalStack(int units, float factor, int dilation) {
    LayerParameters parameters =
        LayerParameters.random(
                CellKind.RNN_RELU, new LayerParameters.Sizes(1, units), new SplittableRandom(1))
            .zeros();
    for (int j = 0; j < units; j++) {
      parameters.arrays().get(1 + j)[(j + 1) % units] = factor;
    }
    java.util.Arrays.fill(parameters.arrays().get(1 + units), 1f);
    return new CellStack(List.of(parameters), List.of(dilation));
  }

  @ParameterizedTest
  @CsvSource({"5, 0.5, 1", "5, 1, 1", "5, 1.25, 1", "100, 0.5, 1", "4, 0.5, 3"})
  void equalsPowerOfFactorForLinearCell(int units, float factor, int dilation) {
    double[] norms =
        GradientByLag.norms(orthogonalStack(units, factor, dilation), new float[60], 24);

    for (int k = 0; k <= 24; k++) {
      int updates = k / dilation;
      double expected = k % dilation == 0 ? Math.pow(factor, updates) : 0;
      assertThat(norms[k]).as("lag %d", k).isCloseTo(expected, within(1e-5 * expected));
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void startsAtOneForEveryCell(CellKind kind) {
    Model model = Models.model(kind, 8, 30, 1);
    double[] values = new SplittableRandom(1).doubles(80).toArray();

    GradientByLag curve =
        GradientByLag.of(model.member(0), List.of(new SteppedSeries("a", 0, values)), 40);

    assertThat(curve.median(0)).isEqualTo(1);
    assertThat(curve.series()).isEqualTo(1);
    assertThat(curve.describe()).contains("vanish");
  }
}
