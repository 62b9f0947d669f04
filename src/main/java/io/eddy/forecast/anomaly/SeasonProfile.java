package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The mean, the smallest and the largest value at each time of a season.
 *
 * <p>A bin's mean is exponentially weighted over the seasons. Its bounds contain the value of every
 * step and return towards the mean by a tenth per season.
 *
 * <p>The bins are kept as they are stored, because a step reads at most three of them and writes
 * one. Each has, big-endian:
 *
 * <pre>
 *    1  number of seasons that have a value, at most {@value #MAX_SEASONS}; 0 if the bin is empty
 *    6  mean: the upper 48 bits of a double
 *    2  distance of the lower bound from the mean: a float without its sign and the lower 15 bits
 *    2  distance of the upper bound, in the same form
 * </pre>
 *
 * <p>The distances are rounded up, by at most 1/256.
 */
final class SeasonProfile {
  private static final int MAX_SEASONS = 10;

  private static final int MEAN_AT = 1;
  private static final int LOW_AT = MEAN_AT + 6;
  private static final int HIGH_AT = LOW_AT + 2;
  private static final int BIN_BYTES = HIGH_AT + 2;

  private static final double SMOOTHING = 0.1;
  private static final double KEPT = 0.9;
  private static final byte NONE = -1;
  private static final int DROPPED_BITS = 15;

  private final SeasonClock clock;
  private final ByteBuffer bins;

  /** The bin of the last value; {@link #NONE} before the first one. */
  private byte last = NONE;

  /** Number of values in that bin since the one before it. */
  private int valuesInBin;

  SeasonProfile(SeasonClock clock) {
    this.clock = clock;
    bins = ByteBuffer.allocate(clock.bins() * BIN_BYTES);
  }

  private boolean isEmpty(int bin) {
    return bins.get(bin * BIN_BYTES) == 0;
  }

  /** Returns the mean of a bin, or NaN if it has no value yet. */
  double mean(int bin) {
    return isEmpty(bin) ? Double.NaN : storedMean(bin);
  }

  private double storedMean(int bin) {
    int at = bin * BIN_BYTES + MEAN_AT;
    long bits = (long) bins.getInt(at) << 32 | (bins.getShort(at + 4) & 0xFFFFL) << 16;
    return Double.longBitsToDouble(bits);
  }

  private double distance(int at) {
    return Float.intBitsToFloat((bins.getShort(at) & 0xFFFF) << DROPPED_BITS);
  }

  private double low(int bin) {
    return storedMean(bin) - distance(bin * BIN_BYTES + LOW_AT);
  }

  private double high(int bin) {
    return storedMean(bin) + distance(bin * BIN_BYTES + HIGH_AT);
  }

  /**
   * Returns by how much a value exceeds the bounds of its bin, and those of the bins beside it if
   * bins are parts of a season; negative if it is below them, 0 if it is within or no bounds exist.
   */
  double excess(int bin, double value) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int reach = clock.isFine() ? 1 : 0;
    for (int offset = -reach; offset <= reach; offset++) {
      int other = bin + offset;
      other = other < 0 ? clock.bins() - 1 : other == clock.bins() ? 0 : other;
      if (!isEmpty(other)) {
        low = Math.min(low, low(other));
        high = Math.max(high, high(other));
      }
    }
    if (low > high) {
      return 0;
    }
    return value > high ? value - high : Math.min(0, value - low);
  }

  /** Adds a value to its bin. */
  void add(int bin, double value) {
    boolean isEntered = bin != last || clock.bins() == 1;
    last = (byte) bin;
    valuesInBin = isEntered ? 1 : valuesInBin + 1;
    int at = bin * BIN_BYTES;
    if (isEmpty(bin)) {
      put(at, 1, value, 0, 0);
      return;
    }
    int seasons = bins.get(at);
    if (isEntered) {
      seasons = Math.min(seasons + 1, MAX_SEASONS);
    }
    double share = Math.max(SMOOTHING, 1.0 / seasons) / clock.visitSteps();
    double rate = seasons == 1 ? Math.max(share, 1.0 / valuesInBin) : share;
    double before = storedMean(bin);
    double mean = before + rate * (value - before);
    double kept = isEntered ? KEPT : 1;
    double low = Math.min(value, mean + (low(bin) - mean) * kept);
    double high = Math.max(value, mean + (high(bin) - mean) * kept);
    put(at, seasons, mean, low, high);
  }

  private void put(int at, int seasons, double mean, double low, double high) {
    long bits = Double.doubleToRawLongBits(mean);
    bins.put(at, (byte) seasons);
    bins.putInt(at + MEAN_AT, (int) (bits >>> 32))
        .putShort(at + MEAN_AT + 4, (short) (bits >>> 16));
    double stored = storedMean(at / BIN_BYTES);
    bins.putShort(at + LOW_AT, encoded(stored - low));
    bins.putShort(at + HIGH_AT, encoded(high - stored));
  }

  /** Returns a distance in the stored form; one below 0, which is a rounding error, as 0. */
  private static short encoded(double distance) {
    float limited = (float) Math.max(0, Math.min(Float.MAX_VALUE / 2, distance));
    int bits = Float.floatToRawIntBits(limited);
    return (short) ((bits + (1 << DROPPED_BITS) - 1) >>> DROPPED_BITS);
  }

  /** Returns the number of bytes that {@link #put} writes. */
  int bytes() {
    return 1 + Integer.BYTES + bins.capacity();
  }

  void put(ByteBuffer bytes) {
    bytes.put(last).putInt(valuesInBin).put(bins.array());
  }

  void get(ByteBuffer bytes) {
    last = bytes.get();
    valuesInBin = bytes.getInt();
    bytes.get(bins.array());
  }
}
