package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Combines the ratios of the statistics to the strength of a step.
 *
 * <p>The strength is the power mean (Σ min(wₖ·rₖ, …)⁸ / K)^⅛ of the weighted ratios, close to their
 * largest. Ratios above e^½ count by the tenth root of their excess. It is near 1 if one statistic
 * equals its record, and higher if several do.
 */
final class Strength {
  /** Steps before the first strength. */
  private static final int WARM_UP_STEPS = 50;

  private static final double SOFT_LIMIT = Logarithm.exp(0.5);
  private static final double EXCESS_POWER = 0.1;

  private static final List<Statistic> STATISTICS = List.of(Statistic.values());

  static final int BYTES = Long.BYTES + STATISTICS.size() * RecordMemory.BYTES;

  private final RecordMemory[] memories = new RecordMemory[STATISTICS.size()];
  private final double[] ratios = new double[STATISTICS.size()];
  private long step;

  Strength() {
    for (int k = 0; k < memories.length; k++) {
      memories[k] = new RecordMemory();
    }
  }

  /**
   * Returns the strength of a step; 0 during the warm-up.
   *
   * @param values of the statistics
   * @param count number of statistics that apply
   */
  double add(double[] values, int count) {
    double decay = RecordMemory.decay(step);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      ratios[k] = STATISTICS.get(k).weight() * memories[k].add(values[k], decay);
      double limited = limited(ratios[k]);
      double square = limited * limited;
      double fourth = square * square;
      sum += fourth * fourth;
    }
    return step++ < WARM_UP_STEPS ? 0 : Math.sqrt(Math.sqrt(Math.sqrt(sum / count)));
  }

  private static double limited(double ratio) {
    return ratio <= SOFT_LIMIT
        ? ratio
        : SOFT_LIMIT * Logarithm.exp(EXCESS_POWER * Logarithm.log(ratio / SOFT_LIMIT));
  }

  void put(ByteBuffer bytes) {
    bytes.putLong(step);
    for (RecordMemory memory : memories) {
      memory.put(bytes);
    }
  }

  void get(ByteBuffer bytes) {
    step = bytes.getLong();
    for (RecordMemory memory : memories) {
      memory.get(bytes);
    }
  }

  /** Returns whether a statistic exceeded its recent record at the last step. */
  boolean isRecord(Statistic statistic) {
    return ratios[statistic.index()] > 1;
  }

  /** Returns the statistic with the largest weighted ratio at the last step. */
  Statistic largest(int count) {
    int largest = 0;
    for (int k = 1; k < count; k++) {
      if (ratios[k] > ratios[largest]) {
        largest = k;
      }
    }
    return STATISTICS.get(largest);
  }
}
