package io.eddy.training.season;

import java.util.List;

/**
 * The evidence of a data set for or against a candidate.
 *
 * <p>If the deviations of different cycles are independent, the mean product of two cycles is 0 in
 * expectation, whatever the correlation within a cycle. With a season it is the variance of the
 * profile. Hence
 *
 * <pre>
 *   share = mean_{a≠b}(D_a · D_b) / mean_a(D_a · D_a)
 *   z     = Σ_{a&lt;b} D_a · D_b / √(Σ_{a&lt;b} (D_a · D_b)²)
 * </pre>
 *
 * z is approximately standard normal without a season (S. X. Chen and Y.-L. Qin, A two-sample test
 * for high-dimensional data with applications to gene-set testing, 2010). Neighbouring cycles share
 * their levels, so that their products count only where cycles are few. The series of a data set
 * are scaled to the same variance.
 *
 * @param steps length of the candidate
 * @param share share of the variance that the season explains, without that of its parameters
 * @param part the same of the variance before shorter seasons were subtracted
 * @param z standardised sum of the products
 * @param deviation standard deviation of the share without a season
 * @param pairs number of pairs of cycles
 * @param cycles mean number of cycles of the series that have at least two
 */
record Evidence(
    int steps, double share, double part, double z, double deviation, double pairs, double cycles) {
  /** Number of cycles from which the products of neighbouring ones do not count. */
  private static final int MANY_CYCLES = 8;

  /** Share of a series' variance below which the rest of the series is rounding errors. */
  private static final double MIN_REMAINING = 1e-9;

  /** Seasons that explain less than this share of the variance do not change forecasts. */
  private static final double MIN_PART = 0.003;

  /**
   * Limits of a natural season. Without a season, z exceeds 3 once in 700 tests, and the share
   * exceeds 2.5 standard deviations once in 160. Few cycles agree by chance more easily than many,
   * so that the minimum share falls with the number of cycles.
   */
  private static final double MIN_NATURAL_Z = 3;

  private static final double MIN_NATURAL_SHARE = 0.03;
  private static final double MIN_NATURAL_SHARE_BY_CYCLES = 0.3;
  private static final double MIN_NATURAL_DEVIATIONS = 2.5;

  /** Limits of another season, which are stricter because it is the best of many candidates. */
  private static final double MIN_OTHER_Z = 4;

  private static final double MIN_OTHER_SHARE = 0.15;
  private static final double MIN_OTHER_DEVIATIONS = 6;

  /**
   * Shares from which cycles are so similar that z, which is small for few pairs of cycles, does
   * not count. Another season needs {@value #MIN_OTHER_CYCLES} cycles even then.
   */
  private static final double OBVIOUS_NATURAL_SHARE = 0.6;

  private static final double OBVIOUS_OTHER_SHARE = 0.85;
  private static final int MIN_OTHER_CYCLES = 4;

  /** Standard deviations of the share of noise, 1/√(steps·pairs), that an obvious one exceeds. */
  private static final double MIN_OBVIOUS_DEVIATIONS = 2.5;

  /** Returns the evidence of the series that have at least two cycles. */
  static Evidence of(List<Remainder> series, int steps) {
    Sums sums = new Sums();
    for (Remainder remainder : series) {
      Cycles cycles = remainder.cycles(steps);
      if (cycles.count() >= 2) {
        sums.add(cycles, remainder.originalPower(steps));
      }
    }
    return sums.evidence(steps);
  }

  /** Sums over the series. */
  private static final class Sums {
    private int series;
    private double cycles;
    private double share;
    private double part;
    private double products;
    private double squares;
    private double effective;
    private double pairs;

    void add(Cycles cycles, double originalPower) {
      int count = cycles.count();
      double power = cycles.power();
      series++;
      this.cycles += count;
      if (!(power > MIN_REMAINING * originalPower)) {
        return;
      }
      int distance = count < MANY_CYCLES ? 1 : 2;
      double sum = 0;
      int used = 0;
      for (int b = distance; b < count; b++) {
        for (int a = 0; a <= b - distance; a++) {
          double product = cycles.product(a, b) / power;
          sum += product;
          squares = Math.fma(product, product, squares);
          used++;
        }
      }
      share += sum / used;
      part += sum / used * (power / originalPower);
      products += sum;
      pairs += used;
      effective += used * cycles.effectiveSteps();
    }

    Evidence evidence(int steps) {
      int count = Math.max(1, series);
      return new Evidence(
          steps,
          share / count,
          part / count,
          squares > 0 ? products / Math.sqrt(squares) : 0,
          effective > 0 ? 1 / Math.sqrt(effective) : Double.POSITIVE_INFINITY,
          pairs,
          cycles / count);
    }
  }

  /** Returns whether the data have this season, if it is likely from the start. */
  boolean isNatural() {
    double least =
        Math.max(
            MIN_NATURAL_SHARE,
            Math.max(MIN_NATURAL_SHARE_BY_CYCLES / cycles, MIN_NATURAL_DEVIATIONS * deviation));
    return part >= MIN_PART
        && ((z >= MIN_NATURAL_Z && share >= least) || isObvious(OBVIOUS_NATURAL_SHARE));
  }

  /** Returns whether the data have this season, if it is the best of many candidates. */
  boolean isOther() {
    double least = Math.max(MIN_OTHER_SHARE, MIN_OTHER_DEVIATIONS * deviation);
    return part >= MIN_PART
        && ((z >= MIN_OTHER_Z && share >= least)
            || (cycles >= MIN_OTHER_CYCLES && isObvious(OBVIOUS_OTHER_SHARE)));
  }

  /** Returns whether cycles are so similar that a few are enough. */
  private boolean isObvious(double least) {
    return share >= Math.max(least, MIN_OBVIOUS_DEVIATIONS / Math.sqrt(steps * pairs));
  }
}
