package io.eddy.training.season;

import java.util.Arrays;

/**
 * The deviations of one series from its level, arranged in cycles of a candidate.
 *
 * <pre>
 *   D_{c,p} = x_{c,p} − level_{c,p},   c = 1 … n cycles,   p = 1 … m steps of a cycle
 * </pre>
 *
 * The level is the trimmed mean of each cycle, interpolated linearly between the centres of the
 * cycles, so that a season of m steps, trends and level shifts do not mix. Deviations are clipped
 * so that they differ from the median of their step of the cycle by at most the largest of three
 * sizes: {@value #CLIP} times the mean difference, the largest median, and the difference that a
 * hundredth of the values exceeds. Missing values have the deviation 0. The cycles end with the
 * series.
 */
final class Cycles {
  static final int MAX_CYCLES = 128;
  private static final double CLIP = 6;
  private static final int MAX_CLIP_ROUNDS = 30;

  /** Share of the differences that are never clipped. */
  private static final double UNCLIPPED_SHARE = 0.99;

  private static final double TRIMMED_SHARE = 0.1;
  private static final int MIN_TRIMMED_STEPS = 8;

  /** Deviations smaller than this share of the largest value are rounding errors. */
  private static final double ROUNDING = 1e-12;

  private final int steps;
  private final int count;
  private final int begin;
  private final double bound;

  /** D [n, m]. */
  private final double[] deviations;

  /** The clipped parts of the deviations [n, m]. */
  private final double[] excess;

  /** Number of cycles in which a step of the cycle is known [m]. */
  private final int[] known;

  private Cycles(int begin, double bound, double[] deviations, double[] excess, int[] known) {
    steps = known.length;
    this.bound = bound;
    count = deviations.length / steps;
    this.begin = begin;
    this.deviations = deviations;
    this.excess = excess;
    this.known = known;
  }

  /**
   * Arranges the last values of a series.
   *
   * @param x values, NaN where missing; not modified
   * @param steps m
   * @param leastBound differences up to this size are not clipped
   */
  static Cycles of(double[] x, int steps, double leastBound) {
    int count = Math.min(MAX_CYCLES, x.length / steps);
    int begin = x.length - count * steps;
    double[] deviations = new double[count * steps];
    double[] excess = new double[deviations.length];
    double bound = leastBound;
    if (count > 0) {
      subtractLevel(x, begin, levels(x, begin, count, steps), deviations);
      double rounding = ROUNDING * largest(x);
      System.arraycopy(deviations, 0, excess, 0, excess.length);
      bound =
          clip(deviations, medians(x, begin, deviations, steps), Math.max(rounding, leastBound));
      for (int i = 0; i < excess.length; i++) {
        excess[i] -= deviations[i];
      }
      centre(x, begin, deviations, steps, rounding);
    }
    int[] known = new int[steps];
    for (int i = 0; i < deviations.length; i++) {
      known[i % steps] += Double.isNaN(x[begin + i]) ? 0 : 1;
    }
    return new Cycles(begin, bound, deviations, excess, known);
  }

  /** Returns the level of every cycle; a cycle without values has that of the one before. */
  private static double[] levels(double[] x, int begin, int count, int steps) {
    double[] levels = new double[count];
    double last = Double.NaN;
    for (int c = 0; c < count; c++) {
      double level = trimmedMean(x, begin + c * steps, steps);
      last = Double.isNaN(level) ? last : level;
      levels[c] = last;
    }
    for (int c = count - 2; c >= 0; c--) {
      levels[c] = Double.isNaN(levels[c]) ? levels[c + 1] : levels[c];
    }
    return levels;
  }

  private static double trimmedMean(double[] x, int from, int steps) {
    double[] sorted = Arrays.copyOfRange(x, from, from + steps);
    Arrays.sort(sorted);
    int known = steps;
    while (known > 0 && Double.isNaN(sorted[known - 1])) {
      known--;
    }
    int trimmed = known < MIN_TRIMMED_STEPS ? 0 : (int) Math.ceil(TRIMMED_SHARE * known);
    double sum = 0;
    for (int i = trimmed; i < known - trimmed; i++) {
      sum += sorted[i];
    }
    return 2 * known < steps ? Double.NaN : sum / (known - 2 * trimmed);
  }

  private static void subtractLevel(double[] x, int begin, double[] levels, double[] deviations) {
    int steps = deviations.length / levels.length;
    for (int i = 0; i < deviations.length; i++) {
      double position = (i + 0.5) / steps - 0.5;
      int c = Math.max(0, Math.min(levels.length - 2, (int) Math.floor(position)));
      double slope = levels.length > 1 ? levels[c + 1] - levels[c] : 0;
      double deviation = x[begin + i] - levels[c] - (position - c) * slope;
      deviations[i] = Double.isFinite(deviation) ? deviation : 0;
    }
  }

  private static double largest(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Double.isNaN(value) ? largest : Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Clips large differences from the median profile and returns the bound. */
  private static double clip(double[] deviations, double[] medians, double leastBound) {
    double[] sizes = new double[deviations.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(deviations[i] - medians[i % medians.length]);
    }
    double bound = Math.max(Math.max(leastBound, largest(medians)), bound(sizes));
    for (int i = 0; i < deviations.length; i++) {
      double median = medians[i % medians.length];
      double clipped = median + Math.max(-bound, Math.min(bound, deviations[i] - median));
      deviations[i] = clipped;
    }
    return bound;
  }

  /**
   * Subtracts the mean of each cycle from its known deviations, and sets missing ones and rounding
   * errors to 0.
   */
  private static void centre(
      double[] x, int begin, double[] deviations, int steps, double rounding) {
    for (int from = 0; from < deviations.length; from += steps) {
      double sum = 0;
      int known = 0;
      for (int i = from; i < from + steps; i++) {
        boolean isKnown = !Double.isNaN(x[begin + i]);
        sum += isKnown ? deviations[i] : 0;
        known += isKnown ? 1 : 0;
      }
      for (int i = from; i < from + steps; i++) {
        double centred = deviations[i] - sum / Math.max(1, known);
        boolean isZero = Double.isNaN(x[begin + i]) || Math.abs(centred) <= rounding;
        deviations[i] = isZero ? 0 : centred;
      }
    }
  }

  /**
   * Returns {@value #CLIP} times the mean of the clipped sizes, and at least the size that a
   * hundredth of them exceeds.
   *
   * @param sizes modified
   */
  private static double bound(double[] sizes) {
    Arrays.sort(sizes);
    double least = sizes[(int) (UNCLIPPED_SHARE * (sizes.length - 1))];
    double bound = Double.POSITIVE_INFINITY;
    for (int round = 0; round < MAX_CLIP_ROUNDS; round++) {
      double sum = 0;
      for (double size : sizes) {
        sum += Math.min(bound, size);
      }
      double next = Math.max(least, CLIP * sum / sizes.length);
      if (next >= bound) {
        return bound;
      }
      bound = next;
    }
    return bound;
  }

  /** Returns the median of every step of the cycle over the cycles in which it is known, or 0. */
  private static double[] medians(double[] x, int begin, double[] deviations, int steps) {
    double[] medians = new double[steps];
    double[] known = new double[deviations.length / steps];
    for (int p = 0; p < steps; p++) {
      int count = 0;
      for (int i = p; i < deviations.length; i += steps) {
        if (!Double.isNaN(x[begin + i])) {
          known[count++] = deviations[i];
        }
      }
      Arrays.sort(known, 0, count);
      medians[p] = count == 0 ? 0 : (known[(count - 1) / 2] + known[count / 2]) / 2;
    }
    return medians;
  }

  /** Returns the size up to which differences from the median profile were not clipped. */
  double bound() {
    return bound;
  }

  /** Returns n, the number of cycles. */
  int count() {
    return count;
  }

  /** Returns the mean square of the deviations. */
  double power() {
    return deviations.length == 0 ? 0 : dot(0, 0, deviations.length) / deviations.length;
  }

  /**
   * Returns the variance of the profile, corrected for its parameters: mean_{a≠b}(D_a · D_b) / m.
   */
  double profilePower() {
    double power = 0;
    for (int p = 0; p < steps; p++) {
      double total = 0;
      double squares = 0;
      for (int i = p; i < deviations.length; i += steps) {
        total += deviations[i];
        squares += deviations[i] * deviations[i];
      }
      double pairs = known[p] * (known[p] - 1.0);
      power += pairs > 0 ? (total * total - squares) / pairs / steps : 0;
    }
    return Math.max(0, power);
  }

  /** Returns D [n, m]; not a copy. */
  double[] deviations() {
    return deviations;
  }

  /**
   * Returns the number of steps of equal variance that vary as much as these: m if all have the
   * same variance, 1 if all variance is that of one step of the cycle.
   */
  double effectiveSteps() {
    double sum = 0;
    double squares = 0;
    for (int p = 0; p < steps; p++) {
      double variance = 0;
      for (int i = p; i < deviations.length; i += steps) {
        variance += deviations[i] * deviations[i];
      }
      sum += variance;
      squares += variance * variance;
    }
    return squares > 0 ? sum * sum / squares : 0;
  }

  /** Returns D_a · D_b / m, the mean product of the deviations of two cycles. */
  double product(int a, int b) {
    return dot(a * steps, b * steps, steps) / steps;
  }

  private double dot(int a, int b, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum = Math.fma(deviations[a + i], deviations[b + i], sum);
    }
    return sum;
  }

  /**
   * Returns a copy of the series from which the profile, as far as it is not noise, and what was
   * clipped are subtracted.
   *
   * @param x the series of these cycles
   */
  double[] withoutProfile(double[] x) {
    double[] profile = profile();
    double raw = 0;
    for (double value : profile) {
      raw += value * value / steps;
    }
    double certain = raw > 0 ? Math.min(1, profilePower() / raw) : 0;
    double[] rest = x.clone();
    for (int t = 0; t < rest.length; t++) {
      rest[t] -= certain * profile[Math.floorMod(t - begin, steps)];
      rest[t] -= t < begin ? 0 : excess[t - begin];
    }
    return rest;
  }

  /** Returns the mean deviation of every step of the cycle. */
  private double[] profile() {
    double[] profile = new double[steps];
    for (int i = 0; i < deviations.length; i++) {
      profile[i % steps] += deviations[i];
    }
    for (int p = 0; p < steps; p++) {
      profile[p] /= Math.max(1, known[p]);
    }
    return profile;
  }
}
