package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepListener;
import io.eddy.forecast.step.StepResult;
import io.eddy.forecast.step.StepResult.Reason;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Late observations take their series back, and what it is then is what it should have been. */
class LateRevisionsTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int WINDOW = 7;
  private static final int SEEDS = 12;

  /** All that a state may hold, with steps that close at once and steps that gather. */
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
  void latenessWithinTheWindowEndsWithTheVeryStateOfTheSortedStream(
      String name, Model model, Duration lateness) {
    LateRevisions revisions = new LateRevisions(new LatenessPolicy(lateness, 64, false, WINDOW));
    int revised = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Observation> sorted = observations(random, 220);
      Stream expected = new Stream(revisions, model);
      sorted.forEach(expected::apply);
      Stream actual = new Stream(revisions, model);
      late(sorted, random).forEach(actual::apply);

      assertThat(StateCodec.encode(actual.replayed.state()))
          .as("seed %d", seed)
          .isEqualTo(StateCodec.encode(expected.replayed.state()));
      assertThat(actual.last).as("seed %d", seed).isEqualTo(expected.last);
      assertThat(actual.dropped).doesNotContain(Reason.LATE);
      revised += actual.revised;
      // What lies in the stores beside: segments, rings, the trial, what was learnt.
      long end = sorted.get(sorted.size() - 1).timestampMs() / HOUR + 1;
      for (long hour = end; hour < end + 40; hour++) {
        Observation next = new Observation("a", hour * HOUR, 10 + hour % 5);
        assertThat(actual.apply(next)).isEqualTo(expected.apply(next));
      }
    }
    assertThat(revised).isGreaterThan(50 * SEEDS);
  }

  /** A series, and the last that was forecast of each origin. */
  private static final class Stream {
    final InMemorySeries replayed;
    final ServingVersion serving;
    final Map<Long, String> last = new TreeMap<>();
    final List<Reason> dropped = new ArrayList<>();
    private final Map<Long, Integer> revisions = new HashMap<>();
    private final Set<Long> scored = new HashSet<>();
    int revised;

    Stream(LateRevisions revisions, Model model) {
      serving = serving(model, 1);
      replayed = new InMemorySeries(revisions, serving);
    }

    /** In words, every value by its bits, without the revisions. */
    List<String> apply(Observation observation) {
      boolean isExpected = replayed.forecasts(observation, serving.model());
      StepResult result = replayed.apply(observation, serving);
      assertThat(!result.forecasts().isEmpty()).isEqualTo(isExpected);
      if (result instanceof StepResult.Dropped one) {
        dropped.add(one.reason());
      }
      List<String> all = new ArrayList<>();
      for (StepResult.Advanced one : result.forecasts()) {
        Forecast.Origin origin = one.forecast().origin();
        int revision = origin.standing().revision();
        assertThat(revision).isEqualTo(revisions.merge(origin.timestampMs(), 0, (a, b) -> a + 1));
        revised += revision > 0 ? 1 : 0;
        if (one.score() != null) {
          assertThat(scored.add(one.score().origin().timestampMs())).isTrue();
        }
        String words = words(one.forecast());
        last.put(origin.timestampMs(), words);
        all.add(words);
      }
      return all;
    }
  }

  private static String words(Forecast forecast) {
    Forecast.Origin origin = forecast.origin();
    StringBuilder words = new StringBuilder();
    words.append(origin.timestampMs()).append(' ').append(origin.standing().warmSteps());
    for (float value : forecast.values()) {
      words.append(' ').append(Integer.toHexString(Float.floatToRawIntBits(value)));
    }
    return words.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, WINDOW})
  void lastStepOfTheWindowIsRevisedAndTheOneBeforeItIsNot(int window) {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    Stream stream =
        new Stream(new LateRevisions(new LatenessPolicy(Duration.ZERO, 64, false, window)), model);
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

  /** Of a step that takes its first value only an earlier one changes it. */
  @Test
  void earlierObservationOfAClosedStepTakesTheFirstOnesPlace() {
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
  void observationThatLeavesItsStepsValueAsItIsGivesNothingAnewAndIsKnownFromThenOn() {
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
  void windowBeginsAnewAtASwitchOfVersion() {
    Model before = model(Models.specification(CellKind.GRU, 6, 24));
    Model after = model(Models.specification(CellKind.LSTM, 5, 24));
    InMemorySeries state = stream(before).replayed;
    for (int hour = 0; hour < 30; hour++) {
      if (hour != 29 && hour != 31) {
        state.apply(at(hour, 0), serving(before, 1));
      }
    }
    // Not by what the state does not belong to: it moves with the next step that closes.
    assertThat(state.apply(at(27, -30), serving(after, 2)))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(state.state().served().epoch()).isEqualTo(1);
    state.apply(at(30, 0), serving(after, 2));
    state.apply(at(32, 0), serving(after, 2));

    assertThat(state.apply(at(28, -30), serving(after, 2)))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    List<StepResult.Advanced> revised = state.apply(at(31, 0), serving(after, 2)).forecasts();
    assertThat(revised.stream().map(one -> one.forecast().origin().standing().revision()))
        .containsExactly(0, 1);
    assertThat(revised.get(0).forecast().origin().served().version()).isEqualTo(after.version());
  }

  /** The same version under a new epoch keeps its state, and what it can be taken back to. */
  @Test
  void revisionIsOfTheEpochThatServesWhenItIsMade() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    InMemorySeries state = stream(model).replayed;
    for (int hour = 0; hour < 10; hour++) {
      if (hour != 8) {
        state.apply(at(hour, 0), serving(model, 1));
      }
    }

    List<StepResult.Advanced> revised = state.apply(at(8, 0), serving(model, 2)).forecasts();

    assertThat(revised.stream().map(one -> one.forecast().origin().served().epoch()))
        .containsExactly(2L, 2L);
  }

  /** What was kept before late observations were dropped for a while is of another state. */
  @Test
  void stepsThatClosedWhileNothingWasKeptAreNotRevised() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24));
    LateRevisions revising =
        new LateRevisions(new LatenessPolicy(Duration.ZERO, 64, false, WINDOW));
    SeriesRecords past = new SeriesRecords(ByteStore.inMemory(), "a", new PendingForecastCodec());
    ByteStore kept = ByteStore.inMemory();
    SeriesState state =
        SeriesState.initial(model, 1, new SeriesState.Stores(past, past, past, past));
    for (int hour = 0; hour < 40; hour++) {
      boolean isKept = hour < 20 || hour >= 25;
      state = apply(revising, state, at(hour, 30), model, past, isKept ? kept : null);
    }

    assertThat(result(revising, state, at(24, 0), model, past, kept))
        .isEqualTo(new StepResult.Dropped(Reason.LATE));
    assertThat(result(revising, state, at(35, 0), model, past, kept).forecasts()).hasSize(5);
  }

  private static SeriesState apply(
      LateRevisions revisions,
      SeriesState state,
      Observation observation,
      Model model,
      SeriesRecords past,
      @Nullable ByteStore store) {
    LateRevisions.Kept kept = store == null ? null : revisions.keeping(past, () -> store, "a");
    state.logTo(StepListener.NONE);
    SeriesState after = revisions.apply(state, observation, serving(model, 1), kept).state();
    past.flush();
    if (kept != null) {
      kept.rewind().flush(after);
    }
    return after;
  }

  private static StepResult result(
      LateRevisions revisions,
      SeriesState state,
      Observation observation,
      Model model,
      SeriesRecords past,
      ByteStore store) {
    LateRevisions.Kept kept = revisions.keeping(past, () -> store, "a");
    StepResult result = revisions.apply(state, observation, serving(model, 1), kept).result();
    past.discard();
    return result;
  }

  /** Where each observation gives a forecast, one that revises gives that of the open steps too. */
  @Test
  void provisionalForecastFollowsTheRevisedOnes() {
    Model model = model(Models.specification(CellKind.GRU, 6, 24, Aggregation.MEAN));
    LateRevisions revisions =
        new LateRevisions(new LatenessPolicy(Duration.ZERO, 64, true, WINDOW));
    InMemorySeries state = new InMemorySeries(revisions, serving(model, 1));
    for (int hour = 0; hour < 20; hour++) {
      state.apply(at(hour, 0), serving(model, 1));
    }

    List<StepResult.Advanced> given = state.apply(at(17, 10), serving(model, 1)).forecasts();

    assertThat(given.stream().map(one -> one.forecast().origin().timestampMs() / HOUR))
        .containsExactly(17L, 18L, 19L);
    assertThat(given.stream().map(one -> one.forecast().origin().standing().isProvisional()))
        .containsExactly(false, false, true);
  }

  private static Stream stream(Model model) {
    return new Stream(
        new LateRevisions(new LatenessPolicy(Duration.ZERO, 64, false, WINDOW)), model);
  }

  private static Observation at(int hour, int minute) {
    return new Observation("a", hour * HOUR + minute * HOUR / 60, 10 + hour % 7 + minute / 100.0);
  }

  private static Model model(ModelSpecification specification) {
    return ModelFile.read(Models.file(specification, 1));
  }

  private static ServingVersion serving(Model model, long epoch) {
    return new ServingVersion(
        new Activation("m", epoch, model.version(), Terms.serving(Scope.all(), null), ""), model);
  }

  /** Irregular: some hours have many, some none; now and then more are missing than are bridged. */
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

  /** A third of them late, none by so much that its step is not of the window any more. */
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
