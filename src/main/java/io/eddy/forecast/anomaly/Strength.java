package io.eddy.forecast.anomaly;

import io.eddy.model.Logarithm;
import java.nio.ByteBuffer;

/**
 * Combines the ratios of the statistics to the strength of a step.
 *
 * <p>The strength is the power mean (Σ min(wₖ·rₖ, …)⁸ / K)^⅛ of the weighted ratios, close to their
 * largest. Ratios above e^½ count by the tenth root of their excess. It is near 1 if one statistic
 * equals its record, and higher if several do. The components of the detector pass on its natural
 * logarithm.
 */
final class Strength {
  /** Steps before the first strength. */
  private static final int WARM_UP_STEPS = 50;

  private static final double SOFT_LIMIT = Logarithm.exp(0.5);
  private static final double EXCESS_POWER = 0.1;
  private static final int POWER = 8;

  static final int BYTES = 2 * Integer.BYTES + Statistic.ALL * RecordMemory.BYTES;

  private final RecordMemory memory = new RecordMemory(Statistic.ALL);
  private final double[] ratios = new double[Statistic.ALL];
  private int steps;

  /** Number of steps that had a forecast. */
  private int forecastSteps;

  /**
   * Returns the logarithm of the strength of a step; minus infinity during the warm-up.
   *
   * @param values of the statistics
   * @param hasForecast whether those of the forecast apply
   */
  double add(double[] values, boolean hasForecast) {
    double decay = RecordMemory.decay(steps);
    double sum = add(values, 0, Statistic.WITHOUT_FORECAST, decay, steps);
    int count = Statistic.WITHOUT_FORECAST;
    if (hasForecast) {
      sum += add(values, count, Statistic.ALL, decay, forecastSteps);
      count = Statistic.ALL;
      forecastSteps = forecastSteps == Integer.MAX_VALUE ? forecastSteps : forecastSteps + 1;
    }
    boolean isWarm = steps >= WARM_UP_STEPS;
    steps = steps == Integer.MAX_VALUE ? steps : steps + 1;
    return isWarm && sum > 0 ? Logarithm.log(sum / count) / POWER : Double.NEGATIVE_INFINITY;
  }

  private double add(double[] values, int from, int to, double decay, int stepsBefore) {
    double sum = 0;
    double share = 1.0 / (stepsBefore + 1.0);
    for (int k = from; k < to; k++) {
      double ratio = memory.add(k, values[k], decay, stepsBefore, share);
      ratios[k] = Statistic.weight(k) * ratio;
      double limited = limited(ratios[k]);
      double square = limited * limited;
      double fourth = square * square;
      sum += fourth * fourth;
    }
    return sum;
  }

  private static double limited(double ratio) {
    return ratio <= SOFT_LIMIT
        ? ratio
        : SOFT_LIMIT * Logarithm.exp(EXCESS_POWER * Logarithm.log(ratio / SOFT_LIMIT));
  }

  void put(ByteBuffer bytes) {
    bytes.putInt(steps).putInt(forecastSteps);
    memory.put(bytes);
  }

  void get(ByteBuffer bytes) {
    steps = bytes.getInt();
    forecastSteps = bytes.getInt();
    memory.get(bytes);
  }

  /** Returns whether a statistic exceeded its recent record at the last step. */
  boolean isRecord(Statistic statistic) {
    return ratios[statistic.index()] > 1;
  }

  /** Returns the statistic with the largest weighted ratio at the last step. */
  Statistic largest(boolean hasForecast) {
    int count = hasForecast ? Statistic.ALL : Statistic.WITHOUT_FORECAST;
    int largest = 0;
    for (int k = 1; k < count; k++) {
      if (ratios[k] > ratios[largest]) {
        largest = k;
      }
    }
    return Statistic.of(largest);
  }
}
