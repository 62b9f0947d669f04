package io.eddy.forecast.combination;

import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The values of a forecast that are scored: its lowest quantile, median and highest quantile, or
 * its point.
 *
 * <p>Quantiles have the pinball loss ρ_τ(y − q) = max(τ·(y − q), (τ − 1)·(y − q)). A point has the
 * squared error if the net was trained with it, otherwise half the absolute error, which is the
 * pinball loss of the median.
 *
 * @param indices of the scored values in a step of the forecast
 * @param levels τ of each of them
 * @param isSquared whether the loss is the squared error
 */
record ScoredLevels(List<Integer> indices, List<Double> levels, boolean isSquared) {
  static ScoredLevels of(ModelSpecification.Output output) {
    List<Double> all = output.quantileLevels();
    if (all.isEmpty()) {
      return new ScoredLevels(List.of(0), List.of(0.5), output.loss() == LossKind.SQUARED);
    }
    List<Integer> indices =
        IntStream.of(0, all.indexOf(0.5), all.size() - 1).distinct().boxed().toList();
    return new ScoredLevels(indices, indices.stream().map(all::get).toList(), false);
  }

  /** L: number of values of each step that are scored. */
  static int count(ModelSpecification.Output output) {
    List<Double> all = output.quantileLevels();
    int median = all.indexOf(0.5);
    return 1 + (median > 0 ? 1 : 0) + (median < all.size() - 1 ? 1 : 0);
  }

  int size() {
    return levels.size();
  }

  /** Returns the loss of a value of level {@code l}, of which {@code error} is q − y. */
  double loss(int l, double error) {
    return isSquared
        ? error * error
        : Math.max((1 - levels.get(l)) * error, -levels.get(l) * error);
  }
}
