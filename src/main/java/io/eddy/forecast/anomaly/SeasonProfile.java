package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The mean, the smallest and the largest value at each time of a season, in {@value #BINS} bins.
 *
 * <p>A bin's mean is exponentially weighted. Its bounds contain the value of every step and return
 * towards the mean by a tenth per season.
 *
 * <p>The bins are kept as they are stored, because a step reads three of them and writes one: those
 * that have values, in ascending order, big-endian:
 *
 * <pre>
 *    1  index    1  number of values, at most {@value #MAX_COUNT}    8  mean    8  low    8  high
 * </pre>
 */
final class SeasonProfile {
  static final int BINS = 96;

  /** Number of values after which a bin's mean no longer depends on their number. */
  private static final int MAX_COUNT = 127;

  private static final int COUNT_AT = 1;
  private static final int MEAN_AT = 2;
  private static final int LOW_AT = MEAN_AT + Double.BYTES;
  private static final int HIGH_AT = LOW_AT + Double.BYTES;
  private static final int BIN_BYTES = HIGH_AT + Double.BYTES;

  private static final double SMOOTHING = 0.1;
  private static final double LOG_RETURN = Logarithm.log(0.9);

  private ByteBuffer bins = ByteBuffer.allocate(0);

  /** Returns the mean of a bin, or NaN if it has no value yet. */
  double mean(int bin) {
    int at = find(bin);
    return at < 0 ? Double.NaN : bins.getDouble(at + MEAN_AT);
  }

  /**
   * Returns by how much a value exceeds the bounds of its bin and the bins beside it; negative if
   * it is below them, 0 if it is within or no bounds exist.
   */
  double excess(int bin, double value) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int offset = BINS - 1; offset <= BINS + 1; offset++) {
      int at = find((bin + offset) % BINS);
      if (at >= 0) {
        low = Math.min(low, bins.getDouble(at + LOW_AT));
        high = Math.max(high, bins.getDouble(at + HIGH_AT));
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
    int at = find(bin);
    if (at < 0) {
      at = insert(bin, -1 - at);
      bins.putDouble(at + LOW_AT, value).putDouble(at + HIGH_AT, value);
    }
    int count = Math.min(bins.get(at + COUNT_AT) + 1, MAX_COUNT);
    double before = bins.getDouble(at + MEAN_AT);
    double mean = before + Math.max(SMOOTHING, 1.0 / count) * (value - before);
    double kept = Logarithm.exp(LOG_RETURN / Math.max(1, visits));
    double low = Math.min(value, mean + (bins.getDouble(at + LOW_AT) - mean) * kept);
    double high = Math.max(value, mean + (bins.getDouble(at + HIGH_AT) - mean) * kept);
    bins.put(at + COUNT_AT, (byte) count);
    bins.putDouble(at + MEAN_AT, mean).putDouble(at + LOW_AT, low).putDouble(at + HIGH_AT, high);
  }

  /** Returns the position of a bin, or −1 − the position at which it would be. */
  private int find(int bin) {
    int low = 0;
    int high = bins.capacity() / BIN_BYTES - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = bins.get(middle * BIN_BYTES);
      if (found == bin) {
        return middle * BIN_BYTES;
      }
      if (found < bin) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low * BIN_BYTES;
  }

  private int insert(int bin, int at) {
    ByteBuffer before = bins;
    bins = ByteBuffer.allocate(before.capacity() + BIN_BYTES);
    bins.put(0, before, 0, at).put(at, (byte) bin);
    bins.put(at + BIN_BYTES, before, at, before.capacity() - at);
    return at;
  }

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    return 1 + bins.capacity();
  }

  /** Writes the number of bins that have values, then these bins. */
  void put(ByteBuffer bytes) {
    bytes.put((byte) (bins.capacity() / BIN_BYTES)).put(bins.array());
  }

  void get(ByteBuffer bytes) {
    byte[] stored = new byte[bytes.get() * BIN_BYTES];
    bytes.get(stored);
    bins = ByteBuffer.wrap(stored);
  }
}
