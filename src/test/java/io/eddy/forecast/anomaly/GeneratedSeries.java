package io.eddy.forecast.anomaly;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Hourly series without anomalies. */
enum GeneratedSeries {
  SEASON_AND_NOISE,
  HEAVY_TAILS,
  RANDOM_WALK,
  COUNTS,
  NOISE,
  AUTOREGRESSIVE;

  static final long HOUR_MS = 3_600_000;
  private static final int SEASON = 24;

  /** Returns the values of a series. */
  double[] values(int steps, long seed) {
    IntToDoubleFunction next = next(new Random(seed));
    double[] values = new double[steps];
    for (int t = 0; t < steps; t++) {
      values[t] = next.applyAsDouble(t);
    }
    return values;
  }

  private IntToDoubleFunction next(Random random) {
    double[] level = new double[1];
    return switch (this) {
      case SEASON_AND_NOISE -> t -> 20 + 5 * season(t) + random.nextGaussian();
      case HEAVY_TAILS -> t -> student(random);
      case RANDOM_WALK -> t -> level[0] += random.nextGaussian();
      case COUNTS -> t -> poisson(random, 4 + 3 * season(t));
      case NOISE -> t -> random.nextGaussian();
      case AUTOREGRESSIVE -> t -> level[0] = 0.8 * level[0] + random.nextGaussian();
    };
  }

  private static double season(int t) {
    return Math.sin(2 * Math.PI * t / SEASON);
  }

  /** Returns a value of Student's distribution with three degrees of freedom. */
  private static double student(Random random) {
    double squares = 0;
    for (int k = 0; k < 3; k++) {
      double value = random.nextGaussian();
      squares += value * value;
    }
    return random.nextGaussian() / Math.sqrt(squares / 3);
  }

  private static double poisson(Random random, double mean) {
    double product = random.nextDouble();
    int count = 0;
    while (product > Math.exp(-mean)) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
