package io.eddy.evaluation;

/**
 * What one series' errors are divided by: the mean absolute error of seasonal naive on the values
 * known so far, Σ |x_i − x_{i−m}| over i ≤ t, of pairs that were both measured; with m = 1 while
 * there is none.
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
   * Of no value yet.
   *
   * @param x NaN where nothing was measured
   * @param season m, in steps
   */
  SeasonalNaiveError(double[] x, int season) {
    this.x = x;
    this.season = season;
  }

  /** That of the values up to {@code t}, which never goes back; NaN where there is no change. */
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
