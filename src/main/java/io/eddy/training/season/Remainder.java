package io.eddy.training.season;

import java.util.List;

/** A series from which the profiles of accepted seasons are subtracted. */
final class Remainder {
  private final double[] original;
  private final double[] values;

  /** Differences up to this size are not clipped, as in the series with all seasons. */
  private final double leastBound;

  private Remainder(double[] original, double[] values, double leastBound) {
    this.original = original;
    this.values = values;
    this.leastBound = leastBound;
  }

  /** Returns a series of which nothing is subtracted. The values are not copied. */
  static Remainder of(double[] values) {
    return new Remainder(values, values, 0);
  }

  /** Returns all series without a season. */
  static List<Remainder> without(List<Remainder> series, int steps) {
    return series.stream().map(s -> s.without(steps)).toList();
  }

  private Remainder without(int steps) {
    Cycles cycles = cycles(steps);
    return new Remainder(original, cycles.withoutProfile(values), cycles.bound());
  }

  /** Returns the values, NaN where missing; not a copy. */
  double[] values() {
    return values;
  }

  /** Returns the cycles of a candidate. */
  Cycles cycles(int steps) {
    return Cycles.of(values, steps, leastBound);
  }

  /** Returns the variance around the level of the candidate's cycles before any subtraction. */
  double originalPower(int steps) {
    return Cycles.of(original, steps, 0).power();
  }
}
