package io.eddy.evaluation.combination;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** Generated series of simple kinds, and mixtures of their regimes. */
public final class SimpleSeries {
  private SimpleSeries() {}

  /** Returns Gaussian noise of standard deviation 1, by the sum of twelve uniform numbers. */
  public static double noise(SplittableRandom random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  /** Returns {@code size} values of a function of the step. */
  public static double[] of(int size, IntToDoubleFunction value) {
    double[] values = new double[size];
    for (int t = 0; t < size; t++) {
      values[t] = value.applyAsDouble(t);
    }
    return values;
  }

  /** Returns a random walk with steps of standard deviation 1. */
  public static double[] walk(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[size];
    double last = 100;
    for (int t = 0; t < size; t++) {
      last += noise(random);
      values[t] = last;
    }
    return values;
  }

  /** Returns a wave of a season between −1 and 1. */
  public static double wave(int t, double season) {
    return StrictMath.sin(2 * Math.PI * t / season);
  }

  /** Returns a number of events of a Poisson process with a mean. */
  public static int poisson(SplittableRandom random, double mean) {
    double least = StrictMath.exp(-mean);
    int count = 0;
    for (double product = random.nextDouble(); product > least; count++) {
      product *= random.nextDouble();
    }
    return count;
  }

  /** Returns a series of random regimes of 40 to 200 steps, with a season of {@code season}. */
  public static double[] mixture(int size, int season, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> values = new ArrayList<>();
    double level = 10 * noise(random);
    while (values.size() < size) {
      if (random.nextBoolean()) {
        level += 10 * noise(random);
      }
      regime(values, random, level, season);
      if (random.nextBoolean()) {
        level = values.get(values.size() - 1);
      }
    }
    return values.stream().limit(size).mapToDouble(value -> value).toArray();
  }

  private static void regime(
      List<Double> values, SplittableRandom random, double level, int season) {
    int kind = random.nextInt(6);
    int size = random.nextInt(40, 200);
    double scale = StrictMath.exp(0.7 * noise(random));
    int phase = random.nextInt(season);
    double walk = level;
    for (int i = 0; i < size; i++) {
      double noise = scale * noise(random);
      walk += noise / 2;
      values.add(
          switch (kind) {
            case 0 -> level + noise;
            case 1 -> walk;
            case 2 -> level + 5 * scale * wave(i + phase, season) + noise / 5;
            case 3 -> level + scale * i / 5 + noise / 3;
            case 4 -> level + (i % season == phase ? 20 * scale : 0);
            default -> level + scale * poisson(random, 0.3);
          });
    }
  }
}
