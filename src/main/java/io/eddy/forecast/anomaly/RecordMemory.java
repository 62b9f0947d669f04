package io.eddy.forecast.anomaly;

import java.nio.ByteBuffer;

/**
 * The memories of the largest values that statistics had recently.
 *
 * <p>With m the memory and a the mean of a statistic, the ratio of a value s is s / (m + ½·a). The
 * memory decays with a half-life of 1024 steps plus 0.4 of the steps seen, at most a million, so
 * that records get rarer with time as those of a stationary sequence do (Rényi, "Théorie des
 * éléments saillants d'une suite d'observations", 1962). One value raises it to at most 1.25·(m +
 * ½·a): after an extreme value a smaller anomaly is still found, as a winsorised maximum.
 */
final class RecordMemory {
  /** Bytes of one statistic. */
  static final int BYTES = 2 * Float.BYTES;

  private static final double LN_2 = 0.6931471805599453;
  private static final double HALF_LIFE_STEPS = 1024;
  private static final double HALF_LIFE_SHARE = 0.4;
  private static final int MAX_STEPS = 1_000_000;
  private static final double MEAN_SHARE = 0.5;
  private static final double MEAN_SMOOTHING = 0.002;
  private static final double MAX_GROWTH = 1.25;
  private static final int UNLIMITED_STEPS = 50;
  private static final double NEW_RATIO = 9;

  private final float[] means;
  private final float[] records;

  RecordMemory(int statistics) {
    means = new float[statistics];
    records = new float[statistics];
  }

  /** Returns the factor by which all memories decay at a step: e⁻ˣ ≈ 1 − x + x²/2 for small x. */
  static double decay(int steps) {
    double x = LN_2 / (HALF_LIFE_STEPS + HALF_LIFE_SHARE * Math.min(steps, MAX_STEPS));
    return 1 - x + x * x / 2;
  }

  /**
   * Returns the ratio of a value and remembers it.
   *
   * @param stepsBefore number of values before it
   * @param share 1/n, with n the number of values including it
   */
  double add(int statistic, double value, double decay, int stepsBefore, double share) {
    double record = records[statistic] * decay;
    double mean = means[statistic];
    double reference = record + MEAN_SHARE * mean;
    double ratio = reference > 0 ? value / reference : value > 0 ? NEW_RATIO : 0;
    if (value > record) {
      record = stepsBefore > UNLIMITED_STEPS ? Math.min(value, MAX_GROWTH * reference) : value;
    }
    records[statistic] = StepStatistics.limited(record);
    means[statistic] = StepStatistics.limited(SlowMean.next(mean, value, MEAN_SMOOTHING, share));
    return ratio;
  }

  void put(ByteBuffer bytes) {
    for (int k = 0; k < means.length; k++) {
      bytes.putFloat(means[k]).putFloat(records[k]);
    }
  }

  void get(ByteBuffer bytes) {
    for (int k = 0; k < means.length; k++) {
      means[k] = bytes.getFloat();
      records[k] = bytes.getFloat();
    }
  }
}
