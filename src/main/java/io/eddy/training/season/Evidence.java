package io.eddy.training.season;

import java.util.List;

/**
 * What a data set says about a candidate.
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
  private static final int FEW_CYCLES = 8;

  /** What is left of a series with less than this share of its variance is rounding. */
  private static final double NOTHING = 1e-9;

  /** Seasons that explain less than this share of the variance do not change forecasts. */
  private static final double MIN_PART = 0.003;

  /** Returns the evidence of the series that have at least two cycles. */
  static Evidence of(List<Remainder> series, int steps) {
    Sums sums = new Sums();
    for (Remainder each : series) {
      Cycles cycles = each.cycles(steps);
      if (cycles.count() >= 2) {
        sums.add(cycles, each.originalPower(steps));
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
      if (!(power > NOTHING * originalPower)) {
        return;
      }
      int distance = count < FEW_CYCLES ? 1 : 2;
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
    double least = Math.max(0.03, Math.max(0.3 / cycles, 2.5 * deviation));
    return part >= MIN_PART && ((z >= 3 && share >= least) || isObvious(0.6));
  }

  /** Returns whether the data have this season, if it is the best of many candidates. */
  boolean isOther() {
    double least = Math.max(0.15, 6 * deviation);
    return part >= MIN_PART && ((z >= 4 && share >= least) || (cycles >= 4 && isObvious(0.85)));
  }

  /** Returns whether cycles are so similar that a few are enough. */
  private boolean isObvious(double least) {
    return share >= Math.max(least, 2.5 / Math.sqrt(steps * pairs));
  }
}
