package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.forecast.calibration.InMemoryCalibrationShifts;
import io.eddy.forecast.step.InMemoryRings;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
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
import io.eddy.series.InMemorySegments;
import io.eddy.series.Observation;
import io.eddy.series.Scaler;
import io.eddy.series.Segment;
import io.eddy.series.SegmentStore;
import io.eddy.series.Window;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StateCodecTest {
  private static final long HOUR = Models.INTERVAL.toMillis();

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateSavedAndRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(Models.file(Models.specification(CellKind.LSTM, 8, 24, aggregation), 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(model, 0, stores));

    for (int i = 0; i < 100; i++) {
      Observation observation = observation(i);
      SeriesState restored = StateCodec.decode(saved, model, stores);
      StepResult actual = steps.apply(restored, observation, model, 0);
      saved = StateCodec.encode(restored);

      StepResult expected = steps.apply(onePass, observation, model, 0);
      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(saved).isEqualTo(StateCodec.encode(onePass));
    }
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateWithCovariatesSavedAndRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(
            Models.combined(withCovariates(1, aggregation), withCovariates(2, aggregation)));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    Encoded stored = new Encoded(model);

    for (int i = 0; i < 100; i++) {
      Observation observation = withCovariates(observation(i), i);
      StepResult actual = stored.apply(observation, model, 0);
      StepResult expected = steps.apply(onePass, observation, model, 0);

      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(stored.bytes).isEqualTo(StateCodec.encode(onePass));
    }
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void stateThatKnowsAheadSavedAndRestoredAtEveryStepEqualsOnePass(Aggregation aggregation) {
    Model model =
        ModelFile.read(Models.combined(lookingAhead(1, aggregation), lookingAhead(2, aggregation)));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    Encoded stored = new Encoded(model);

    for (int i = 0; i < 100; i++) {
      Observation observation = lookingAhead(withCovariates(observation(i), i), i);
      StepResult actual = stored.apply(observation, model, 0);
      StepResult expected = steps.apply(onePass, observation, model, 0);

      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced advanced) {
        assertThat(((StepResult.Advanced) actual).forecast().values())
            .isEqualTo(advanced.forecast().values());
      }
      assertThat(stored.bytes).isEqualTo(StateCodec.encode(onePass));
      assertThat(stored.bytes[0]).isEqualTo((byte) (onePass.openSteps().isEmpty() ? 4 : 6));
    }
  }

  @Test
  void whatIsKnownAheadInAnOpenStepServesALaterModelThatLooksAhead() {
    Model before =
        ModelFile.read(
            Models.file(Models.specification(CellKind.LSTM, 8, 40, Aggregation.LAST), 1));
    Model after = ModelFile.read(lookingAhead(2, Aggregation.LAST));
    StepFunction steps = new StepFunction();
    Encoded stored = new Encoded(before);
    for (int i = 0; i < 100; i++) {
      stored.apply(lookingAhead(withCovariates(hourly(i), i), i), before, 1);
    }
    SeriesState cold = SeriesState.inMemory(after);
    for (int i = 99 - 24; i < 100; i++) {
      steps.apply(cold, lookingAhead(withCovariates(hourly(i), i), i), after, 2);
    }

    for (int i = 100; i < 150; i++) {
      Observation next = lookingAhead(withCovariates(hourly(i), i), i);
      assertThat(forecast(stored.apply(next, after, 2)))
          .isEqualTo(forecast(steps.apply(cold, next, after, 2)));
    }
  }

  private static byte[] lookingAhead(long seed, Aggregation aggregation) {
    return Models.file(
        Models.withCovariates(
            Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, 24, aggregation), 5),
            Covariate.future("load"),
            Covariate.ofSeries("height", 100, 20)),
        seed);
  }

  /** Of the loads to come none, some or more than are forecast are known. */
  private static Observation lookingAhead(Observation observation, int i) {
    double[] load = new double[i % 7];
    Arrays.setAll(load, j -> StrictMath.cos((i + j + 1) / 3.0));
    return observation.withFutureCovariates(
        FutureCovariates.of(Map.of("load", load, "Höhe", new double[] {1, Double.NaN, i})));
  }

  @Test
  void covariatesThatEventsBroughtServeALaterModelThatTakesThem() {
    Model before = Models.model(CellKind.LSTM, 8, 40, 1);
    Model after = ModelFile.read(withCovariates(2, Aggregation.FIRST));
    StepFunction steps = new StepFunction();
    Encoded stored = new Encoded(before);
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
  void stateWithoutCovariatesHasTheLayoutThatItHad() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    Encoded stored = new Encoded(model);
    for (int i = 0; i < 40; i++) {
      stored.apply(hourly(i), model, 1);
    }
    assertThat(stored.bytes[0]).isEqualTo((byte) 2);

    stored.apply(withCovariates(hourly(40), 40), model, 1);
    assertThat(stored.bytes[0]).isEqualTo((byte) 4);

    for (int i = 41; i < 60; i++) {
      stored.apply(hourly(i), model, 1);
    }
    assertThat(stored.bytes[0]).isEqualTo((byte) 2);
  }

  @Test
  void segmentKeepsItsCovariatesByNameAndOneWithoutKeepsItsBytes() {
    Segment segment = new Segment();
    for (int i = 0; i < Segment.STEPS; i++) {
      segment.set(i, i, i % 3 == 0);
    }
    byte[] without = SegmentCodec.encode(segment);
    segment.setCovariates(3, new Covariates(Map.of("Höhe", 4.0, "load", 5.0)));
    Segment read = SegmentCodec.decode(SegmentCodec.encode(segment));

    assertThat(without[0]).isEqualTo((byte) 1);
    assertThat(without).hasSize(133);
    assertThat(read.covariates().row(3)).isEqualTo(segment.covariates().row(3));
    assertThat(read.covariates().row(4)).isEqualTo(Covariates.NONE);
    assertThat(read.value(15)).isEqualTo(15);
  }

  /** A state that is encoded after every event, as in the stream, with segments as bytes. */
  private static final class Encoded implements SegmentStore {
    final StepFunction steps = new StepFunction();
    final Map<Long, byte[]> segments = new HashMap<>();
    final SeriesState.Stores stores =
        new SeriesState.Stores(
            this,
            SeriesState.Stores.inMemory().trial(),
            new InMemoryRings(),
            new InMemoryCalibrationShifts());
    byte[] bytes;

    Encoded(Model model) {
      bytes = StateCodec.encode(SeriesState.initial(model, 0, stores));
    }

    StepResult apply(Observation observation, Model model, long epoch) {
      SeriesState state = StateCodec.decode(bytes, model, stores);
      StepResult result = steps.apply(state, observation, model, epoch);
      bytes = StateCodec.encode(state);
      return result;
    }

    @Override
    public @Nullable Segment read(long number) {
      byte[] segment = segments.get(number);
      return segment == null ? null : SegmentCodec.decode(segment);
    }

    @Override
    public void write(long number, Segment segment) {
      segments.put(number, SegmentCodec.encode(segment));
    }

    @Override
    public void delete(long number) {
      segments.remove(number);
    }
  }

  private static byte[] withCovariates(long seed, Aggregation aggregation) {
    return Models.file(
        Models.withCovariates(
            Models.specification(CellKind.GRU, 8, 24, aggregation),
            Covariate.past("load"),
            Covariate.ofSeries("height", 100, 20)),
        seed);
  }

  /** The load is missing now and then. */
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
  void stateWithAUnitOfItsOwnGoesOnWhereItWasSaved() {
    Model model =
        ModelFile.read(
            Models.file(Models.withErrorUnit(Models.specification(CellKind.GRU, 8, 24)), 1));
    StepFunction steps = new StepFunction();
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    SeriesState state = SeriesState.initial(model, 0, stores);

    for (int i = 0; i < 60; i++) {
      byte[] saved = StateCodec.encode(state);
      state = StateCodec.decode(saved, model, stores);
      assertThat(StateCodec.encode(state)).isEqualTo(saved);
      var unused = steps.apply(state, observation(i), model, 0);
    }
    Scaler scaler = state.members().get(0).past().scaler();
    assertThat(scaler.error()).isNotEqualTo(scaler.scale());
  }

  /** One pass: the whole series by the trainer's encoder and the layers, with no state between. */
  @ParameterizedTest
  @EnumSource(CellKind.class)
  void patchAndDilatedModelServesInTheStreamAsInOnePassWithStatesOfOneSize(CellKind kind) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(kind, 8, 24), List.of(1, 2, 4), 5), 1));
    StepFunction steps = new StepFunction();
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(model, 0, stores));
    SeriesPast past = new SeriesPast(new Window(24, new InMemorySegments()), new Scaler());
    StackState hidden = model.member(0).stack().newState();
    Workspace workspace = model.member(0).stack().newWorkspace();
    float[] input = new float[model.member(0).encoder().size()];
    HeadWorkspace ahead = model.member(0).head().newWorkspace();
    float[] scaled = ahead.forecast();
    Set<Integer> sizes = new HashSet<>();

    for (int i = 0; i < 200; i++) {
      double value = 5 + StrictMath.sin(i / 5.0);
      SeriesState state = StateCodec.decode(saved, model, stores);
      float[] actual =
          forecast(steps.apply(state, new Observation("a", i * HOUR, value), model, 0));
      saved = StateCodec.encode(state);
      sizes.add(saved.length - 8 * ((i + 1) % Segment.STEPS));

      past.observe(value, model.member(0).encoder().scaling());
      model.member(0).encoder().encode(past, i, input, 0);
      model.member(0).stack().step(input, hidden, workspace);
      model.member(0).head().apply(workspace.output(), 0, i, ahead);
      for (int k = 0; k < scaled.length; k++) {
        int perStep = model.specification().output().valuesPerStep();
        double base = model.specification().output().base().at(past.window(), k / perStep + 1);
        assertThat(actual[k]).isEqualTo((float) Math.fma(past.scaler().scale(), scaled[k], base));
      }
    }
    assertThat(sizes).hasSize(1);
  }

  @Test
  void stateOfAnotherVersionIsRebuiltFromItsWindow() {
    Model before = Models.model(CellKind.GRU, 8, 24, 1);
    Model after = Models.model(CellKind.LSTM, 13, 24, 2);
    StepFunction steps = new StepFunction();
    SeriesState state = SeriesState.inMemory(before);
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    SeriesState stored = SeriesState.initial(before, 1, stores);
    for (int i = 0; i < 60; i++) {
      steps.apply(state, observation(i), before, 1);
      steps.apply(stored, observation(i), before, 1);
    }
    byte[] saved = StateCodec.encode(stored);

    SeriesState restored = StateCodec.decode(saved, after, stores);

    assertThat(forecast(steps.apply(restored, observation(60), after, 2)))
        .isEqualTo(forecast(steps.apply(state, observation(60), after, 2)));
  }

  @Test
  void stateOfSeveralMembersSavedAndRestoredAtEveryStepEqualsOnePass() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.LSTM, 24, 1));
    StepFunction steps = new StepFunction();
    SeriesState onePass = SeriesState.inMemory(model);
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(model, 0, stores));

    for (int i = 0; i < 100; i++) {
      SeriesState restored = StateCodec.decode(saved, model, stores);
      StepResult actual = steps.apply(restored, hourly(i), model, 0);
      saved = StateCodec.encode(restored);

      assertThat(forecast(actual)).isEqualTo(forecast(steps.apply(onePass, hourly(i), model, 0)));
      assertThat(saved).isEqualTo(StateCodec.encode(onePass));
    }
    assertThat(saved[0]).isEqualTo((byte) 3);
  }

  @Test
  void stateOfOneMemberHasTheBytesOfLayoutTwo() {
    assertThat(recordOf(List.of(1, 2))[0]).isEqualTo((byte) 2);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void stateOfOtherMembersIsRebuiltFromItsWindow(boolean fromSeveral, boolean toSeveral) {
    Model one = Models.model(CellKind.GRU, 8, 24, 7);
    Model before =
        fromSeveral
            ? ModelFile.read(
                Models.combined(
                    Models.ensembleFile(CellKind.GRU, 24, 1),
                    Models.file(
                        Models.withLayers(Models.specification(CellKind.GRU, 4, 24), List.of(9), 3),
                        8)))
            : one;
    Model after = toSeveral ? ModelFile.read(Models.ensembleFile(CellKind.LSTM, 24, 4)) : one;
    StepFunction steps = new StepFunction();
    SeriesState cold = SeriesState.inMemory(after);
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    byte[] saved = StateCodec.encode(SeriesState.initial(before, 1, stores));
    for (int i = 0; i < 60; i++) {
      SeriesState state = StateCodec.decode(saved, before, stores);
      steps.apply(state, hourly(i), before, 1);
      saved = StateCodec.encode(state);
    }
    for (int i = 60 - 24; i < 60; i++) {
      steps.apply(cold, hourly(i), after, 2);
    }

    for (int i = 60; i < 90; i++) {
      SeriesState state = StateCodec.decode(saved, after, stores);
      assertThat(forecast(steps.apply(state, hourly(i), after, 2)))
          .isEqualTo(forecast(steps.apply(cold, hourly(i), after, 2)));
      saved = StateCodec.encode(state);
    }
  }

  @Test
  void recordDoesNotGrowWithTheDilation() {
    assertThat(recordOf(List.of(1, 24, 168))).hasSameSizeAs(recordOf(List.of(1, 2, 4)));
    assertThat(recordOf(List.of(1))).hasSizeLessThan(recordOf(List.of(1, 2, 4)).length);
  }

  /** Lines of the file: layers of dilation 1 and 2 after 1 step, of 1, 2 and 5 after 47. */
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 47"})
  void stateOfLayoutOneGoesOnWithItsRingsInTheirStore(int line, int past) throws IOException {
    List<Integer> dilations = line == 0 ? List.of(1, 2) : List.of(1, 2, 5);
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(CellKind.GRU, 8, 24), dilations, 2), 1));
    StepFunction steps = new StepFunction();
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    SeriesState former = SeriesState.initial(model, 3, stores);
    SeriesState onePass = SeriesState.inMemory(model);
    for (int i = 0; i < past; i++) {
      steps.apply(former, hourly(i), model, 3);
      steps.apply(onePass, hourly(i), model, 3);
    }
    byte[] saved = HexFormat.of().parseHex(statesOfLayoutOne().get(line));
    // The record was written for a file whose specification has changed since, not its numbers.
    System.arraycopy(model.version().digest(), 0, saved, 1, 32);
    SeriesState.Stores upgraded =
        new SeriesState.Stores(
            stores.segments(),
            stores.trial(),
            new InMemoryRings(),
            new InMemoryCalibrationShifts());

    for (int i = past; i < past + 20; i++) {
      SeriesState restored = StateCodec.decode(saved, model, upgraded);
      assertThat(forecast(steps.apply(restored, hourly(i), model, 3)))
          .isEqualTo(forecast(steps.apply(onePass, hourly(i), model, 3)));
      saved = StateCodec.encode(restored);
    }
  }

  @Test
  void stateMaySayWhenItsSeriesWasHeardOf() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    SeriesState state = SeriesState.inMemory(model);
    new StepFunction().apply(state, new Observation("a", 5, 2.5), model, 1);
    byte[] plain = StateCodec.encode(state);
    byte[] saying = StateCodec.encode(state, 1234);

    assertThat(StateHeader.heardMs(plain)).isEqualTo(StateHeader.UNKNOWN);
    assertThat(StateHeader.heardMs(saying)).isEqualTo(1234);
    assertThat(StateHeader.withHeard(plain, 1234)).isEqualTo(saying);
    assertThat(StateHeader.served(saying)).isEqualTo(StateHeader.served(plain));
    SeriesState restored = StateCodec.decode(saying, model, SeriesState.Stores.inMemory());
    assertThat(StateCodec.encode(restored)).isEqualTo(plain);
  }

  @Test
  void refusesALayoutThatItDoesNotKnow() {
    Model model = Models.model(CellKind.GRU, 8, 24, 1);
    byte[] saved = StateCodec.encode(SeriesState.inMemory(model));
    saved[0] = 99;

    assertThatThrownBy(() -> StateCodec.decode(saved, model, SeriesState.Stores.inMemory()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layout 99");
  }

  private static byte[] recordOf(List<Integer> dilations) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withLayers(Models.specification(CellKind.GRU, 8, 24), dilations, 2), 1));
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 200; i++) {
      steps.apply(state, hourly(i), model, 0);
    }
    return StateCodec.encode(state);
  }

  /** Layouts 2, 4 and 5, each with a step that had three observations when it was written. */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 4", "2, 5"})
  void openStepOfAFormerLayoutTakesFurtherObservations(int line, byte layout) throws IOException {
    ModelSpecification plain = Models.specification(CellKind.GRU, 4, 24, Aggregation.MEAN);
    Model model =
        ModelFile.read(
            Models.file(
                line == 0
                    ? plain
                    : Models.withCovariates(
                        Models.withStepsDecoder(plain, 5),
                        Covariate.past("load"),
                        Covariate.future("plan")),
                1));
    byte[] saved = HexFormat.of().parseHex(lines("states-with-one-open-step.txt").get(line));
    assertThat(saved[0]).isEqualTo(layout);
    System.arraycopy(model.version().digest(), 0, saved, 1, 32);
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    SeriesState onePass = SeriesState.initial(model, 3, stores);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 39; i++) {
      steps.apply(onePass, quarter(i, line), model, 3);
    }

    for (int i = 39; i < 60; i++) {
      SeriesState restored = StateCodec.decode(saved, model, stores);
      StepResult actual = steps.apply(restored, quarter(i, line), model, 3);
      saved = StateCodec.encode(restored);
      StepResult expected = steps.apply(onePass, quarter(i, line), model, 3);
      assertThat(actual.getClass()).isEqualTo(expected.getClass());
      if (expected instanceof StepResult.Advanced) {
        assertThat(forecast(actual)).isEqualTo(forecast(expected));
      }
    }
  }

  private static Observation quarter(int i, int line) {
    Covariates covariates =
        line == 0
            ? Covariates.NONE
            : new Covariates(Map.of("load", (double) Math.floorMod(i * 7, 5)));
    FutureCovariates ahead =
        line == 2
            ? FutureCovariates.of(Map.of("plan", new double[] {i, i + 1}))
            : FutureCovariates.NONE;
    double value = 5 + Math.floorMod(i * 11, 13) / 8.0;
    return new Observation("a", i * HOUR / 4, value, covariates, ahead);
  }

  private static List<String> statesOfLayoutOne() throws IOException {
    return lines("states-of-layout-1.txt");
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream file = StateCodecTest.class.getResourceAsStream(resource)) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static float[] forecast(StepResult result) {
    return ((StepResult.Advanced) result).forecast().values();
  }

  private static Observation hourly(int i) {
    return new Observation("a", i * HOUR, 5 + StrictMath.sin(i / 5.0));
  }

  /** Two observations an hour, with a gap now and then. */
  private static Observation observation(int i) {
    long gaps = i / 20;
    long time = 100 * HOUR + i * HOUR / 2 + 2 * gaps * HOUR;
    return new Observation("a", time, 5 + StrictMath.sin(i / 5.0));
  }
}
