package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The mean, the smallest and the largest value at each time of a season, in {@value #BINS} bins.
 *
 * <p>A bin's mean is exponentially weighted. Its bounds contain the value of every step and return
 * towards the mean by a tenth per season.
 */
final class SeasonProfile {
  static final int BINS = 96;

  /** Number of values after which a bin's mean no longer depends on their number. */
  private static final int MAX_COUNT = 127;

  private static final int BIN_BYTES = 1 + 3 * Double.BYTES;
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

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    int visited = 0;
    for (int count : counts) {
      visited += count > 0 ? 1 : 0;
    }
    return 1 + visited * (1 + BIN_BYTES);
  }

  /** Writes the bins that have values: their number, then for each its index and contents. */
  void put(ByteBuffer bytes) {
    int numberAt = bytes.position();
    bytes.put((byte) 0);
    byte visited = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0) {
        visited++;
        bytes.put((byte) bin).put((byte) Math.min(counts[bin], MAX_COUNT));
        bytes.putDouble(means[bin]).putDouble(lows[bin]).putDouble(highs[bin]);
      }
    }
    bytes.put(numberAt, visited);
  }

  void get(ByteBuffer bytes) {
    for (int left = bytes.get(); left > 0; left--) {
      int bin = bytes.get();
      counts[bin] = bytes.get();
      means[bin] = bytes.getDouble();
      lows[bin] = bytes.getDouble();
      highs[bin] = bytes.getDouble();
    }
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
