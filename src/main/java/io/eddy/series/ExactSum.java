package io.eddy.series;

import java.util.Arrays;

/**
 * A sum of doubles that does not depend on the order of its terms.
 *
 * <p>The sum is held without rounding as a list of non-overlapping doubles (J. Shewchuk, Adaptive
 * precision floating-point arithmetic and fast robust geometric predicates, 1997) and rounded once
 * when it is read. Terms of similar magnitude need two or three doubles, regardless of their count.
 * The sum must stay finite.
 */
public final class ExactSum {
  private double[] parts = new double[2];
  private int size;

  /** Adds a finite value. */
  public void add(double value) {
    double x = value;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double y = parts[i];
      double high = x + y;
      double larger = Math.abs(x) < Math.abs(y) ? y : x;
      double smaller = Math.abs(x) < Math.abs(y) ? x : y;
      double low = smaller - (high - larger);
      if (low != 0) {
        parts[kept++] = low;
      }
      x = high;
    }
    if (x != 0) {
      if (kept == parts.length) {
        parts = Arrays.copyOf(parts, 2 * kept);
      }
      parts[kept++] = x;
    }
    size = kept;
  }

  /** Adds all terms of another sum. */
  void add(ExactSum other) {
    for (int i = 0; i < other.size; i++) {
      add(other.parts[i]);
    }
  }

  /** Returns the double nearest to the sum; ties round to even. */
  double value() {
    int at = size;
    double high = at > 0 ? parts[--at] : 0;
    double low = 0;
    while (at > 0 && low == 0) {
      double x = high;
      double y = parts[--at];
      high = x + y;
      low = y - (high - x);
    }
    // A tie between two doubles is decided by the sign of the remaining, smaller parts.
    if (at > 0 && Math.signum(low) == Math.signum(parts[at - 1])) {
      double doubled = 2 * low;
      double other = high + doubled;
      high = other - high == doubled ? other : high;
    }
    return high;
  }

  /** Returns a copy of the non-overlapping parts, in ascending order of magnitude. */
  public double[] parts() {
    return Arrays.copyOf(parts, size);
  }
}
