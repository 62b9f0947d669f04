package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;

/**
 * The mean, the smallest and the largest value at each time of a season, in {@value #BINS} bins.
 *
 * <p>A bin's mean is exponentially weighted. Its bounds contain the value of every step and return
 * towards the mean by a tenth per season.
 */
final class SeasonProfile {
  static final int BINS = 96;
  private static final double SMOOTHING = 0.1;
  private static final double LOG_RETURN = Logarithm.log(0.9);

  private final double[] means = new double[BINS];
  private final double[] lows = new double[BINS];
  private final double[] highs = new double[BINS];
  private final int[] counts = new int[BINS];

  /** Returns the mean of a bin, or NaN if it has no value yet. */
  double mean(int bin) {
    return counts[bin] == 0 ? Double.NaN : means[bin];
  }

  /**
   * Returns by how much a value exceeds the bounds of its bin and the bins beside it; negative if
   * it is below them, 0 if it is within or no bounds exist.
   */
  double excess(int bin, double value) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int offset = BINS - 1; offset <= BINS + 1; offset++) {
      int k = (bin + offset) % BINS;
      if (counts[k] > 0) {
        low = Math.min(low, lows[k]);
        high = Math.max(high, highs[k]);
      }
    }
    if (low > high) {
      return 0;
    }
    return value > high ? value - high : Math.min(0, value - low);
  }

  /**
   * Adds a value to its bin.
   *
   * @param visits number of steps that a bin receives per season
   */
  void add(int bin, double value, double visits) {
    if (counts[bin] == 0) {
      lows[bin] = value;
      highs[bin] = value;
    }
    counts[bin]++;
    means[bin] += Math.max(SMOOTHING, 1.0 / counts[bin]) * (value - means[bin]);
    double kept = Logarithm.exp(LOG_RETURN / Math.max(1, visits));
    double mean = means[bin];
    lows[bin] = Math.min(value, mean + (lows[bin] - mean) * kept);
    highs[bin] = Math.max(value, mean + (highs[bin] - mean) * kept);
  }
}
