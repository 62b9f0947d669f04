package io.eddy.model;

import java.util.List;

/**
 * How much wider the quantiles of a series are that has not had its W steps yet, as held-out data
 * say it: a net knows neither the level nor the spread of a series that it sees for the first time,
 * and is as sure of itself as ever.
 *
 * <p>Steps so far, and steps ahead, are told apart by powers of 2: 1, 2 to 3, 4 to 7 and so on.
 * Each quantile is moved away from the median by a factor. Of a series that has shown no change
 * yet, not even that tells how far it goes; then the outermost ones lie at least as far off as
 * forecasts of other such series err, and the others in proportion to their levels. All that is
 * done to transformed values. Immutable and shared.
 *
 * @param minErrors by steps ahead, in the unit of the transformed values
 * @param factors by steps so far, then by steps ahead, at least 1
 */
public record WarmUpIntervals(List<Double> minErrors, List<List<Double>> factors) {
  /** Quantiles stay as they are. */
  public static final WarmUpIntervals NONE = new WarmUpIntervals(List.of(), List.of());

  /** Largest factor. */
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

  /** Group of a number of steps, from 1: 0 for 1, 1 for 2 to 3, 2 for 4 to 7. */
  public static int groupOf(int steps) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(steps);
  }

  /** Whether anything is moved. */
  public boolean isNone() {
    return factors.isEmpty();
  }

  /** The largest factor for a series of so many steps. */
  public double maxFactor(int warmSteps) {
    return row(warmSteps).stream().mapToDouble(one -> one).max().orElse(1);
  }

  private List<Double> row(int warmSteps) {
    int group = groupOf(warmSteps);
    return group < factors.size() ? factors.get(group) : List.of();
  }

  /**
   * Moves quantiles.
   *
   * @param values of every step ahead, ascending within each; modified
   * @param levels of the quantiles
   * @param past what the forecast is made of, which has less than its W steps
   */
  public void widen(float[] values, List<Double> levels, SeriesPast past, Transform transform) {
    List<Double> row = row(Math.max(1, past.window().size()));
    boolean hasChanged = past.scaler().hasChanged();
    for (int j = 1; j * levels.size() <= values.length && !row.isEmpty(); j++) {
      int group = Math.min(groupOf(j), row.size() - 1);
      double least = hasChanged ? 0 : minErrors.get(group);
      if (row.get(group) > 1 || least > 0) {
        widen(values, (j - 1) * levels.size(), levels, new By(row.get(group), least, transform));
      }
    }
  }

  private record By(double factor, double least, Transform transform) {
    float moved(double middle, float value, double share, boolean isBelow) {
      double offset = Math.abs(transform.apply(value) - middle);
      double wanted = Math.max(factor * offset, least * share);
      if (!(wanted > offset)) {
        return value;
      }
      double moved = transform.invert(isBelow ? middle - wanted : middle + wanted);
      return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, moved));
    }
  }

  private static void widen(float[] values, int from, List<Double> levels, By by) {
    int last = levels.size() - 1;
    double middle = by.transform.apply(values[from + levels.indexOf(0.5)]);
    for (int k = 0; k <= last; k++) {
      double level = levels.get(k);
      boolean isBelow = level < 0.5;
      double share = (level - 0.5) / (levels.get(isBelow ? 0 : last) - 0.5);
      if (level != 0.5) {
        values[from + k] = by.moved(middle, values[from + k], share, isBelow);
      }
    }
  }
}
