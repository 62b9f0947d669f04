package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.SPECIES;
import static io.eddy.nn.kernel.VectorKernel.W;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * {@link GruCell} and its products on the JDK's vector API, for units that fill whole vectors.
 *
 * <p><b>Implementation note.</b> The sums and the gates of a vector of units stay in registers. See
 * {@link VectorPanels}, {@link VectorKernel} and {@link ActivationFunctions#TANH}.
 */
final class VectorGruStep implements Step {
  private static final int GATES = 3;

  private final int inputSize;
  private final int hiddenSize;

  /** W_ih, then W_hh [H / W, (D + H) · 3 · W]. */
  private final float[][] weights;

  /** b_ih, then b_hh [H / W, 2 · 3 · W]. */
  private final float[][] biases;

  /**
   * Creates a step.
   *
   * @param rows W_ih, then W_hh, transposed [D + H, 3·H]; copied
   * @param inputBias b_ih [3·H]; copied
   * @param recurrentBias b_hh [3·H]; copied
   */
  VectorGruStep(float[][] rows, float[] inputBias, float[] recurrentBias) {
    hiddenSize = inputBias.length / GATES;
    inputSize = rows.length - hiddenSize;
    weights = VectorPanels.of(rows, GATES);
    biases = VectorPanels.of(new float[][] {inputBias, recurrentBias}, GATES);
  }

  @Override
  public void apply(float[] x, int xFrom, float[] state, int slot, float[] hidden) {
    for (int panel = 0; panel < weights.length; panel++) {
      advance(panel, x, xFrom, state, slot, hidden);
    }
    System.arraycopy(hidden, 0, state, slot, hiddenSize);
  }

  /** Computes h of a vector of units. */
  private void advance(int panel, float[] x, int xFrom, float[] state, int slot, float[] hidden) {
    float[] panelWeights = weights[panel];
    float[] bias = biases[panel];
    FloatVector r = fromArray(SPECIES, bias, 0);
    FloatVector z = fromArray(SPECIES, bias, W);
    FloatVector n = fromArray(SPECIES, bias, 2 * W);
    int inputs = inputSize;
    for (int row = 0; row < inputs; row++) {
      int at = row * (GATES * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[xFrom + row]);
      r = factor.fma(fromArray(SPECIES, panelWeights, at), r);
      z = factor.fma(fromArray(SPECIES, panelWeights, at + W), z);
      n = factor.fma(fromArray(SPECIES, panelWeights, at + 2 * W), n);
    }
    FloatVector recurrentR = fromArray(SPECIES, bias, 3 * W);
    FloatVector recurrentZ = fromArray(SPECIES, bias, 4 * W);
    FloatVector recurrentN = fromArray(SPECIES, bias, 5 * W);
    int size = hiddenSize;
    int from = inputs * (GATES * W);
    for (int row = 0; row < size; row++) {
      int at = from + row * (GATES * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, state[slot + row]);
      recurrentR = factor.fma(fromArray(SPECIES, panelWeights, at), recurrentR);
      recurrentZ = factor.fma(fromArray(SPECIES, panelWeights, at + W), recurrentZ);
      recurrentN = factor.fma(fromArray(SPECIES, panelWeights, at + 2 * W), recurrentN);
    }
    float[] constants = ActivationFunctions.TANH;
    FloatVector clamp = FloatVector.broadcast(SPECIES, constants[0]);
    FloatVector minusClamp = FloatVector.broadcast(SPECIES, -constants[0]);
    FloatVector one = FloatVector.broadcast(SPECIES, constants[1]);
    FloatVector p1 = FloatVector.broadcast(SPECIES, constants[2]);
    FloatVector p2 = FloatVector.broadcast(SPECIES, constants[3]);
    FloatVector p3 = FloatVector.broadcast(SPECIES, constants[4]);
    FloatVector p4 = FloatVector.broadcast(SPECIES, constants[5]);
    FloatVector q1 = FloatVector.broadcast(SPECIES, constants[6]);
    FloatVector q2 = FloatVector.broadcast(SPECIES, constants[7]);
    FloatVector q3 = FloatVector.broadcast(SPECIES, constants[8]);
    FloatVector q4 = FloatVector.broadcast(SPECIES, constants[9]);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector value;
    FloatVector u;
    FloatVector p;
    FloatVector q;
    value = r.add(recurrentR).mul(half);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    r = half.fma(value.mul(p).div(q), half);
    value = z.add(recurrentZ).mul(half);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    z = half.fma(value.mul(p).div(q), half);
    value = r.fma(recurrentN, n);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    n = value.mul(p).div(q);
    FloatVector difference = fromArray(SPECIES, state, slot + panel * W).sub(n);
    z.fma(difference, n).intoArray(hidden, panel * W);
  }
}
