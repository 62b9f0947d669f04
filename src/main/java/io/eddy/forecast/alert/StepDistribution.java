package io.eddy.forecast.alert;

import io.eddy.model.Logarithm;
import java.util.List;

/**
 * The distribution of one step of a forecast, from its quantiles.
 *
 * <pre>
 *   P(X ≤ x) = 1 / (1 + exp(−y(x))),   y(q_k) = ln(τ_k / (1 − τ_k))
 * </pre>
 *
 * <p>The log odds y are interpolated linearly between the quantiles q_k of the levels τ_k and
 * continued beyond the outer two with the slope between the last two on that side, so that the
 * tails are exponential, as in the incremental spline quantile functions of Y. Park, D. Maddix,
 * F.-X. Aubet, K. Kan, J. Gasthaus and Y. Wang, Learning quantile functions without quantile
 * crossing for distribution-free time series forecasting (2022). A logistic distribution is
 * reproduced exactly. Quantiles that are equal are a point with the probability between their
 * levels, as forecasts of counts and at bounds have them. If the outer two are equal, nothing lies
 * beyond them. The probability never decreases with x.
 */
final class StepDistribution {
  private final List<Double> levels;

  /** ln(τ / (1 − τ)) by level [K]. */
  private final double[] logOdds;

  /** The quantiles of all steps [J · K]. */
  private final double[] values;

  /** Index of the step's first quantile. */
  private int first;

  /**
   * Creates the distribution of the first step.
   *
   * @param levels ascending, at least two
   * @param values quantiles [J · K], ascending for each step; not copied
   */
  StepDistribution(List<Double> levels, double[] values) {
    if (levels.size() < 2) {
      throw new IllegalArgumentException("levels: expected at least 2, got " + levels.size());
    }
    this.levels = levels;
    this.values = values;
    logOdds = new double[levels.size()];
    for (int k = 0; k < logOdds.length; k++) {
      logOdds[k] = Logarithm.log(levels.get(k) / (1 - levels.get(k)));
    }
  }

  /** Moves to the distribution {@code step} steps ahead, from 1. */
  void moveTo(int step) {
    first = (step - 1) * levels.size();
  }

  /** Returns P(X > x), or P(X ≥ x) if {@code isInclusive}. */
  double above(double x, boolean isInclusive) {
    return probability(-logOddsBelow(x, !isInclusive));
  }

  /** Returns P(X < x), or P(X ≤ x) if {@code isInclusive}. */
  double below(double x, boolean isInclusive) {
    return probability(logOddsBelow(x, isInclusive));
  }

  private static double probability(double logOdds) {
    if (Double.isInfinite(logOdds)) {
      return logOdds > 0 ? 1 : 0;
    }
    return 1 / (1 + Logarithm.exp(-logOdds));
  }

  /** Returns y(x) of P(X < x), or of P(X ≤ x) if {@code isInclusive}. */
  private double logOddsBelow(double x, boolean isInclusive) {
    int count = logOdds.length;
    int smaller = 0;
    while (smaller < count && quantile(smaller) < x) {
      smaller++;
    }
    int end = smaller;
    while (end < count && quantile(end) == x) {
      end++;
    }
    if (end == smaller) {
      return between(x, Math.max(1, Math.min(smaller, count - 1)), smaller);
    }
    boolean isPoint = end - smaller > 1;
    if (isInclusive) {
      return isPoint && end == count ? Double.POSITIVE_INFINITY : logOdds[end - 1];
    }
    return isPoint && smaller == 0 ? Double.NEGATIVE_INFINITY : logOdds[smaller];
  }

  /**
   * Interpolates or extrapolates.
   *
   * @param upper index of the upper of the two quantiles that the line goes through
   * @param smaller number of quantiles below x
   */
  private double between(double x, int upper, int smaller) {
    double low = quantile(upper - 1);
    double width = quantile(upper) - low;
    if (width == 0) {
      return smaller == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double slope = logOdds[upper] - logOdds[upper - 1];
    if (smaller == logOdds.length) {
      return Math.fma((x - quantile(upper)) / width, slope, logOdds[upper]);
    }
    double y = Math.fma((x - low) / width, slope, logOdds[upper - 1]);
    return smaller == 0 ? y : Math.min(y, logOdds[upper]);
  }

  private double quantile(int k) {
    return values[first + k];
  }
}
