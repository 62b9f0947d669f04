package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Models and observations for tests of the step function. */
final class StepFixture {
  static final long HOUR = Models.INTERVAL.toMillis();
  static final int CONTEXT = 24;

  static Model linear(Transform transform, long seed) {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    return ModelFile.read(
        Models.file(Models.withLinearBaseline(specification, CONTEXT, transform), seed));
  }

  static void assertMigratesLikeColdStart(Model before, Model after) {
    StepFunction steps = new StepFunction();
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> past = observations(100);
    past.forEach(observation -> steps.apply(migrated, observation, before, 1));
    past.subList(past.size() - CONTEXT, past.size())
        .forEach(observation -> steps.apply(cold, observation, after, 2));

    for (Observation next : observations(130).subList(100, 130)) {
      double[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      double[] actual = forecast(steps.apply(migrated, next, after, 2)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  /** Adds a load, which is missing now and then, and gaps. */
  static List<Observation> withCovariates(List<Observation> observations) {
    List<Observation> all = new ArrayList<>();
    for (int i = 0; i < observations.size(); i++) {
      Observation observation = observations.get(i);
      Map<String, Double> load =
          i % 5 == 3 ? Map.of() : Map.of("load", StrictMath.cos(i / 3.0), "height", 117.0);
      long timestampMs = observation.timestampMs() + (i >= 110 ? 2 * HOUR : 0);
      double[] ahead = new double[i % 4 == 3 ? 0 : 3];
      for (int j = 0; j < ahead.length; j++) {
        ahead[j] = StrictMath.cos((i + j + 1) / 3.0);
      }
      FutureCovariates known = FutureCovariates.of(Map.of("load", ahead));
      all.add(
          new Observation(
              observation.series(), timestampMs, observation.value(), new Covariates(load), known));
    }
    return all;
  }

  /** Returns hourly classes, mostly cycling, from hour 100 on. */
  static List<Observation> classes(int count, int classes) {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int value = random.nextInt(4) == 0 ? random.nextInt(classes) : i % classes;
      observations.add(new Observation("a", (100 + i) * HOUR, value));
    }
    return observations;
  }

  /** Returns hourly observations of a noisy sine, from hour 100 on. */
  static List<Observation> observations(int count) {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double value = 10 + 3 * StrictMath.sin(i / 4.0) + random.nextDouble();
      observations.add(new Observation("a", (100 + i) * HOUR, value));
    }
    return observations;
  }

  static Model dilated(CellKind kind, List<Integer> dilations, long seed) {
    return ModelFile.read(
        Models.file(Models.withLayers(Models.specification(kind, 8, CONTEXT), dilations, 2), seed));
  }

  /** Returns the hidden state of the layers of dilation 1. */
  static float[] plain(SeriesState state) {
    float[] plain = new float[state.members().get(0).hidden().plainSize()];
    state.members().get(0).hidden().putPlain(FloatBuffer.wrap(plain));
    return plain;
  }

  static Forecast forecast(StepResult result) {
    return ((StepResult.Advanced) result).forecast();
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private StepFixture() {}
}
