package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.LatenessPolicy;
import io.eddy.engine.EngineFixture;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Bounds;
import io.eddy.model.Covariate;
import io.eddy.model.HeadWorkspace;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.SeriesPast;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.Scaler;
import io.eddy.series.Segment;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StateCodecTest {
  private static final long HOUR = Models.INTERVAL.toMillis();

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    assertRestoredEqualsOnePass(Models.specification(CellKind.LSTM, 8, 24, aggregation));
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void combinationRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    assertRestoredEqualsOnePass(
        Models.combined(Models.specification(CellKind.LSTM, 8, 24, aggregation)));
  }

  /** About half of the values contradict the bounds, which apply until the third one. */
  @Test
  void contradictedBoundsRestoredAtEveryStepEqualOnePass() {
    ModelSpecification plain = Models.specification(CellKind.LSTM, 8, 24);
    Bounds bounds = new Bounds(0, 5, false, false);
    assertRestoredEqualsOnePass(Models.withOutput(plain, plain.output().withBounds(bounds)));
  }

  private static void assertRestoredEqualsOnePass(ModelSpecification specification) {
    Model model = ModelFile.read(Models.file(specification, 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    SeriesStore stores = new InMemorySeriesStore();
    byte[] saved = encode(SeriesState.initial(model, 0, stores));

    for (int i = 0; i < 100; i++) {
      Observation observation = observation(i);
      SeriesState restored = StateCodec.decode(saved, model, stores);
      StepResult actual = steps.apply(restored, observation, model, 0);
      saved = encode(restored);

      StepResult expected = steps.apply(onePass, observation, model, 0);
      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(saved).isEqualTo(encode(onePass));
    }
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateWithCovariatesRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(
            Models.combined(withCovariates(1, aggregation), withCovariates(2, aggregation)));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    Encoded stored = new Encoded();

    for (int i = 0; i < 100; i++) {
      Observation observation = withCovariates(observation(i), i);
      StepResult actual = stored.apply(observation, model, 1);
      StepResult expected = steps.apply(onePass, observation, model, 1);

      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(stored.bytes()).isEqualTo(encode(onePass));
    }
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateWithFutureCovariatesRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(
            Models.combined(
                withFutureCovariates(1, aggregation), withFutureCovariates(2, aggregation)));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    Encoded stored = new Encoded();

    for (int i = 0; i < 100; i++) {
      Observation observation = withFutureCovariates(withCovariates(observation(i), i), i);
      StepResult actual = stored.apply(observation, model, 1);
      StepResult expected = steps.apply(onePass, observation, model, 1);

      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(stored.bytes()).isEqualTo(encode(onePass));
    }
  }

  @Test
  void laterModelUsesFutureCovariatesOfOpenStep() {
    Model before =
        ModelFile.read(
            Models.file(Models.specification(CellKind.LSTM, 8, 40, Aggregation.LAST), 1));
    Model after = ModelFile.read(withFutureCovariates(2, Aggregation.LAST));
    StepFunction steps = new StepFunction();
    Encoded stored = new Encoded();
    for (int i = 0; i < 100; i++) {
      stored.apply(withFutureCovariates(withCovariates(hourly(i), i), i), before, 1);
    }
    SeriesState cold = SeriesState.inMemory(after);
    for (int i = 99 - 24; i < 100; i++) {
      steps.apply(cold, withFutureCovariates(withCovariates(hourly(i), i), i), after, 2);
    }

    for (int i = 100; i < 150; i++) {
      Observation next = withFutureCovariates(withCovariates(hourly(i), i), i);
      assertThat(forecast(stored.apply(next, after, 2)))
          .isEqualTo(forecast(steps.apply(cold, next, after, 2)));
    }
  }

  private static byte[] withFutureCovariates(long seed, Aggregation aggregation) {
    return Models.file(
        Models.withCovariates(
            Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, 24, aggregation), 5),
            Covariate.future("load"),
            Covariate.staticCovariate("height", 100, 20)),
        seed);
  }

  /** Adds no, some or more future loads than are forecast. */
  private static Observation withFutureCovariates(Observation observation, int i) {
    double[] load = new double[i % 7];
    Arrays.setAll(load, j -> StrictMath.cos((i + j + 1) / 3.0));
    return observation.withFutureCovariates(
        FutureCovariates.of(Map.of("load", load, "Höhe", new double[] {1, Double.NaN, i})));
  }

  @Test
  void laterModelUsesStoredCovariates() {
    Model before = Models.model(CellKind.LSTM, 8, 40, 1);
    Model after = ModelFile.read(withCovariates(2, Aggregation.FIRST));
    StepFunction steps = new StepFunction();
    Encoded stored = new Encoded();
    for (int i = 0; i < 100; i++) {
      stored.apply(withCovariates(hourly(i), i), before, 1);
    }
    SeriesState cold = SeriesState.inMemory(after);
    for (int i = 76; i < 100; i++) {
      steps.apply(cold, withCovariates(hourly(i), i), after, 2);
    }

    for (int i = 100; i < 150; i++) {
      Observation next = withCovariates(hourly(i), i);
      assertThat(forecast(stored.apply(next, after, 2)))
          .isEqualTo(forecast(steps.apply(cold, next, after, 2)));
    }
  }

  @Test
  void segmentKeepsCovariatesByName() {
    Segment segment = new Segment();
    for (int i = 0; i < Segment.STEPS; i++) {
      segment.set(i, i, i % 3 == 0);
    }
    byte[] without = SegmentCodec.encode(segment);
    segment.setCovariates(3, new Covariates(Map.of("Höhe", 4.0, "load", 5.0)));
    Segment read = SegmentCodec.decode(SegmentCodec.encode(segment));

    assertThat(without[0]).isEqualTo((byte) 3);
    assertThat(without).hasSize(134);
    assertThat(read.covariates().row(3)).isEqualTo(segment.covariates().row(3));
    assertThat(read.covariates().row(4)).isEqualTo(Covariates.NONE);
    assertThat(read.value(15)).isEqualTo(15);
  }

  @Test
  void segmentKeepsSeasonalMeans() {
    Segment segment = new Segment();
    for (int i = 0; i < Segment.STEPS; i++) {
      segment.set(i, i, false);
      segment.setSeasonalMeans(i, new float[] {i / 3f, -i});
    }
    Segment read = SegmentCodec.decode(SegmentCodec.encode(segment));

    assertThat(SegmentCodec.encode(segment)).hasSize(134 + 2 * 4 * Segment.STEPS);
    assertThat(read.seasonalMean(7, 0)).isEqualTo(7 / 3f);
    assertThat(read.seasonalMean(7, 1)).isEqualTo(-7f);
    assertThat(read.seasonalMean(7, 2)).isNaN();
  }

  /** A series whose parts are encoded after every event, as in the stream. */
  private static final class Encoded {
    final SeriesEngine engine = new SeriesEngine(LatenessPolicy.IN_ORDER);
    final TaskStores stores = new TaskStores();
    final SeriesStore store = stores.partition().series("a");

    StepResult apply(Observation observation, Model model, long epoch) {
      SeriesUpdate update = engine.prepare(store, observation, EngineFixture.serving(model, epoch));
      update.commit();
      return update.result();
    }

    byte[] bytes() {
      return stores.states.get("a");
    }
  }

  private static byte[] withCovariates(long seed, Aggregation aggregation) {
    return Models.file(
        Models.withCovariates(
            Models.specification(CellKind.GRU, 8, 24, aggregation),
            Covariate.past("load"),
            Covariate.staticCovariate("height", 100, 20)),
        seed);
  }

  /** Adds a load, which is missing now and then. */
  private static Observation withCovariates(Observation observation, int i) {
    double load = StrictMath.cos(i / 3.0);
    return new Observation(
        observation.series(),
        observation.timestampMs(),
        observation.value(),
        new Covariates(
            i % 5 == 0 ? Map.of("height", 117.0) : Map.of("load", load, "height", 117.0)));
  }

  @Test
  void restoresErrorUnit() {
    Model model =
        ModelFile.read(
            Models.file(Models.withErrorUnit(Models.specification(CellKind.GRU, 8, 24)), 1));
    StepFunction steps = new StepFunction();
    SeriesStore stores = new InMemorySeriesStore();
    SeriesState state = SeriesState.initial(model, 0, stores);

    for (int i = 0; i < 60; i++) {
      byte[] saved = encode(state);
      state = StateCodec.decode(saved, model, stores);
      assertThat(encode(state)).isEqualTo(saved);
      var unused = steps.apply(state, observation(i), model, 0);
    }
    Scaler scaler = state.members().get(0).past().scaler();
    assertThat(scaler.error()).isNotEqualTo(scaler.scale());
  }

  /** Compares with the whole series run through encoder and layers, without a stored state. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void dilatedModelEqualsOnePassWithStatesOfOneSize(CellKind kind) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(kind, 8, 24), List.of(1, 2, 4), 5), 1));
    StepFunction steps = new StepFunction();
    SeriesStore stores = new InMemorySeriesStore();
    byte[] saved = encode(SeriesState.initial(model, 0, stores));
    SeriesPast past = new SeriesPast(new Window(24, new InMemorySeriesStore()), new Scaler());
    StackState hidden = model.member(0).stack().newState();
    Workspace workspace = model.member(0).stack().newWorkspace();
    float[] input = new float[model.member(0).encoder().size()];
    HeadWorkspace ahead = model.member(0).head().newWorkspace();
    float[] scaled = ahead.forecast();
    Set<Integer> sizes = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      double value = 5 + StrictMath.sin(i / 5.0);
      SeriesState state = StateCodec.decode(saved, model, stores);
      double[] actual =
          forecast(steps.apply(state, new Observation("a", i * HOUR, value), model, 0));
      saved = encode(state);
      int scalerSize = state.members().get(0).past().scaler().snapshotSize();
      int expectedSegments = state.window().expectedSegments().size();
      sizes.add(
          saved.length
              - 8 * ((i + 1) % Segment.STEPS + scalerSize)
              - (5 + 8 * Segment.STEPS) * expectedSegments);

      past.observe(value, model.member(0).encoder().scaling());
      model.member(0).encoder().encode(past, i, input, 0);
      model.member(0).stack().step(input, hidden, workspace);
      model.member(0).head().apply(workspace.output(), 0, i, ahead);
      for (int k = 0; k < scaled.length; k++) {
        int perStep = model.specification().output().valuesPerStep();
        double base =
            model.specification().output().baseline().seasonalNaive(past.window(), k / perStep + 1);
        assertThat(actual[k]).isEqualTo((float) Math.fma(past.scaler().scale(), scaled[k], base));
      }
    }
    assertThat(sizes).hasSize(1);
  }

  @Test
  void rebuildsStateOfAnotherVersion() {
    Model before = Models.model(CellKind.GRU, 8, 24, 1);
    Model after = Models.model(CellKind.LSTM, 13, 24, 2);
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(before);
    SeriesStore stores = new InMemorySeriesStore();
    SeriesState stored = SeriesState.initial(before, 1, stores);
    for (int i = 0; i < 60; i++) {
      steps.apply(state, observation(i), before, 1);
      steps.apply(stored, observation(i), before, 1);
    }
    byte[] saved = encode(stored);

    SeriesState restored = StateCodec.decode(saved, after, stores);

    assertThat(forecast(steps.apply(restored, observation(60), after, 2)))
        .isEqualTo(forecast(steps.apply(state, observation(60), after, 2)));
  }

  @Test
  void ensembleStateRestoredAtEveryStepEqualsOnePass() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.LSTM, 24, 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    SeriesStore stores = new InMemorySeriesStore();
    byte[] saved = encode(SeriesState.initial(model, 0, stores));

    for (int i = 0; i < 100; i++) {
      SeriesState restored = StateCodec.decode(saved, model, stores);
      StepResult actual = steps.apply(restored, hourly(i), model, 0);
      saved = encode(restored);

      assertThat(forecast(actual)).isEqualTo(forecast(steps.apply(onePass, hourly(i), model, 0)));
      assertThat(saved).isEqualTo(encode(onePass));
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void rebuildsStateOfOtherMembers(boolean fromSeveral, boolean toSeveral) {
    Model single = Models.model(CellKind.GRU, 8, 24, 7);
    Model before =
        fromSeveral
            ? ModelFile.read(
                Models.combined(
                    Models.ensembleFile(CellKind.GRU, 24, 1),
                    Models.file(
                        Models.withLayers(Models.specification(CellKind.GRU, 4, 24), List.of(9), 3),
                        8)))
            : single;
    Model after = toSeveral ? ModelFile.read(Models.ensembleFile(CellKind.LSTM, 24, 4)) : single;
    StepFunction steps = new StepFunction();
    SeriesState cold = SeriesState.inMemory(after);
    SeriesStore stores = new InMemorySeriesStore();
    byte[] saved = encode(SeriesState.initial(before, 1, stores));
    for (int i = 0; i < 60; i++) {
      SeriesState state = StateCodec.decode(saved, before, stores);
      steps.apply(state, hourly(i), before, 1);
      saved = encode(state);
    }
    for (int i = 60 - 24; i < 60; i++) {
      steps.apply(cold, hourly(i), after, 2);
    }

    for (int i = 60; i < 90; i++) {
      SeriesState state = StateCodec.decode(saved, after, stores);
      assertThat(forecast(steps.apply(state, hourly(i), after, 2)))
          .isEqualTo(forecast(steps.apply(cold, hourly(i), after, 2)));
      saved = encode(state);
    }
  }

  @Test
  void stateDoesNotGrowWithDilation() {
    assertThat(encodedStateOf(List.of(1, 24, 168))).hasSameSizeAs(encodedStateOf(List.of(1, 2, 4)));
    assertThat(encodedStateOf(List.of(1))).hasSizeLessThan(encodedStateOf(List.of(1, 2, 4)).length);
  }

  @Test
  void combinationTakesLittleState() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, 24);
    ModelSpecification combined =
        plain.withCombination(Models.combination(List.of(24), List.of(2, 3, 4)));

    assertThat(stateOf(combined).length - stateOf(plain).length).isLessThan(540);
  }

  private static byte[] stateOf(ModelSpecification specification) {
    Model model = ModelFile.read(Models.file(specification, 1));
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 100; i++) {
      steps.apply(state, observation(i), model, 0);
    }
    return encode(state);
  }

  @Test
  void headerIsReadWithoutRestoringTheState() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    SeriesState state = SeriesState.inMemory(model);
    new StepFunction().apply(state, new Observation("a", 5 * HOUR + 7, 2.5), model, 3);
    EncodedState encoded = new EncodedState(StateCodec.encode(state, 1234));

    assertThat(encoded.served()).isEqualTo(state.served());
    assertThat(encoded.belongsTo(model.version())).isTrue();
    assertThat(encoded.belongsTo(Models.model(CellKind.GRU, 8, 24, 2).version())).isFalse();
    assertThat(encoded.sampling()).isEqualTo(model.specification().sampling());
    assertThat(encoded.lastStepMs()).isEqualTo(5 * HOUR);
    assertThat(encoded.newestMs()).isEqualTo(state.newestMs());
    assertThat(encoded.lastEventMs()).isEqualTo(1234);
    assertThat(encoded.withLastEventMs(5678).value()).isEqualTo(StateCodec.encode(state, 5678));
  }

  @Test
  void headerOfStateWithoutStepsHasNoTimes() {
    EncodedState encoded =
        new EncodedState(encode(SeriesState.inMemory(Models.model(CellKind.GRU, 8, 24, 1))));

    assertThat(encoded.lastStepMs()).isEqualTo(SeriesState.NO_TIME);
    assertThat(encoded.newestMs()).isEqualTo(SeriesState.NO_TIME);
    assertThat(encoded.lastEventMs()).isEqualTo(SeriesState.NO_TIME);
  }

  /** The covariates of the former model must not be read as open steps. */
  @Test
  void openStepsSurviveMigrationFromModelWithCovariates() {
    Model before = ModelFile.read(withCovariates(1, Aggregation.MEAN));
    Model after = ModelFile.read(withCovariates(2, Aggregation.MEAN));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(before);
    Encoded stored = new Encoded();
    for (int i = 0; i < 60; i++) {
      Observation observation = withCovariates(observation(i), i);
      stored.apply(observation, before, 1);
      steps.apply(onePass, observation, before, 1);
    }

    for (int i = 60; i < 100; i++) {
      Observation observation = withCovariates(observation(i), i);
      StepResult actual = stored.apply(observation, after, 2);
      StepResult expected = steps.apply(onePass, observation, after, 2);
      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced) {
        assertThat(forecast(actual)).isEqualTo(forecast(expected));
      }
    }
  }

  @Test
  void refusesUnknownLayout() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    byte[] saved = encode(SeriesState.inMemory(model));
    saved[0] = 99;

    assertThatThrownBy(() -> StateCodec.decode(saved, model, new InMemorySeriesStore()))
        .isInstanceOf(UnknownLayoutException.class)
        .hasMessageContaining("layout 99");
  }

  private static byte[] encodedStateOf(List<Integer> dilations) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(CellKind.GRU, 8, 24), dilations, 2), 1));
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 200; i++) {
      steps.apply(state, hourly(i), model, 0);
    }
    return encode(state);
  }

  private static byte[] encode(SeriesState state) {
    return StateCodec.encode(state, SeriesState.NO_TIME);
  }

  private static double[] forecast(StepResult result) {
    return ((StepResult.Advanced) result).forecast().values();
  }

  private static Observation hourly(int i) {
    return new Observation("a", i * HOUR, 5 + StrictMath.sin(i / 5.0));
  }

  /** Returns two observations an hour, with a gap now and then. */
  private static Observation observation(int i) {
    long gaps = i / 20;
    long time = 100 * HOUR + i * HOUR / 2 + 2 * gaps * HOUR;
    return new Observation("a", time, 5 + StrictMath.sin(i / 5.0));
  }
}
