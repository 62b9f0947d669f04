package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * The memory of the largest value that a statistic had recently.
 *
 * <p>With m the memory and a the mean of the statistic, the ratio of a value s is s / (m + ½·a).
 * The memory decays with a half-life of 1024 steps plus 0.4 of the steps seen, so that records get
 * rarer with time as those of a stationary sequence do (Rényi, "Théorie des éléments saillants
 * d'une suite d'observations", 1962). One value raises it to at most 1.25·(m + ½·a): after an
 * extreme value a smaller anomaly is still found, as a winsorised maximum.
 */
final class RecordMemory {
  static final int BYTES = SlowMean.BYTES + Double.BYTES;

  private static final double LN_HALF = Logarithm.log(0.5);
  private static final double HALF_LIFE_STEPS = 1024;
  private static final double HALF_LIFE_SHARE = 0.4;
  private static final double MEAN_SHARE = 0.5;
  private static final double MEAN_SMOOTHING = 0.002;
  private static final double MAX_GROWTH = 1.25;
  private static final int UNLIMITED_STEPS = 50;
  private static final double NEW_RATIO = 9;

  private final SlowMean mean = new SlowMean(MEAN_SMOOTHING);
  private double max;

  /** Returns the factor by which all memories decay at a step. */
  static double decay(long step) {
    return Logarithm.exp(LN_HALF / (HALF_LIFE_STEPS + HALF_LIFE_SHARE * step));
  }

  /** Returns the ratio of a value and remembers it. */
  double add(double value, double decay) {
    max *= decay;
    double reference = max + MEAN_SHARE * mean.mean();
    double ratio = reference > 0 ? value / reference : value > 0 ? NEW_RATIO : 0;
    if (value > max) {
      double limit = MAX_GROWTH * reference;
      max = mean.count() > UNLIMITED_STEPS ? Math.min(value, limit) : value;
    }
    mean.add(value);
    return ratio;
  }

  void put(ByteBuffer bytes) {
    mean.put(bytes);
    bytes.putDouble(max);
  }

  void get(ByteBuffer bytes) {
    mean.get(bytes);
    max = bytes.getDouble();
  }
}
