package io.eddy.dataset.synthetic;

import io.eddy.series.Covariates;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Makes series that only a plan can foretell: how far a plant is to run, drawn anew after one to
 * twelve steps, decides its consumption of the same step, but for a little noise. The same seed
 * gives the same bits on every JDK.
 */
public final class PlannedLoadGenerator {
  /** Name of the plan's column. */
  public static final String PLAN = "plan";

  private static final double NOISE = 0.5;
  private static final int LONGEST = 12;

  private final long intervalMs;
  private final List<Plant> plants;

  /** One plant. */
  private static final class Plant {
    final String name;
    final SplittableRandom random;
    final double idle;
    final double gain;
    double plan;
    int left;

    Plant(int index, SplittableRandom random) {
      this.name = "plant-%03d".formatted(index);
      this.random = random;
      idle = 20 + random.nextInt(80);
      gain = 10 + random.nextInt(90);
    }

    void next() {
      if (left == 0) {
        left = 1 + random.nextInt(LONGEST);
        plan = random.nextInt(11) / 10.0;
      }
      left--;
    }
  }

  public PlannedLoadGenerator(int count, Duration interval, long seed) {
    intervalMs = interval.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    plants = IntStream.range(0, count).mapToObj(i -> new Plant(i, random.split())).toList();
  }

  /**
   * Makes observations with their plan, in order of time.
   *
   * @param steps that are made; of those behind the last one that is measured the plan alone counts
   */
  public void generate(long steps, Consumer<Observation> sink) {
    for (long step = 0; step < steps; step++) {
      for (Plant plant : plants) {
        plant.next();
        double noise = NOISE * plant.random.nextGaussian();
        double value = plant.idle + plant.gain * plant.plan + noise;
        sink.accept(
            new Observation(
                plant.name,
                SensorGenerator.START_MS + step * intervalMs,
                StrictMath.rint(value * 1000) / 1000,
                new Covariates(Map.of(PLAN, plant.plan))));
      }
    }
  }
}
