package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;

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
 * All S_i begin at Σ π_i·ℓ_i / (1 − γ) with the first losses that are not all 0. A single large
 * loss does not outweigh those before it: a loss counts for at most {@value #MAX_LOSS_RATIO} times
 * the unit and (1 − γ)·max S_i, whichever is larger.
 *
 * <p>Bound, without a share. Let L ← γ·L + Σ w_i·ℓ_i be the discounted loss of the combination,
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
  private static final double MAX_LOSS_RATIO = 8;

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
   * @param unit of the losses, above 0
   */
  public void add(float[] sums, double[] prior, double[] losses, double unit) {
    double largest = 0;
    for (float sum : sums) {
      largest = Math.max(largest, sum);
    }
    double renewed = 1 - learning.discount();
    double limit = MAX_LOSS_RATIO * Math.max(unit, renewed * largest);
    double mean = 0;
    for (int i = 0; i < losses.length; i++) {
      mean = Math.fma(prior[i], Math.min(limit, losses[i]), mean);
    }
    if (Double.isNaN(mean)) {
      return;
    }
    for (int i = 0; i < sums.length; i++) {
      double sum = largest > 0 ? sums[i] : mean / renewed;
      double added = Math.fma(learning.discount(), sum, Math.min(limit, losses[i]));
      sums[i] = (float) Math.min(Float.MAX_VALUE, added);
    }
  }

  /**
   * Computes the weights.
   *
   * @param sums S [C]
   * @param prior π [C]
   * @param weights set to w [C]
   */
  public void weights(float[] sums, double[] prior, double[] weights) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < sums.length; i++) {
      least = prior[i] > 0 ? Math.min(least, sums[i]) : least;
    }
    double total = 0;
    for (int i = 0; i < sums.length; i++) {
      double ratio = sums[i] > least ? least / sums[i] : 1;
      weights[i] = prior[i] * power(ratio, learning.power());
      total += weights[i];
    }
    for (int i = 0; i < sums.length; i++) {
      weights[i] =
          Math.fma((1 - learning.share()) / total, weights[i], learning.share() * prior[i]);
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
