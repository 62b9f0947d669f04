package io.eddy.rollout;

import java.math.BigDecimal;
import java.util.Comparator;

/**
 * Which series an activation is for. The order is that of precedence, the most specific first: a
 * prefix of the key before a share of the keys, before all of them; of prefixes the longer one, of
 * shares the smaller one.
 */
public sealed interface Scope extends Comparable<Scope>
    permits Scope.All, Scope.Prefix, Scope.Share {
  Comparator<Scope> PRECEDENCE =
      Comparator.comparingInt(Scope::rank)
          .thenComparingInt(Scope::breadth)
          .thenComparing(Scope::toString);

  /** Every series. */
  static Scope all() {
    return new All();
  }

  /** Whether the series is in it. Allocates nothing. */
  boolean contains(String series);

  /** Which kind comes first. */
  int rank();

  /** Among those of its kind, the narrowest first. */
  int breadth();

  @Override
  default int compareTo(Scope other) {
    return PRECEDENCE.compare(this, other);
  }

  /** Every series. */
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

  /** The series whose name begins with a text. */
  record Prefix(String prefix) implements Scope {
    public Prefix {
      if (prefix.isEmpty()) {
        throw new IllegalArgumentException("prefix: expected a text, got an empty one");
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
   * A share of the series, drawn by {@link KeyHash}. A smaller share is part of every larger one,
   * and a series is in the same shares wherever and whenever it is asked.
   *
   * @param perMillion 1 to 1,000,000
   */
  record Share(int perMillion) implements Scope {
    private static final int PER_PERCENT = KeyHash.PLACES / 100;

    public Share {
      if (perMillion < 1 || perMillion > KeyHash.PLACES) {
        throw new IllegalArgumentException(
            "share: expected more than 0 % and at most 100 %, got " + percent(perMillion) + " %");
      }
    }

    /** The share of so many per cent, in steps of 0.0001. */
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
      return KeyHash.place(series) < perMillion;
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
