package io.eddy.rollout;

import java.math.BigDecimal;
import java.util.Comparator;

/**
 * The series that an activation applies to. The natural order is that of precedence, the most
 * specific first: prefixes of the key, then shares of the keys, then all; longer prefixes and
 * smaller shares first.
 */
public sealed interface Scope extends Comparable<Scope>
    permits Scope.All, Scope.Prefix, Scope.Share {
  Comparator<Scope> PRECEDENCE =
      Comparator.comparingInt(Scope::rank)
          .thenComparingInt(Scope::breadth)
          .thenComparing(Scope::toString);

  /** Returns the scope of all series. */
  static Scope all() {
    return new All();
  }

  /** Returns whether a series is in the scope. Allocates nothing. */
  boolean contains(String series);

  /** Returns the precedence of the kind of scope, the first is 0. */
  int rank();

  /** Returns the precedence among scopes of the same kind, the smallest first. */
  int breadth();

  @Override
  default int compareTo(Scope other) {
    return PRECEDENCE.compare(this, other);
  }

  /** All series. */
  record All() implements Scope {
    @Override
    public boolean contains(String series) {
      return true;
    }

    @Override
    public int rank() {
      return 2;
    }

    @Override
    public int breadth() {
      return 0;
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /** The series whose names begin with a prefix. */
  record Prefix(String prefix) implements Scope {
    public Prefix {
      if (prefix.isEmpty()) {
        throw new IllegalArgumentException("prefix: must not be empty");
      }
    }

    @Override
    public boolean contains(String series) {
      return series.startsWith(prefix);
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int breadth() {
      return -prefix.length();
    }

    @Override
    public String toString() {
      return "prefix " + prefix;
    }
  }

  /**
   * A share of the series, selected by {@link KeyHash}. A smaller share is a subset of every larger
   * one, and membership never changes.
   *
   * @param perMillion 1 to 1,000,000
   */
  record Share(int perMillion) implements Scope {
    private static final int PER_PERCENT = KeyHash.BUCKETS / 100;

    public Share {
      if (perMillion < 1 || perMillion > KeyHash.BUCKETS) {
        throw new IllegalArgumentException(
            "share: expected more than 0 % and at most 100 %, got " + percent(perMillion) + " %");
      }
    }

    /** Returns the share of a percentage, in steps of 0.0001 %. */
    public static Share ofPercent(BigDecimal percent) {
      try {
        return new Share(percent.multiply(BigDecimal.valueOf(PER_PERCENT)).intValueExact());
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "share: expected at most 100 %, in steps of 0.0001 %, got "
                + percent.toPlainString()
                + " %",
            e);
      }
    }

    @Override
    public boolean contains(String series) {
      return KeyHash.bucket(series) < perMillion;
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public int breadth() {
      return perMillion;
    }

    @Override
    public String toString() {
      return "share " + percent(perMillion) + " %";
    }

    private static String percent(int perMillion) {
      return BigDecimal.valueOf(perMillion, 4).stripTrailingZeros().toPlainString();
    }
  }
}
