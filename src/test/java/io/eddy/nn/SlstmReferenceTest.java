package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the sLSTM with its definition without a recurrence, in float64: h_t = o_t·Σ_k w_k z_k /
 * Σ_k w_k over k ≤ t, with the weights w_k = exp(a_i,k + Σ_{k < l ≤ t} log σ(a_f,l)).
 */
final class SlstmReferenceTest {
  private static final int INPUT = 3;
  private static final int HIDDEN = 7;
  private static final int STEPS = 60;

  /**
   * Float32 accumulates rounding errors of the gates over the recurrence. They grow with the
   * inputs; the largest are 1.7e-6.
   */
  private static final double TOLERANCE = 2e-6;

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 3, 40})
  void equalsWeightedMeanOfThePast(double inputScale) {
    Random random = new Random(3);
    float[] wi = uniform(4 * HIDDEN * INPUT, random);
    float[] wh = uniform(4 * HIDDEN * HIDDEN, random);
    float[] bi = uniform(4 * HIDDEN, random);
    float[] bh = uniform(4 * HIDDEN, random);
    CellStack stack = stack(wi, wh, bi, bh);
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();
    double[][] gates = new double[STEPS][];
    double[] hidden = new double[HIDDEN];

    for (int t = 0; t < STEPS; t++) {
      float[] x = uniform(INPUT, random);
      for (int k = 0; k < INPUT; k++) {
        x[k] *= (float) inputScale;
      }
      gates[t] = sums(wi, x, wh, hidden, bi, bh);
      hidden = definition(gates, t);
      stack.step(x, state, workspace);

      for (int j = 0; j < HIDDEN; j++) {
        assertThat((double) workspace.output()[j])
            .as("step %d, unit %d", t, j)
            .isCloseTo(hidden[j], within(TOLERANCE));
      }
    }
  }

  /** Exponentials of these input gates overflow without the stabiliser. */
  @Test
  void largeInputGatesStayFinite() {
    float[] wi = new float[4 * HIDDEN * INPUT];
    for (int j = 0; j < HIDDEN; j++) {
      wi[j * INPUT] = 1; // the input gate
      wi[(2 * HIDDEN + j) * INPUT + 1] = 1; // z
    }
    CellStack stack =
        stack(wi, new float[4 * HIDDEN * HIDDEN], new float[4 * HIDDEN], new float[4 * HIDDEN]);
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();

    stack.step(new float[] {-5_000, 0.5f, 0}, state, workspace);
    float first = workspace.output()[0];
    stack.step(new float[] {5_000, -0.5f, 0}, state, workspace);
    float second = workspace.output()[0];
    stack.step(new float[] {0, 0.5f, 0}, state, workspace);

    assertThat((double) first).isCloseTo(0.5 * Math.tanh(0.5), within(1e-6));
    assertThat(second).isEqualTo(-first);
    assertThat(workspace.output()[0]).isEqualTo(second);
  }

  private static CellStack stack(float[] wi, float[] wh, float[] bi, float[] bh) {
    LayerParameters layer =
        LayerParameters.of(
            CellKind.SLSTM,
            new FMatrixRMaj(4 * HIDDEN, INPUT, true, wi),
            new FMatrixRMaj(4 * HIDDEN, HIDDEN, true, wh),
            bi,
            bh);
    return new CellStack(List.of(layer), List.of(1));
  }

  private static double[] sums(
      float[] wi, float[] x, float[] wh, double[] hidden, float[] bi, float[] bh) {
    double[] sums = new double[4 * HIDDEN];
    for (int row = 0; row < sums.length; row++) {
      sums[row] = (double) bi[row] + bh[row];
      for (int k = 0; k < INPUT; k++) {
        sums[row] += (double) wi[row * INPUT + k] * x[k];
      }
      for (int k = 0; k < HIDDEN; k++) {
        sums[row] += wh[row * HIDDEN + k] * hidden[k];
      }
    }
    return sums;
  }

  private static double[] definition(double[][] gates, int t) {
    double[] hidden = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      double[] logarithms = new double[t + 1];
      double kept = 0;
      for (int k = t; k >= 0; k--) {
        logarithms[k] = gates[k][j] + kept;
        kept -= StrictMath.log1p(StrictMath.exp(-gates[k][HIDDEN + j]));
      }
      double highest = Arrays.stream(logarithms).max().orElseThrow();
      double sum = 0;
      double weights = 0;
      for (int k = 0; k <= t; k++) {
        double weight = StrictMath.exp(logarithms[k] - highest);
        sum += weight * StrictMath.tanh(gates[k][2 * HIDDEN + j]);
        weights += weight;
      }
      hidden[j] = sum / weights / (1 + StrictMath.exp(-gates[t][3 * HIDDEN + j]));
    }
    return hidden;
  }

  private static float[] uniform(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
