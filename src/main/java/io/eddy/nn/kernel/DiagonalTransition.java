package io.eddy.nn.kernel;

import java.util.Arrays;

/**
 * The diagonal transition of a linear recurrent unit and its gradient: for each unit
 *
 * <pre>
 *   λ = exp(−e^ν + i·e^θ)      γ = √(1 − |λ|²)
 * </pre>
 *
 * <p>with the rates ν, the logarithm of the decay per step, and θ, the logarithm of the angle per
 * step (A. Orvieto et al., Resurrecting recurrent neural networks for long sequences, 2023). |λ| is
 * less than 1 for any ν, so the state is bounded for bounded inputs. A decay below {@value
 * #MIN_DECAY} is raised to it, because |λ| would round to 1. Beyond θ = 709, e^θ overflows and λ is
 * NaN.
 *
 * <p>λ and γ are computed in float64 and rounded. {@link StrictMath} gives the same bits
 * everywhere.
 */
public final class DiagonalTransition {
  static final double MIN_DECAY = 1e-6;

  /** λ and γ [H]. */
  final float[] real;

  final float[] imaginary;
  final float[] gain;

  /** Gradients of λ and γ [H], summed over steps and lanes by {@link Cell#backwardState}. */
  final float[] dReal;

  final float[] dImaginary;
  final float[] dGain;

  private final float[] rates;

  /** Creates a transition of H units; {@link #update} sets its values. */
  public DiagonalTransition(int hiddenSize) {
    real = new float[hiddenSize];
    imaginary = new float[hiddenSize];
    gain = new float[hiddenSize];
    dReal = new float[hiddenSize];
    dImaginary = new float[hiddenSize];
    dGain = new float[hiddenSize];
    rates = new float[2 * hiddenSize];
    Arrays.fill(rates, Float.NaN);
  }

  /** Returns the real parts of λ [H]; not a copy. */
  public float[] real() {
    return real;
  }

  /** Returns the imaginary parts of λ [H]; not a copy. */
  public float[] imaginary() {
    return imaginary;
  }

  /** Returns γ [H]; not a copy. */
  public float[] gain() {
    return gain;
  }

  /**
   * Computes λ and γ, unless the rates are those of the last call.
   *
   * @param newRates ν, then θ [2·H]; not modified
   */
  public void update(float[] newRates) {
    if (Arrays.equals(newRates, rates)) {
      return;
    }
    System.arraycopy(newRates, 0, rates, 0, rates.length);
    for (int j = 0; j < real.length; j++) {
      double decay = decay(j);
      double angle = angle(j);
      double modulus = StrictMath.exp(-decay);
      real[j] = (float) (modulus * StrictMath.cos(angle));
      imaginary[j] = (float) (modulus * StrictMath.sin(angle));
      gain[j] = (float) Math.sqrt(-StrictMath.expm1(-2 * decay));
    }
  }

  /** Sets the gradients of λ and γ to 0. */
  public void clearGradients() {
    Arrays.fill(dReal, 0);
    Arrays.fill(dImaginary, 0);
    Arrays.fill(dGain, 0);
  }

  /**
   * Computes the gradients of the rates from those of λ and γ.
   *
   * @param gradients of ν, then θ [2·H]; added to
   */
  public void addGradients(float[] gradients) {
    int size = real.length;
    for (int j = 0; j < size; j++) {
      double decay = decay(j);
      double angle = angle(j);
      double modulus = StrictMath.exp(-decay);
      double cosine = StrictMath.cos(angle);
      double sine = StrictMath.sin(angle);
      if (decay > MIN_DECAY) {
        double root = Math.sqrt(-StrictMath.expm1(-2 * decay));
        double byDecay =
            dGain[j] * modulus * modulus / root
                - modulus * (dReal[j] * cosine + dImaginary[j] * sine);
        gradients[j] += (float) (decay * byDecay);
      }
      gradients[size + j] += (float) (angle * modulus * (dImaginary[j] * cosine - dReal[j] * sine));
    }
  }

  private double decay(int unit) {
    return Math.max(MIN_DECAY, StrictMath.exp(rates[unit]));
  }

  private double angle(int unit) {
    return StrictMath.exp(rates[real.length + unit]);
  }
}
