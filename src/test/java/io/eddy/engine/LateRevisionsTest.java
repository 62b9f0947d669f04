package io.eddy.engine;

import static io.eddy.engine.EngineFixture.serving;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StepResult.Reason;
import io.eddy.forecast.step.StoredState;
import io.eddy.kafka.state.StateCodec;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.Duplicates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Late observations give the state and forecasts that they would have given in time. */
class LateRevisionsTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int WINDOW = 7;
  private static final int SEEDS = 12;

  /** Covers all parts of a state, with steps that close at once and steps that gather. */
  static List<Arguments> streams() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 6, 24);
    List<Arguments> streams = new ArrayList<>();
    streams.add(Arguments.of("plain", model(plain), Duration.ZERO));
    streams.add(
        Arguments.of(
            "calibrated, gaps by forecasts",
            model(Models.withGaps(Models.calibrated(plain), GapFilling.MEDIAN)),
            Duration.ZERO));
    streams.add(
        Arguments.of(
            "several members, dilated",
            ModelFile.read(Models.ensembleFile(CellKind.LSTM, 24, 3)),
            Duration.ZERO));
    streams.add(
        Arguments.of(
            "combined, calibrated, gaps by forecasts",
            model(Models.combined(Models.withGaps(Models.calibrated(plain), GapFilling.MEDIAN))),
            Duration.ZERO));
    for (Aggregation aggregation : Aggregation.values()) {
      streams.add(
          Arguments.of(aggregation.id(), model(gathering(aggregation)), Duration.ofMinutes(30)));
    }
    return streams;
  }

  private static ModelSpecification gathering(Aggregation aggregation) {
    ModelSpecification dilated =
        Models.withLayers(Models.specification(CellKind.GRU, 6, 24, aggregation), List.of(1, 9), 2);
    return Models.withCovariates(
        Models.withStepsDecoder(dilated, 5), Covariate.past("load"), Covariate.future("plan"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void lateStreamEndsInStateOfSortedStream(String name, Model model, Duration lateness) {
    SeriesEngine engine =
        new SeriesEngine(new LatenessPolicy(lateness, 64, false, WINDOW, Duplicates.FIRST));
    int revised = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Observation> sorted = observations(random, 220);
      Stream expected = new Stream(engine, model);
      sorted.forEach(expected::apply);
      Stream actual = new Stream(engine, model);
      late(sorted, random).forEach(actual::apply);

      assertThat(encoded(actual)).as("seed %d", seed).isEqualTo(encoded(expected));
      assertThat(actual.last).as("seed %d", seed).isEqualTo(expected.last);
      assertThat(actual.dropped).doesNotContain(Reason.LATE);
      revised += actual.revised;
      // The other stored parts: segments, rings, the pending forecast, the calibration.
      long end = sorted.get(sorted.size() - 1).timestampMs() / HOUR + 1;
      for (long hour = end; hour < end + 40; hour++) {
        Observation next = new Observation("a", hour * HOUR, 10 + hour % 5);
        assertThat(actual.apply(next)).isEqualTo(expected.apply(next));
      }
    }
    assertThat(revised).isGreaterThan(50 * SEEDS);
  }

  private static byte[] encoded(Stream stream) {
    return StateCodec.encode(stream.series.state(), SeriesState.NO_TIME);
  }

  /** A series in memory. */
  private static final class Series {
    private final SeriesEngine engine;
    private final SeriesStore store = new InMemorySeriesStore();
    private final Model model;

    Series(SeriesEngine engine, Model model) {
      this.engine = engine;
      this.model = model;
    }

    SeriesState state() {
      StoredState stored = store.get(StateKey.STATE);
      return stored == null ? SeriesState.initial(model, 1, store) : stored.restore(model, store);
    }

    StepResult apply(Observation observation, ServingVersion serving) {
      return apply(engine, observation, serving);
    }

    StepResult apply(SeriesEngine other, Observation observation, ServingVersion serving) {
      SeriesUpdate update = other.prepare(store, observation, serving);
      update.commit();
      return update.result();
    }
  }

  /** A series, and the latest forecast from each origin. */
  private static final class Stream {
    final Series series;
    final ServingVersion serving;
    final Map<Long, String> last = new TreeMap<>();
    final List<Reason> dropped = new ArrayList<>();
    private final Map<Long, Integer> revisions = new HashMap<>();
    private final Set<Long> scored = new HashSet<>();
    int revised;

    Stream(SeriesEngine engine, Model model) {
      serving = serving(model, 1);
      series = new Series(engine, model);
    }

    /** Returns descriptions of the forecasts, with the bits of every value. */
    List<String> apply(Observation observation) {
      StepResult result = series.apply(observation, serving);
      if (result instanceof StepResult.Dropped drop) {
        dropped.add(drop.reason());
      }
      List<String> all = new ArrayList<>();
      for (StepResult.Advanced advanced : result.forecasts()) {
        Forecast.Origin origin = advanced.forecast().origin();
        int revision = origin.quality().revision();
        assertThat(revision).isEqualTo(revisions.merge(origin.timestampMs(), 0, (a, b) -> a + 1));
        revised += revision > 0 ? 1 : 0;
        if (advanced.score() != null) {
          assertThat(scored.add(advanced.score().origin().timestampMs())).isTrue();
        }
        String description = describe(advanced.forecast());
        last.put(origin.timestampMs(), description);
        all.add(description);
      }
      return all;
    }
  }

  private static String describe(Forecast forecast) {
    Forecast.Origin origin = forecast.origin();
    StringBuilder description = new StringBuilder();
    description.append(origin.timestampMs()).append(' ').append(origin.quality().warmSteps());
    for (double value : forecast.values()) {
      description.append(' ').append(Long.toHexString(Double.doubleToRawLongBits(value)));
    }
    return description.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, WINDOW})
  void revisesOnlyStepsOfTheWindow(int window) {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    Stream stream =
        new Stream(
            new SeriesEngine(
                new LatenessPolicy(Duration.ZERO, 64, false, window, Duplicates.FIRST)),
            model);
    for (int hour = 0; hour <= 60; hour++) {
      if (hour < 60 - window || hour > 60 - 1) {
        stream.apply(at(hour, 0));
      }
    }
    assertThat(stream.apply(at(60 - window, 0))).isEmpty();
    assertThat(stream.dropped).containsExactly(Reason.LATE);
    if (window == 1) {
      assertThat(stream.apply(at(60, -1))).isEmpty();
    } else {
      assertThat(stream.apply(at(60 - window + 1, 0))).hasSize(2);
      assertThat(stream.revised).isEqualTo(1);
    }
  }

  /** A step that takes its first value changes only by an earlier one. */
  @Test
  void earlierObservationReplacesFirstOne() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    Stream stream = stream(model);
    Stream sorted = stream(model);
    for (int hour = 0; hour < 20; hour++) {
      stream.apply(at(hour, 30));
    }

    assertThat(stream.apply(at(18, 40))).isEmpty();
    assertThat(stream.apply(at(18, 30))).isEmpty();
    assertThat(stream.dropped).containsExactly(Reason.DUPLICATE, Reason.DUPLICATE);
    assertThat(stream.apply(at(18, 20))).hasSize(2);

    for (int hour = 0; hour < 20; hour++) {
      sorted.apply(at(hour, hour == 18 ? 20 : 30));
    }
    assertThat(stream.last).isEqualTo(sorted.last);
  }

  @Test
  void observationWithoutEffectIsRemembered() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24, Aggregation.MAX));
    Stream stream = stream(model);
    for (int hour = 0; hour < 20; hour++) {
      stream.apply(new Observation("a", hour * HOUR, 5));
    }
    Observation lower = new Observation("a", 17 * HOUR + 1, 4);
    Observation higher = new Observation("a", 17 * HOUR + 2, 6);

    assertThat(stream.apply(lower)).isEmpty();
    assertThat(stream.dropped).isEmpty();
    assertThat(stream.apply(lower)).isEmpty();
    assertThat(stream.dropped).containsExactly(Reason.DUPLICATE);
    assertThat(stream.apply(higher)).hasSize(2);
    assertThat(stream.apply(higher)).isEmpty();
    assertThat(stream.dropped).containsExactly(Reason.DUPLICATE, Reason.DUPLICATE);
  }

  @Test
  void migrationEndsRevisions() {
    Model before = model(Models.specification(CellKind.GRU, 6, 24));
    Model after = model(Models.specification(CellKind.LSTM, 5, 24));
    Series state = stream(before).series;
    for (int hour = 0; hour < 30; hour++) {
      if (hour != 29 && hour != 31) {
        state.apply(at(hour, 0), serving(before, 1));
      }
    }
    // The state still belongs to the former version: it migrates with the next step that closes.
    assertThat(state.apply(at(27, -30), serving(after, 2)))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(state.state().served().epoch()).isEqualTo(1);
    state.apply(at(30, 0), serving(after, 2));
    state.apply(at(32, 0), serving(after, 2));

    assertThat(state.apply(at(28, -30), serving(after, 2)))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    List<StepResult.Advanced> revised = state.apply(at(31, 0), serving(after, 2)).forecasts();
    assertThat(revised.stream().map(advanced -> advanced.forecast().origin().quality().revision()))
        .containsExactly(0, 1);
    assertThat(revised.get(0).forecast().origin().served().version()).isEqualTo(after.version());
  }

  /** The same version under a new epoch keeps its state and its undo log. */
  @Test
  void revisionBelongsToPresentEpoch() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    Series state = stream(model).series;
    for (int hour = 0; hour < 10; hour++) {
      if (hour != 8) {
        state.apply(at(hour, 0), serving(model, 1));
      }
    }

    List<StepResult.Advanced> revised = state.apply(at(8, 0), serving(model, 2)).forecasts();

    assertThat(revised.stream().map(advanced -> advanced.forecast().origin().served().epoch()))
        .containsExactly(2L, 2L);
  }

  /** The undo log of an earlier state is not used. */
  @Test
  void stepsThatClosedWithoutUndoLogAreNotRevised() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    SeriesEngine revising =
        new SeriesEngine(new LatenessPolicy(Duration.ZERO, 64, false, WINDOW, Duplicates.FIRST));
    SeriesEngine dropping = new SeriesEngine(LatenessPolicy.IN_ORDER);
    Series series = new Series(revising, model);
    for (int hour = 0; hour < 40; hour++) {
      SeriesEngine engine = hour < 20 || hour >= 25 ? revising : dropping;
      var unused = series.apply(engine, at(hour, 30), serving(model, 1));
    }

    assertThat(series.apply(at(24, 0), serving(model, 1)))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(series.apply(at(35, 0), serving(model, 1)).forecasts()).hasSize(5);
  }

  /** With a forecast for every observation, a revision also forecasts from the open steps. */
  @Test
  void provisionalForecastFollowsRevisedOnes() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24, Aggregation.MEAN));
    SeriesEngine engine =
        new SeriesEngine(new LatenessPolicy(Duration.ZERO, 64, true, WINDOW, Duplicates.FIRST));
    Series state = new Series(engine, model);
    for (int hour = 0; hour < 20; hour++) {
      state.apply(at(hour, 0), serving(model, 1));
    }

    List<StepResult.Advanced> given = state.apply(at(17, 10), serving(model, 1)).forecasts();

    assertThat(given.stream().map(advanced -> advanced.forecast().origin().timestampMs() / HOUR))
        .containsExactly(17L, 18L, 19L);
    assertThat(
            given.stream().map(advanced -> advanced.forecast().origin().quality().isProvisional()))
        .containsExactly(false, false, true);
  }

  private static Stream stream(Model model) {
    return new Stream(
        new SeriesEngine(new LatenessPolicy(Duration.ZERO, 64, false, WINDOW, Duplicates.FIRST)),
        model);
  }

  private static Observation at(int hour, int minute) {
    return new Observation("a", hour * HOUR + minute * HOUR / 60, 10 + hour % 7 + minute / 100.0);
  }

  private static Model model(ModelSpecification specification) {
    return ModelFile.read(Models.file(specification, 1));
  }

  /** Returns irregular observations; some gaps are longer than the maximum. */
  private static List<Observation> observations(SplittableRandom random, int count) {
    Map<Long, Observation> all = new TreeMap<>();
    long time = 100 * HOUR;
    for (int i = 0; i < count; i++) {
      int longest = random.nextInt(40) == 0 ? 12 : random.nextInt(20) == 0 ? 4 : 1;
      time += 1 + random.nextLong(longest * HOUR * 3 / 4);
      Map<String, Double> covariates =
          random.nextInt(3) > 0 ? Map.of("load", random.nextDouble()) : Map.of();
      FutureCovariates ahead =
          random.nextInt(3) > 0
              ? FutureCovariates.of(Map.of("plan", random.doubles(1 + random.nextInt(6)).toArray()))
              : FutureCovariates.NONE;
      double value = 10 + 3 * StrictMath.sin(i / 7.0) + random.nextDouble();
      all.put(time, new Observation("a", time, value, new Covariates(covariates), ahead));
    }
    return List.copyOf(all.values());
  }

  /** Delays a third of the observations, within the window. */
  private static List<Observation> late(List<Observation> all, SplittableRandom random) {
    record Arriving(long time, Observation observation) {}
    List<Arriving> arriving = new ArrayList<>();
    for (Observation observation : all) {
      long delay = random.nextInt(3) == 0 ? random.nextLong((WINDOW - 1) * HOUR) : 0;
      arriving.add(new Arriving(observation.timestampMs() + delay, observation));
    }
    arriving.sort(Comparator.comparingLong(Arriving::time));
    return arriving.stream().map(Arriving::observation).toList();
  }
}
