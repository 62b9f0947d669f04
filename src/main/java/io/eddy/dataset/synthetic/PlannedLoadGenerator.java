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
 * Generates series that can only be forecast from a known-future covariate: a plant's planned load,
 * which changes randomly every one to twelve steps, determines its consumption in the same step, up
 * to a little noise. The same seed gives the same bits on every JDK.
 */
public final class PlannedLoadGenerator {
  /** Name of the covariate with the planned load. */
  public static final String PLAN = "plan";

  private static final double NOISE = 0.5;
  private static final int MAX_STEPS_PER_PLAN = 12;

  private final long intervalMs;
  private final List<Plant> plants;

  /** A plant; its steps are generated in order. */
  private static final class Plant {
    final String name;
    final SplittableRandom random;
    final double idle;
    final double gain;
    double plan;
    int remainingSteps;

    Plant(int index, SplittableRandom random) {
      this.name = "plant-%03d".formatted(index);
      this.random = random;
      idle = 20 + random.nextInt(80);
      gain = 10 + random.nextInt(90);
    }

    void next() {
      if (remainingSteps == 0) {
        remainingSteps = 1 + random.nextInt(MAX_STEPS_PER_PLAN);
        plan = random.nextInt(11) / 10.0;
      }
      remainingSteps--;
    }
  }

  public PlannedLoadGenerator(int count, Duration interval, long seed) {
    intervalMs = interval.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    plants = IntStream.range(0, count).mapToObj(i -> new Plant(i, random.split())).toList();
  }

  /**
   * Generates observations with their planned load, in order of time.
   *
   * @param steps number of steps; a caller may use only the plan of the last ones
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
