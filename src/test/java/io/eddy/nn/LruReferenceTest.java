package io.eddy.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * Compares the LRU with its definition without a recurrence, in float64: s_t = Σ_k λᵏ γ B x_{t−k}
 * with λᵏ in polar form.
 */
final class LruReferenceTest {
  private static final int INPUT = 3;
  private static final int HIDDEN = 7;
  private static final int STEPS = 80;

  /** λ is rounded to float32: after k steps λᵏ has lost about k·6e-8, and it decays meanwhile. */
  private static final double TOLERANCE = 5e-6;

  private final Random random = new Random(11);
  private final float[] wi = uniform(4 * HIDDEN * INPUT, 1);
  private final float[] wh = uniform(4 * HIDDEN * HIDDEN, 1);
  private final float[] bi = uniform(4 * HIDDEN, 1);
  private final float[] bh = uniform(2 * HIDDEN, 1);

  @Test
  void equalsConvolutionWithPowersOfTheTransition() {
    float[] nu = uniform(HIDDEN, 4);
    float[] theta = uniform(HIDDEN, 1);
    CellStack stack = stack(nu, theta);
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();
    float[][] x = new float[STEPS][];

    for (int t = 0; t < STEPS; t++) {
      x[t] = uniform(INPUT, 2);
      stack.step(x[t], state, workspace);
      double[] expected = definition(x, t, nu, theta);

      for (int j = 0; j < HIDDEN; j++) {
        assertThat((double) workspace.output()[j])
            .as("step %d, unit %d", t, j)
            .isCloseTo(expected[j], within(TOLERANCE));
      }
    }
  }

  /**
   * Rates far outside of those that training reaches keep |λ| below 1. A state is then at most the
   * sum of its decayed inputs, whose real and imaginary parts are at most 4.
   */
  @Test
  void stateIsBoundedForAnyRates() {
    float[] nu = new float[HIDDEN];
    float[] theta = new float[HIDDEN];
    Arrays.fill(nu, -200);
    for (int j = 0; j < HIDDEN; j++) {
      theta[j] = -20 + 4 * j;
    }
    nu[HIDDEN - 1] = 200;
    CellStack stack = stack(nu, theta);
    StackState state = stack.newState();
    Workspace workspace = stack.newWorkspace();
    float[] x = {1, 1, 1};

    for (int t = 0; t < 20_000; t++) {
      stack.step(x, state, workspace);
    }

    double bound = Math.sqrt(2e-6) * 20_000 * 4;
    for (float value : state.values()) {
      assertThat(Math.abs(value)).isLessThan((float) bound * 8);
    }
    List<float[]> transition = stack.parameters(0).transition();
    for (int j = 0; j < HIDDEN; j++) {
      double modulus = Math.hypot(transition.get(0)[j], transition.get(1)[j]);
      double maxInput = transition.get(2)[j] * 4 * Math.sqrt(2);
      double maxState = maxInput * Math.min(20_000, 1 / (1 - modulus));
      double size = Math.hypot(state.values()[HIDDEN + j], state.values()[2 * HIDDEN + j]);
      assertThat(modulus).as("unit %d", j).isLessThan(1);
      assertThat(size).as("unit %d", j).isLessThan(maxState);
    }
  }

  private CellStack stack(float[] nu, float[] theta) {
    LayerParameters layer =
        LayerParameters.of(
                CellKind.LRU,
                new FMatrixRMaj(4 * HIDDEN, INPUT, true, wi),
                new FMatrixRMaj(2 * HIDDEN, 2 * HIDDEN, true, wh),
                bi,
                bh)
            .withRates(nu, theta);
    return new CellStack(List.of(layer), List.of(1));
  }

  private double[] definition(float[][] x, int t, float[] nu, float[] theta) {
    double[] real = new double[HIDDEN];
    double[] imaginary = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      double decay = StrictMath.exp(nu[j]);
      double angle = StrictMath.exp(theta[j]);
      double gain = Math.sqrt(1 - StrictMath.exp(-2 * decay));
      for (int k = 0; k <= t; k++) {
        double modulus = gain * StrictMath.exp(-decay * k);
        double cosine = StrictMath.cos(angle * k);
        double sine = StrictMath.sin(angle * k);
        double re = inputSum(j, x[t - k]);
        double im = inputSum(HIDDEN + j, x[t - k]);
        real[j] += modulus * (cosine * re - sine * im);
        imaginary[j] += modulus * (sine * re + cosine * im);
      }
    }
    double[] hidden = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      double value = inputSum(2 * HIDDEN + j, x[t]) + readSum(j, real, imaginary);
      double gate = inputSum(3 * HIDDEN + j, x[t]) + readSum(HIDDEN + j, real, imaginary);
      hidden[j] = value / (1 + StrictMath.exp(-gate));
    }
    return hidden;
  }

  private double inputSum(int row, float[] x) {
    double sum = bi[row];
    for (int k = 0; k < INPUT; k++) {
      sum += (double) wi[row * INPUT + k] * x[k];
    }
    return sum;
  }

  private double readSum(int row, double[] real, double[] imaginary) {
    double sum = bh[row];
    for (int k = 0; k < HIDDEN; k++) {
      sum += wh[row * 2 * HIDDEN + k] * real[k] + wh[row * 2 * HIDDEN + HIDDEN + k] * imaginary[k];
    }
    return sum;
  }

  private float[] uniform(int size, float bound) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = bound * (2 * random.nextFloat() - 1);
    }
    return values;
  }
}
