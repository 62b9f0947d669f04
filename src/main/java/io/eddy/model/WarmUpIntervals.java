package io.eddy.model;

import java.util.List;

/**
 * Widens the quantiles of a series during warm-up, while it has fewer than W steps. The net's
 * intervals are too narrow then, because level and scale of the series are not yet known.
 *
 * <p>Both past steps and steps ahead are grouped by powers of 2: 1, 2 to 3, 4 to 7 and so on. The
 * distance of each quantile from the median is multiplied by a factor estimated on held-out data.
 * If the values of a series have not changed yet, the outermost quantiles are at least as far from
 * the median as the errors of forecasts for other such series, and the others in proportion to
 * their levels. Distances are those of transformed values. Immutable and shared.
 *
 * @param minErrors minimum distance of the outermost quantiles by group of steps ahead, in the unit
 *     of the transformed values
 * @param factors by group of past steps, then by group of steps ahead, at least 1
 */
public record WarmUpIntervals(List<Double> minErrors, List<List<Double>> factors) {
  /** No widening. */
  public static final WarmUpIntervals NONE = new WarmUpIntervals(List.of(), List.of());

  /** Maximum factor. */
  public static final double MAX_FACTOR = 1000;

  private static final int MAX_GROUPS = 32;

  public WarmUpIntervals {
    minErrors = List.copyOf(minErrors);
    factors = factors.stream().map(List::copyOf).toList();
    ModelSpecification.requireRange("cold: groups of steps", factors.size(), 0, MAX_GROUPS);
    for (double error : minErrors) {
      if (!(error >= 0) || Double.isInfinite(error)) {
        throw new IllegalArgumentException("cold: expected errors of at least 0, got " + error);
      }
    }
    for (List<Double> row : factors) {
      ModelSpecification.requireRange(
          "cold: factors", row.size(), minErrors.size(), minErrors.size());
      for (double factor : row) {
        if (!(factor >= 1 && factor <= MAX_FACTOR)) {
          throw new IllegalArgumentException(
              "cold: expected factors from 1 to 1000, got " + factor);
        }
      }
    }
  }

  /** Returns the group of a number of steps, at least 1: 0 for 1, 1 for 2 to 3, 2 for 4 to 7. */
  public static int groupOf(int steps) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(steps);
  }

  /** Returns whether quantiles are not widened. */
  public boolean isNone() {
    return factors.isEmpty();
  }

  /** Returns the maximum factor for a series of that many steps. */
  public double maxFactor(int warmSteps) {
    return row(warmSteps).stream().mapToDouble(factor -> factor).max().orElse(1);
  }

  private List<Double> row(int warmSteps) {
    int group = groupOf(warmSteps);
    return group < factors.size() ? factors.get(group) : List.of();
  }

  /**
   * Widens quantiles.
   *
   * @param values [J·Q], ascending within each step; modified
   * @param levels of the quantiles [Q]
   * @param past of the forecast, with fewer than W steps
   */
  public void widen(double[] values, List<Double> levels, SeriesPast past, Scaling scaling) {
    List<Double> row = row(Math.max(1, past.window().size()));
    if (row.isEmpty()) {
      return;
    }
    Precision precision = past.precision(scaling);
    Transform transform = scaling.transform();
    boolean hasChanged = past.scaler().hasChanged();
    int median = levels.indexOf(0.5);
    int count = levels.size();
    for (int j = 1; j * count <= values.length; j++) {
      int group = Math.min(groupOf(j), row.size() - 1);
      double factor = row.get(group);
      double minError = hasChanged ? 0 : minErrors.get(group);
      if (factor > 1 || minError > 0) {
        int first = (j - 1) * count;
        double center = transform.apply(values[first + median]);
        for (int k = 0; k < count; k++) {
          double offset = Math.abs(transform.apply(values[first + k]) - center);
          double distance = factor * offset;
          if (minError > 0) {
            distance = Math.max(distance, minError * share(levels, k));
          }
          if (k != median && distance > offset) {
            double widened = k < median ? center - distance : center + distance;
            values[first + k] = precision.clip(transform.invert(widened));
          }
        }
      }
    }
  }

  /** Returns the distance of a level from 0.5, in that of the outermost level on its side. */
  private static double share(List<Double> levels, int k) {
    double level = levels.get(k);
    return (level - 0.5) / (levels.get(level < 0.5 ? 0 : levels.size() - 1) - 0.5);
  }
}
