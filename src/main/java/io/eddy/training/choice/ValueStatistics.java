package io.eddy.training.choice;

import io.eddy.model.Bounds;
import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Statistics that recognise kinds of values in the training part: whole numbers, values of at least
 * 0, shares, small counts.
 *
 * <p>The rules are strict, because data that happen to be above 0 so far, such as temperatures in
 * summer, must not be bounded: values are at least 0 if none is below and at least {@value
 * #MIN_SHARE} of them are 0; they end at 1 or 100 if they are at least 0, at least as many of them
 * equal that bound, and there are values between; they are whole numbers if all of them are.
 */
final class ValueStatistics {
  private static final double MIN_SHARE = 0.01;
  private static final int MIN_VALUES = 20;
  private static final int MIN_DISTINCT = 10;

  /** Mean above which quantiles describe counts as well as a distribution of counts does. */
  private static final double MAX_COUNT_MEAN = 10;

  private static final int MAX_LAG = 400;
  private static final int MAX_COMPARED = 4000;

  private final Set<Double> distinct = new HashSet<>();
  private long count;
  private long zeros;
  private long ones;
  private long hundreds;
  private double lowest = Double.POSITIVE_INFINITY;
  private double highest = Double.NEGATIVE_INFINITY;
  private double sum;
  private boolean isInteger = true;
  private boolean isRandom = true;

  private ValueStatistics() {}

  /**
   * Collects the statistics.
   *
   * @param end grid index before which values are read
   */
  static ValueStatistics of(Collection<SteppedSeries> series, long end) {
    ValueStatistics statistics = new ValueStatistics();
    for (SteppedSeries s : series) {
      double[] values = s.before(end).values();
      for (double value : values) {
        statistics.add(value);
      }
      statistics.isRandom = statistics.isInteger && statistics.isRandom && isRandom(values);
    }
    return statistics;
  }

  private void add(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    count++;
    zeros += value == 0 ? 1 : 0;
    ones += value == 1 ? 1 : 0;
    hundreds += value == 100 ? 1 : 0;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    sum += value;
    isInteger &= value == Math.rint(value);
    if (distinct.size() <= MIN_DISTINCT) {
      distinct.add(value);
    }
  }

  /** Returns the bounds that the rules recognise, or {@link Bounds#NONE}. */
  Bounds bounds() {
    if (count < MIN_VALUES) {
      return Bounds.NONE;
    }
    double lower = isNonNegative() ? 0 : Double.NEGATIVE_INFINITY;
    return new Bounds(lower, upper(), isInteger, false);
  }

  private boolean isNonNegative() {
    return lowest == 0 && zeros >= MIN_SHARE * count;
  }

  private double upper() {
    boolean isShare = highest == 1 && ones >= MIN_SHARE * count && !isInteger;
    boolean isPercentage = highest == 100 && hundreds >= MIN_SHARE * count;
    return isNonNegative() && (isShare || isPercentage) && distinct.size() > MIN_DISTINCT
        ? highest
        : Double.POSITIVE_INFINITY;
  }

  /** Describes why the bounds were chosen. */
  String reason() {
    String whole = isInteger ? "all %,d training values are whole numbers".formatted(count) : "";
    String zero =
        isNonNegative()
            ? "%.0f %% of %s are 0 and none is below"
                .formatted(
                    100.0 * zeros / count,
                    isInteger ? "them" : "the %,d training values".formatted(count))
            : "";
    return whole + (whole.isEmpty() || zero.isEmpty() ? "" : ", ") + zero;
  }

  /** Returns the mean. */
  double mean() {
    return sum / count;
  }

  /**
   * Returns whether the values are small counts of random events: their changes, whatever the lag,
   * are at least half as large as those of independent Poisson counts, whose mean square is 2μ.
   */
  boolean isSmallCounts() {
    return count >= MIN_VALUES
        && isInteger
        && isNonNegative()
        && highest > 0
        && mean() <= MAX_COUNT_MEAN
        && isRandom;
  }

  private static boolean isRandom(double[] all) {
    double[] values = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_COMPARED), all.length);
    double mean = Arrays.stream(values).filter(value -> !Double.isNaN(value)).average().orElse(0);
    for (int lag = 1; lag <= Math.min(MAX_LAG, values.length / 3); lag++) {
      double square = 0;
      int pairs = 0;
      for (int t = lag; t < values.length; t++) {
        double change = values[t] - values[t - lag];
        if (!Double.isNaN(change)) {
          square += change * change;
          pairs++;
        }
      }
      if (pairs >= MIN_VALUES && square < mean * pairs) {
        return false;
      }
    }
    return true;
  }
}
