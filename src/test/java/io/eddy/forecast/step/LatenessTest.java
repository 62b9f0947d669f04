package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.Duplicates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatenessTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int SEEDS = 40;
  private static final LatenessPolicy LATE =
      new LatenessPolicy(Duration.ofMinutes(150), 64, false, 0, Duplicates.MAX);

  /** Observations arrive up to 150 minutes late. */
  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void shuffledStreamGivesForecastsOfSortedStream(Aggregation aggregation) {
    Model model = model(aggregation);
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Observation> sorted = observations(random, 200);
      List<String> expected = forecasts(model, sorted);

      List<String> actual = forecasts(model, shuffled(sorted, random));

      assertThat(actual).as("seed %d", seed).isEqualTo(expected);
      assertThat(expected).hasSizeGreaterThan(30);
    }
  }

  /** Repeats timestamps with other values, and whole observations. */
  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void countsDuplicatesOnce(Aggregation aggregation) {
    Model model = model(aggregation);
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Observation> once = observations(random, 120);
      List<Observation> twice = new ArrayList<>(once);
      for (Observation observation : once) {
        if (random.nextInt(3) == 0) {
          twice.add(observation);
          twice.add(new Observation("a", observation.timestampMs(), observation.value() - 1));
        }
      }

      assertThat(forecasts(model, shuffled(twice, random)))
          .as("seed %d", seed)
          .isEqualTo(forecasts(model, once));
    }
  }

  @Test
  void stepClosesAfterItsLateness() {
    Model model = model(Aggregation.MEAN);
    StepFunction steps = new StepFunction(LATE);
    SeriesState state = SeriesState.inMemory(model);

    assertThat(apply(steps, state, model, 10 * HOUR, 1)).isEqualTo(new StepResult.Gathered());
    assertThat(apply(steps, state, model, 13 * HOUR + HOUR / 2 - 1, 9))
        .isEqualTo(new StepResult.Gathered());
    assertThat(apply(steps, state, model, 11 * HOUR - 1, 3)).isEqualTo(new StepResult.Gathered());
    StepResult closing = apply(steps, state, model, 13 * HOUR + HOUR / 2, 9);

    assertThat(((StepResult.Advanced) closing).forecast().origin().timestampMs())
        .isEqualTo(10 * HOUR);
    assertThat(state.window().value(0)).isEqualTo(2);
    assertThat(apply(steps, state, model, 11 * HOUR - 1, 3))
        .isEqualTo(new StepResult.Dropped(StepResult.Reason.LATE));
  }

  @Test
  void stepWithoutObservationsClosesToo() {
    Model model = model(Aggregation.MEAN);
    StepFunction steps = new StepFunction(LATE);
    SeriesState state = SeriesState.inMemory(model);
    apply(steps, state, model, 20 * HOUR, 1);

    assertThat(apply(steps, state, model, 17 * HOUR - HOUR / 2 - 1, 3))
        .isEqualTo(new StepResult.Dropped(StepResult.Reason.LATE));
    assertThat(apply(steps, state, model, 17 * HOUR, 3)).isEqualTo(new StepResult.Gathered());
  }

  @Test
  void forecastsForEveryClosedStep() {
    Model model = model(Aggregation.LAST);
    StepFunction steps = new StepFunction(LATE);
    SeriesState state = SeriesState.inMemory(model);
    for (int hour = 10; hour < 13; hour++) {
      apply(steps, state, model, hour * HOUR, hour);
    }

    List<StepResult.Advanced> all = apply(steps, state, model, 20 * HOUR, 5).forecasts();

    assertThat(all.stream().map(advanced -> advanced.forecast().origin().timestampMs() / HOUR))
        .containsExactly(10L, 11L, 12L);
    assertThat(all.stream().map(advanced -> advanced.forecast().origin().quality().warmSteps()))
        .containsExactly(1, 2, 3);
  }

  @Test
  void tooManyOpenStepsCloseEarliest() {
    Model model = model(Aggregation.LAST);
    StepFunction steps = new StepFunction(new LatenessPolicy(Duration.ofDays(365), 64, false));
    SeriesState state = SeriesState.inMemory(model);
    for (int hour = 0; hour < LatenessPolicy.MAX_OPEN_STEPS; hour++) {
      apply(steps, state, model, hour * HOUR, hour);
    }

    Observation next = new Observation("a", LatenessPolicy.MAX_OPEN_STEPS * HOUR, 1);
    assertThat(steps.apply(state, next, model, 0).forecasts()).hasSize(1);
    assertThat(state.openSteps().size()).isEqualTo(LatenessPolicy.MAX_OPEN_STEPS);
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void provisionalForecastsDoNotChangeState(Aggregation aggregation) {
    Model model = model(aggregation);
    SplittableRandom random = new SplittableRandom(3);
    List<Observation> all = shuffled(observations(random, 200), random);
    StepFunction every = new StepFunction(new LatenessPolicy(LATE.lateness(), 64, true));
    StepFunction once = new StepFunction(LATE);
    SeriesState state = SeriesState.inMemory(model);
    SeriesState other = SeriesState.inMemory(model);

    for (Observation observation : all) {
      List<StepResult.Advanced> given = every.apply(state, observation, model, 0).forecasts();
      StepResult.Advanced last = given.get(given.size() - 1);
      assertThat(last.forecast().origin().quality().isProvisional()).isTrue();
      assertThat(last.forecast().origin().timestampMs())
          .isEqualTo(state.openSteps().lastTimestampMs() / HOUR * HOUR);
      assertThat(last.score()).isNull();
      List<StepResult.Advanced> closed = once.apply(other, observation, model, 0).forecasts();
      assertThat(describe(given.subList(0, given.size() - 1))).isEqualTo(describe(closed));
    }
  }

  /** A provisional forecast equals the forecast of the step if it gets no more observations. */
  @Test
  void provisionalForecastEqualsForecastOfClosedStep() {
    Model model = model(Aggregation.MEAN);
    StepFunction every = new StepFunction(new LatenessPolicy(Duration.ZERO, 64, true));
    SeriesState state = SeriesState.inMemory(model);
    Forecast provisional = null;
    for (int quarter = 0; quarter < 400; quarter++) {
      List<StepResult.Advanced> given =
          apply(every, state, model, quarter * HOUR / 4, StrictMath.sin(quarter)).forecasts();
      if (given.size() == 2 && provisional != null) {
        assertThat(given.get(0).forecast().values()).isEqualTo(provisional.values());
      }
      provisional = given.get(given.size() - 1).forecast();
    }
  }

  private static StepResult apply(
      StepFunction steps, SeriesState state, Model model, long timestampMs, double value) {
    return steps.apply(state, new Observation("a", timestampMs, value), model, 0);
  }

  /** An ensemble with dilated layers and all kinds of covariates. */
  private static Model model(Aggregation aggregation) {
    ModelSpecification first =
        Models.withLayers(Models.specification(CellKind.GRU, 6, 24, aggregation), List.of(1, 3), 2);
    return ModelFile.read(
        Models.file(
            Models.withCovariates(
                Models.withStepsDecoder(first, 5),
                Covariate.past("load"),
                Covariate.future("plan")),
            1));
  }

  /** Returns irregular observations with distinct timestamps. */
  private static List<Observation> observations(SplittableRandom random, int count) {
    Map<Long, Observation> all = new TreeMap<>();
    long time = 100 * HOUR;
    for (int i = 0; i < count; i++) {
      time += 1 + random.nextInt((int) (random.nextInt(20) == 0 ? 6 * HOUR : HOUR / 2));
      Map<String, Double> covariates = new TreeMap<>();
      if (random.nextInt(3) > 0) {
        covariates.put("load", random.nextDouble());
      }
      FutureCovariates ahead = FutureCovariates.NONE;
      if (random.nextInt(3) > 0) {
        double[] plan = new double[1 + random.nextInt(6)];
        Arrays.setAll(plan, j -> random.nextDouble());
        ahead = FutureCovariates.of(Map.of("plan", plan));
      }
      double value = 10 + 3 * StrictMath.sin(i / 7.0) + random.nextDouble();
      all.put(time, new Observation("a", time, value, new Covariates(covariates), ahead));
    }
    return List.copyOf(all.values());
  }

  /** Orders observations by arrival, each delayed by less than the lateness. */
  private static List<Observation> shuffled(List<Observation> all, SplittableRandom random) {
    record Arriving(long time, Observation observation) {}
    List<Arriving> arriving = new ArrayList<>();
    for (Observation observation : all) {
      long delay = random.nextLong(LATE.lateness().toMillis());
      arriving.add(new Arriving(observation.timestampMs() + delay, observation));
    }
    arriving.sort(Comparator.comparingLong(Arriving::time));
    return arriving.stream().map(Arriving::observation).toList();
  }

  private static List<String> forecasts(Model model, List<Observation> all) {
    StepFunction steps = new StepFunction(LATE);
    SeriesState state = SeriesState.inMemory(model);
    List<StepResult.Advanced> forecasts = new ArrayList<>();
    for (Observation observation : all) {
      StepResult result = steps.apply(state, observation, model, 0);
      assertThat(result).isNotEqualTo(new StepResult.Dropped(StepResult.Reason.LATE));
      forecasts.addAll(result.forecasts());
    }
    return describe(forecasts);
  }

  /** Describes a forecast, with the bits of every value. */
  private static List<String> describe(List<StepResult.Advanced> forecasts) {
    List<String> words = new ArrayList<>();
    for (StepResult.Advanced advanced : forecasts) {
      StringBuilder description = new StringBuilder(advanced.forecast().origin().toString());
      for (double value : advanced.forecast().values()) {
        description.append(' ').append(Long.toHexString(Double.doubleToRawLongBits(value)));
      }
      words.add(description.toString());
    }
    return words;
  }
}
