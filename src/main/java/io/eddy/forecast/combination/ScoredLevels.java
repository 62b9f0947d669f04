package io.eddy.forecast.combination;

import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import java.util.Arrays;
import java.util.List;

/**
 * The values of a forecast that are scored: its lowest quantile, median and highest quantile, or
 * its point.
 *
 * <p>Quantiles have the pinball loss ρ_τ(y − q) = max(τ·(y − q), (τ − 1)·(y − q)). A point has the
 * squared error if the net was trained with it, otherwise half the absolute error, which is the
 * pinball loss of the median.
 */
final class ScoredLevels {
  private final int[] indices;
  private final double[] levels;
  private final int median;
  private final boolean isSquared;

  ScoredLevels(ModelSpecification.Output output) {
    List<Double> all = output.quantileLevels();
    int count = count(output);
    int median = Math.max(0, all.indexOf(0.5));
    indices = new int[count];
    indices[count - 1] = Math.max(0, all.size() - 1);
    if (median > 0 && count > 1) {
      indices[1] = median;
    }
    levels = new double[count];
    for (int l = 0; l < count; l++) {
      levels[l] = all.isEmpty() ? 0.5 : all.get(indices[l]);
    }
    this.median = Math.max(0, Arrays.binarySearch(levels, 0.5));
    isSquared = all.isEmpty() && output.loss() == LossKind.SQUARED;
  }

  /** L: number of values of each step that are scored. */
  static int count(ModelSpecification.Output output) {
    List<Double> all = output.quantileLevels();
    int median = all.indexOf(0.5);
    return 1 + (median > 0 ? 1 : 0) + (median < all.size() - 1 ? 1 : 0);
  }

  int count() {
    return indices.length;
  }

  /** Returns which scored value is the median or the point. */
  int median() {
    return median;
  }

  /** Returns the index of a scored value in a step of the forecast. */
  int index(int l) {
    return indices[l];
  }

  /**
   * Returns the loss of scored value {@code l}.
   *
   * @param error q − y
   */
  double loss(int l, double error) {
    return isSquared ? error * error : Math.max((1 - levels[l]) * error, -levels[l] * error);
  }
}
