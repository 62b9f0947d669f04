package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.SPECIES;
import static io.eddy.nn.kernel.VectorKernel.W;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * {@link LstmCell} and its products on the JDK's vector API, for units that fill whole vectors.
 *
 * <p><b>Implementation note.</b> The sums and the gates of a vector of units stay in registers. See
 * {@link VectorPanels}, {@link VectorKernel} and {@link ActivationFunctions#TANH}.
 */
final class VectorLstmStep implements Step {
  private static final int GATES = 4;

  private final int inputSize;
  private final int hiddenSize;

  /** W_ih, then W_hh [H / W, (D + H) · 4 · W]. */
  private final float[][] weights;

  /** b_ih + b_hh [H / W, 4 · W]. */
  private final float[][] biases;

  /**
   * Creates a step.
   *
   * @param rows W_ih, then W_hh, transposed [D + H, 4·H]; copied
   * @param bias b_ih + b_hh [4·H]; copied
   */
  VectorLstmStep(float[][] rows, float[] bias) {
    hiddenSize = bias.length / GATES;
    inputSize = rows.length - hiddenSize;
    weights = VectorPanels.of(rows, GATES);
    biases = VectorPanels.of(new float[][] {bias}, GATES);
  }

  @Override
  public void apply(float[] x, int xFrom, float[] state, int slot, float[] hidden) {
    for (int panel = 0; panel < weights.length; panel++) {
      advance(panel, x, xFrom, state, slot, hidden);
    }
    System.arraycopy(hidden, 0, state, slot, hiddenSize);
  }

  /** Computes c and h of a vector of units. */
  private void advance(int panel, float[] x, int xFrom, float[] state, int slot, float[] hidden) {
    float[] panelWeights = weights[panel];
    float[] bias = biases[panel];
    FloatVector i = fromArray(SPECIES, bias, 0);
    FloatVector f = fromArray(SPECIES, bias, W);
    FloatVector g = fromArray(SPECIES, bias, 2 * W);
    FloatVector o = fromArray(SPECIES, bias, 3 * W);
    int inputs = inputSize;
    for (int row = 0; row < inputs; row++) {
      int at = row * (GATES * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[xFrom + row]);
      i = factor.fma(fromArray(SPECIES, panelWeights, at), i);
      f = factor.fma(fromArray(SPECIES, panelWeights, at + W), f);
      g = factor.fma(fromArray(SPECIES, panelWeights, at + 2 * W), g);
      o = factor.fma(fromArray(SPECIES, panelWeights, at + 3 * W), o);
    }
    int size = hiddenSize;
    int from = inputs * (GATES * W);
    for (int row = 0; row < size; row++) {
      int at = from + row * (GATES * W);
      FloatVector factor = FloatVector.broadcast(SPECIES, state[slot + row]);
      i = factor.fma(fromArray(SPECIES, panelWeights, at), i);
      f = factor.fma(fromArray(SPECIES, panelWeights, at + W), f);
      g = factor.fma(fromArray(SPECIES, panelWeights, at + 2 * W), g);
      o = factor.fma(fromArray(SPECIES, panelWeights, at + 3 * W), o);
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
    value = i.mul(half);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    i = half.fma(value.mul(p).div(q), half);
    value = f.mul(half);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    f = half.fma(value.mul(p).div(q), half);
    value = g;
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    g = value.mul(p).div(q);
    value = o.mul(half);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    o = half.fma(value.mul(p).div(q), half);
    int cell = slot + size + panel * W;
    value = f.fma(fromArray(SPECIES, state, cell), i.mul(g));
    value.intoArray(state, cell);
    value =
        value
            .blend(clamp, value.compare(GT, clamp))
            .blend(minusClamp, value.compare(LT, minusClamp));
    u = value.mul(value);
    p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
    q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
    o.mul(value.mul(p).div(q)).intoArray(hidden, panel * W);
  }
}
