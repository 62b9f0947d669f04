package io.eddy.evaluation;

/**
 * The scale of one series' errors in MASE: the mean absolute error of seasonal naive on the values
 * known so far, mean |x_i − x_{i−m}| over i ≤ t, of the pairs of measured values; with m = 1 while
 * there is no such pair.
 */
final class SeasonalNaiveError {
  private final double[] x;
  private final int season;
  private double sum;
  private long count;
  private double changeSum;
  private long changes;
  private int next = 1;

  /**
   * Creates a scale without values.
   *
   * @param x [T] values of the series' steps, NaN for a missing one; not copied
   * @param season m, in steps
   */
  SeasonalNaiveError(double[] x, int season) {
    this.x = x;
    this.season = season;
  }

  /**
   * Returns the scale of the values up to {@code t}, which must not decrease between calls; NaN if
   * the values do not change.
   */
  double at(int t) {
    for (; next <= t; next++) {
      double change = Math.abs(x[next] - x[next - 1]);
      if (!Double.isNaN(change)) {
        changeSum += change;
        changes++;
      }
      double error = next < season ? Double.NaN : Math.abs(x[next] - x[next - season]);
      if (!Double.isNaN(error)) {
        sum += error;
        count++;
      }
    }
    double mean = count > 0 ? sum / count : changeSum / changes;
    return mean > 0 ? mean : Double.NaN;
  }
}
