package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import java.util.List;

/**
 * Learns the weights of the components from their losses ℓ_i ≥ 0.
 *
 * <pre>
 *   S_i ← γ·S_i + ℓ_i
 *   w_i = (1 − s)·π_i·S_i⁻ᵖ / Σ_k π_k·S_k⁻ᵖ + s·π_i
 * </pre>
 *
 * <p>These are weights by inverse discounted losses (J. Bates and C. Granger, The combination of
 * forecasts, 1969; J. Stock and M. Watson, Combination forecasts of output growth, 2004) with prior
 * weights π, on quantiles as by J. Berrisch and F. Ziel (CRPS learning, 2021). They are the
 * posterior probabilities of p errors from asymmetric Laplace distributions of unknown scales. The
 * unit of the losses has no effect, and a component without loss gets all the weight but the share.
 * All S_i begin at Σ π_i·ℓ_i / (1 − γ) with the first losses that are not all 0.
 *
 * <p>Bound, without a share. Let L = γ·L + Σ w_i·ℓ_i be the discounted loss of the combination,
 * which is at least that of the combined quantiles, as the loss is convex, and d the largest ℓ_i /
 * (γ·S_i). Then at every time and for every component j
 *
 * <pre>
 *   L ≤ (1 + d)ᵖ · π_j^(−1/(p − 1)) · S_j
 * </pre>
 *
 * Let Φ(S) = (Σ π_i·S_i⁻ᵏ)^(−1/k), k = p − 1. It is concave, Φ(γ·S) = γ·Φ(S), Φ(S) ≤
 * π_j^(−1/k)·S_j, and Σ w_i·ℓ_i ≤ ∇Φ(S)·ℓ, because the mean of S⁻ᵖ is at least the p/k-th power of
 * that of S⁻ᵏ. A loss shrinks ∇Φ at most by the factor (1 + d)⁻ᵖ, so L grows by at most (1 + d)ᵖ
 * times as much as Φ.
 */
public final class WeightLearning {
  private final CombinationSpec.Learning learning;

  public WeightLearning(CombinationSpec.Learning learning) {
    this.learning = learning;
  }

  /**
   * Adds losses.
   *
   * @param sums S [C], all 0 before the first update; modified
   * @param prior π [C]
   * @param losses ℓ [C]; not modified
   */
  public void add(float[] sums, List<Double> prior, double[] losses) {
    double mean = 0;
    for (int i = 0; i < losses.length; i++) {
      mean = Math.fma(prior.get(i), losses[i], mean);
    }
    if (!(mean < Float.MAX_VALUE)) {
      return;
    }
    boolean isFirst = isZero(sums);
    for (int i = 0; i < sums.length; i++) {
      double sum = isFirst ? mean / (1 - learning.discount()) : sums[i];
      sums[i] = (float) Math.min(Float.MAX_VALUE, Math.fma(learning.discount(), sum, losses[i]));
    }
  }

  private static boolean isZero(float[] sums) {
    for (float sum : sums) {
      if (sum > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Computes the weights.
   *
   * @param sums S [C]
   * @param prior π [C]
   * @param weights set to w [C]
   */
  public void weights(float[] sums, List<Double> prior, double[] weights) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < sums.length; i++) {
      least = prior.get(i) > 0 ? Math.min(least, sums[i]) : least;
    }
    double total = 0;
    for (int i = 0; i < sums.length; i++) {
      double ratio = sums[i] > least ? least / sums[i] : 1;
      weights[i] = prior.get(i) * power(ratio, learning.power());
      total += weights[i];
    }
    for (int i = 0; i < sums.length; i++) {
      weights[i] =
          Math.fma((1 - learning.share()) / total, weights[i], learning.share() * prior.get(i));
    }
  }

  /** Returns xⁿ. */
  private static double power(double x, int n) {
    double result = 1;
    double square = x;
    for (int left = n; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
