package io.eddy.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.cell.CellKind;
import io.eddy.model.BaseForecast;
import io.eddy.model.Covariate;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.LookAhead;
import io.eddy.series.Observation;
import io.eddy.series.SegmentsInMemory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepFunctionTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int CONTEXT = 24;

  private final StepFunction steps = new StepFunction();

  static Stream<Arguments> pairsOfModels() {
    List<Arguments> pairs = new ArrayList<>();
    for (CellKind from : CellKind.values()) {
      for (CellKind to : CellKind.values()) {
        for (int[] sizes : new int[][] {{8, 8}, {8, 13}, {13, 8}}) {
          pairs.add(Arguments.of(from, sizes[0], to, sizes[1]));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairsOfModels")
  void migratedStateForecastsBitForBitAsAColdStartOnTheLastInputs(
      CellKind from, int fromSize, CellKind to, int toSize) {
    Model before = Models.model(from, fromSize, CONTEXT, 1);
    Model after = Models.model(to, toSize, CONTEXT, 2);
    assertMigratesAsAColdStart(before, after);
  }

  @Test
  void migrationToAnotherUnitEqualsAColdStartOnTheLastInputs() {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    Model after =
        ModelFile.read(
            Models.file(Models.withErrorUnit(Models.specification(CellKind.GRU, 8, CONTEXT)), 2));
    assertMigratesAsAColdStart(before, after);
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void migrationToALinearBaseEqualsAColdStartOnTheLastInputs(Transform transform) {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    assertMigratesAsAColdStart(before, linear(transform, 2));
    assertMigratesAsAColdStart(linear(transform, 2), before);
  }

  @Test
  void migrationToABaseThatKnowsTheYearEqualsAColdStartOnTheLastInputs() {
    Model before = linear(Transform.NONE, 1);
    ModelSpecification yearly = Models.withYear(before.specification());
    Model after = ModelFile.read(Models.file(yearly, 2));
    assertMigratesAsAColdStart(before, after);
    assertMigratesAsAColdStart(after, before);
  }

  private static Model linear(Transform transform, long seed) {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    return ModelFile.read(
        Models.file(Models.withLinearBase(specification, CONTEXT, transform), seed));
  }

  @Test
  void logarithmOfAmountsThatGrowGivesForecastsThatGrowWithThem() {
    Model model = linear(Transform.LOG, 3);
    SeriesState small = SeriesState.inMemory(model);
    SeriesState large = SeriesState.inMemory(model);
    float[] one = new float[0];
    float[] other = new float[0];

    for (int t = 0; t < 60; t++) {
      double value = 20 + t % 6;
      one = forecast(steps.apply(small, new Observation("a", t * HOUR, value), model, 1)).values();
      other =
          forecast(steps.apply(large, new Observation("a", t * HOUR, 1024 * value), model, 1))
              .values();
    }

    for (int i = 0; i < one.length; i++) {
      // The scaler's floor, a ten-thousandth of the level, is all that is not in proportion.
      assertThat(other[i] / one[i]).isCloseTo(1024, within(1f));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -5, 1e-300, 1e35, -1e35})
  void logarithmForecastsFiniteAmountsOfAnyNumbers(double absurd) {
    Model model = linear(Transform.LOG, 3);
    SeriesState state = SeriesState.inMemory(model);

    for (int t = 0; t < 40; t++) {
      double value = t % 5 == 0 ? absurd : 20 + t % 6;
      float[] values =
          forecast(steps.apply(state, new Observation("a", t * HOUR, value), model, 1)).values();
      for (float number : values) {
        assertThat(number).isFinite();
      }
    }
  }

  private void assertMigratesAsAColdStart(Model before, Model after) {
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> past = observations(100);
    past.forEach(observation -> steps.apply(migrated, observation, before, 1));
    past.subList(past.size() - CONTEXT, past.size())
        .forEach(observation -> steps.apply(cold, observation, after, 2));

    for (Observation next : observations(130).subList(100, 130)) {
      float[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      float[] actual = forecast(steps.apply(migrated, next, after, 2)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  static Stream<Arguments> pairsWithCalibration() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model without = ModelFile.read(Models.file(plain, 1));
    Model calibrated = ModelFile.read(Models.file(Models.calibrated(plain), 2));
    Model several =
        ModelFile.read(
            Models.combined(
                Models.file(Models.calibrated(plain), 3),
                Models.file(Models.calibrated(Models.withErrorUnit(plain)), 4)));
    return Stream.of(
        Arguments.of("none to calibrated", without, calibrated),
        Arguments.of("calibrated to none", calibrated, without),
        Arguments.of("calibrated to calibrated", several, calibrated),
        Arguments.of("calibrated to several", calibrated, several));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairsWithCalibration")
  void migrationOfACalibratedModelEqualsAColdStartOnTheLastInputs(
      String how, Model before, Model after) {
    assertMigratesAsAColdStart(before, after);
  }

  @Test
  void calibrationMovesQuantilesAndKeepsThemInOrder() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model plain = ModelFile.read(Models.file(specification, 1));
    Model calibrated = ModelFile.read(Models.file(Models.calibrated(specification), 1));
    SeriesState raw = SeriesState.inMemory(plain);
    SeriesState moved = SeriesState.inMemory(calibrated);
    int same = 0;
    for (Observation observation : observations(200)) {
      Forecast expected = forecast(steps.apply(raw, observation, plain, 1));
      Forecast actual = forecast(steps.apply(moved, observation, calibrated, 1));
      same += Arrays.equals(bits(actual.values()), bits(expected.values())) ? 1 : 0;
      for (int step = 1; step <= 4; step++) {
        assertThat(actual.value(step, 0)).isLessThanOrEqualTo(actual.value(step, 1));
        assertThat(actual.value(step, 1)).isLessThanOrEqualTo(actual.value(step, 2));
      }
    }

    assertThat(same).as("until the first trial is met").isEqualTo(5);
  }

  @Test
  void versionThatIsNotCalibratedForgetsWhatWasLearnt() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model calibrated = ModelFile.read(Models.file(Models.calibrated(specification), 1));
    SeriesState.Stores stores = SeriesState.Stores.inMemory();
    SeriesState state = SeriesState.initial(calibrated, 1, stores);
    List<Observation> all = observations(30);
    all.subList(0, 29).forEach(one -> steps.apply(state, one, calibrated, 1));
    assertThat(stores.shifts().readShifts()).hasSize(16);

    steps.apply(state, all.get(29), ModelFile.read(Models.file(specification, 1)), 2);

    assertThat(stores.shifts().readShifts()).isNull();
  }

  @Test
  void rebuiltStateGivesNoScoreOfAForecastThatWasNeverPublished() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model before = ModelFile.read(Models.file(specification, 1));
    Model after = ModelFile.read(Models.file(Models.calibrated(specification), 2));
    SeriesState state = SeriesState.inMemory(before);
    List<Observation> all = observations(40);
    all.subList(0, 30).forEach(one -> steps.apply(state, one, before, 1));
    List<Forecast.Origin> published = new ArrayList<>();
    List<Forecast.Origin> scored = new ArrayList<>();
    for (Observation next : all.subList(30, 40)) {
      StepResult.Advanced advanced = (StepResult.Advanced) steps.apply(state, next, after, 2);
      published.add(advanced.forecast().origin());
      if (advanced.score() != null) {
        scored.add(advanced.score().origin());
      }
    }

    assertThat(scored).hasSizeBetween(1, 2).isSubsetOf(published);
  }

  static Stream<Arguments> pairsWithEnsembles() {
    Model single = dilated(CellKind.LSTM, List.of(2, 5), 9);
    Model one = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    Model other =
        ModelFile.read(
            Models.combined(
                Models.ensembleFile(CellKind.RNN_TANH, CONTEXT, 5),
                Models.file(
                    Models.withLayers(
                        Models.specification(CellKind.GRU, 4, CONTEXT), List.of(30, 4), 3),
                    8)));
    return Stream.of(
        Arguments.of("one net to several", single, one),
        Arguments.of("several to one net", one, single),
        Arguments.of("several to more", one, other),
        Arguments.of("several to fewer", other, one));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairsWithEnsembles")
  void migrationBetweenOneAndSeveralMembersEqualsAColdStartOnTheLastInputs(
      String how, Model before, Model after) {
    assertMigratesAsAColdStart(before, after);
  }

  static Stream<Arguments> pairsWithCovariates() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model without = ModelFile.read(Models.file(plain, 1));
    Model load =
        ModelFile.read(Models.file(Models.withCovariates(plain, Covariate.past("load")), 2));
    Model both =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withLayers(plain, List.of(1, 2), 3),
                    Covariate.ofSeries("height", 100, 20),
                    Covariate.past("load")),
                3));
    Model ahead =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withStepsDecoder(plain, 5),
                    Covariate.future("load"),
                    Covariate.past("height")),
                4));
    return Stream.of(
        Arguments.of("none to one known ahead", without, ahead),
        Arguments.of("past to known ahead", both, ahead),
        Arguments.of("known ahead to past", ahead, load),
        Arguments.of("none to one", without, load),
        Arguments.of("one to none", load, without),
        Arguments.of("one to others", load, both),
        Arguments.of("others to one", both, load));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairsWithCovariates")
  void migrationBetweenModelsWithOtherCovariatesEqualsAColdStartOnTheLastInputs(
      String how, Model before, Model after) {
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> all = withCovariates(observations(140));
    all.subList(0, 100).forEach(observation -> steps.apply(migrated, observation, before, 1));
    all.subList(100 - CONTEXT, 100).forEach(one -> steps.apply(cold, one, after, 2));

    for (Observation observation : all.subList(100, 140)) {
      assertThat(bits(forecast(steps.apply(migrated, observation, after, 2)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, observation, after, 2)).values()));
    }
  }

  @Test
  void covariatesThatNoEventBroughtYetAreMissingToAModelThatTakesThem() {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    Model after =
        ModelFile.read(
            Models.file(Models.withCovariates(before.specification(), Covariate.past("load")), 2));
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> without = observations(140);
    List<Observation> with = withCovariates(without);
    without.subList(0, 100).forEach(one -> steps.apply(migrated, one, before, 1));
    without.subList(100 - CONTEXT, 100).forEach(one -> steps.apply(cold, one, after, 2));

    for (Observation observation : with.subList(100, 140)) {
      assertThat(bits(forecast(steps.apply(migrated, observation, after, 2)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, observation, after, 2)).values()));
    }
  }

  @Test
  void forecastTurnsOnACovariateThatTheModelTakesAndOnNoOther() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.specification(CellKind.GRU, 8, CONTEXT), Covariate.past("load")),
                1));
    List<Observation> all = withCovariates(observations(30));
    Observation last = all.get(29);

    int[] forecast = lastForecast(all, last.covariates(), model);

    assertThat(lastForecast(all, new Covariates(Map.of("load", 5.0)), model))
        .isNotEqualTo(forecast);
    assertThat(lastForecast(all, Covariates.NONE, model)).isNotEqualTo(forecast);
    assertThat(
            lastForecast(
                all, new Covariates(Map.of("height", -1.0)).over(last.covariates()), model))
        .isEqualTo(forecast);
  }

  @Test
  void forecastTurnsOnWhatIsKnownAheadWithinItsHorizonAndOnNothingElse() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, CONTEXT), 5),
                    Covariate.future("load"),
                    Covariate.past("height")),
                1));
    List<Observation> all = withCovariates(observations(30));

    int[] forecast = lastForecast(all, Map.of("load", new double[] {1, 2, 3, 4}), model);

    int perStep = forecast.length / 4;
    for (int j = 1; j <= 4; j++) {
      double[] changed = {1, 2, 3, 4};
      changed[j - 1] = -7;
      int[] other = lastForecast(all, Map.of("load", changed), model);
      for (int k = 1; k <= 4; k++) {
        int[] before = Arrays.copyOfRange(forecast, (k - 1) * perStep, k * perStep);
        int[] after = Arrays.copyOfRange(other, (k - 1) * perStep, k * perStep);
        assertThat(Arrays.equals(before, after)).as("%d on %d", j, k).isEqualTo(k != j);
      }
    }
    assertThat(
            lastForecast(
                all,
                Map.of(
                    "load", new double[] {1, 2, 3, 4, -1e30},
                    "height", new double[] {9, 9},
                    "other", new double[] {9, 9}),
                model))
        .isEqualTo(forecast);
  }

  /** That of the last hour on; it is told apart from the same number that is known. */
  @Test
  void unknownStepsAheadAreForecastByTheLastNumberKnown() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withCovariates(
                    Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, CONTEXT), 5),
                    Covariate.future("load")),
                1));
    List<Observation> all = withCovariates(observations(30));
    double nan = Double.NaN;

    int[] cut = lastForecast(all, Map.of("load", new double[] {1, 2}), model);

    assertThat(lastForecast(all, Map.of("load", new double[] {1, 2, nan, nan}), model))
        .isEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {1, 2, 2, 2}), model))
        .isNotEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {1, nan, nan, nan}), model))
        .isNotEqualTo(cut);
    assertThat(lastForecast(all, Map.of("load", new double[] {nan, 2}), model))
        .isNotEqualTo(cut)
        .isNotEqualTo(lastForecast(all, Map.of(), model));
  }

  private int[] lastForecast(List<Observation> all, Map<String, double[]> ahead, Model model) {
    SeriesState state = SeriesState.inMemory(model);
    Observation last = all.get(all.size() - 1);
    all.subList(0, all.size() - 1).forEach(one -> steps.apply(state, one, model, 1));
    StepResult result = steps.apply(state, last.with(LookAhead.of(ahead)), model, 1);
    return bits(forecast(result).values());
  }

  private int[] lastForecast(List<Observation> all, Covariates covariates, Model model) {
    SeriesState state = SeriesState.inMemory(model);
    Observation last = all.get(all.size() - 1);
    all.subList(0, all.size() - 1).forEach(one -> steps.apply(state, one, model, 1));
    Observation changed =
        new Observation(last.series(), last.timestampMs(), last.value(), covariates);
    return bits(forecast(steps.apply(state, changed, model, 1)).values());
  }

  /** The same with a load that is missing now and then, and gaps. */
  private static List<Observation> withCovariates(List<Observation> observations) {
    List<Observation> all = new ArrayList<>();
    for (int i = 0; i < observations.size(); i++) {
      Observation one = observations.get(i);
      Map<String, Double> load =
          i % 5 == 3 ? Map.of() : Map.of("load", StrictMath.cos(i / 3.0), "height", 117.0);
      long timestampMs = one.timestampMs() + (i >= 110 ? 2 * HOUR : 0);
      double[] ahead = new double[i % 4 == 3 ? 0 : 3];
      for (int j = 0; j < ahead.length; j++) {
        ahead[j] = StrictMath.cos((i + j + 1) / 3.0);
      }
      LookAhead known = LookAhead.of(Map.of("load", ahead));
      all.add(new Observation(one.series(), timestampMs, one.value(), new Covariates(load), known));
    }
    return all;
  }

  @Test
  void membersThatAModelHasNoMoreLeaveNoSlotBehind() {
    Model before = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    Model after = Models.model(CellKind.GRU, 8, CONTEXT, 2);
    RingsInMemory rings = new RingsInMemory();
    SeriesState state = stateOver(rings, before);
    List<Observation> all = observations(101);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, before, 1));
    assertThat(rings.size()).isEqualTo(3 + 7 + 2);

    steps.apply(state, all.get(100), after, 2);

    assertThat(rings.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"SOFTMAX"},
      mode = EnumSource.Mode.EXCLUDE)
  void forecastOfSeveralMembersIsTheMeanOfTheirOwnBitForBit(HeadKind head) {
    ModelSpecification first =
        Models.withOutput(Models.specification(CellKind.GRU, 8, CONTEXT), Models.output(head));
    assertForecastsTheMean(
        List.of(
            Models.file(first, 1),
            Models.file(Models.withLayers(first, List.of(1, 3, 7), 4), 2),
            Models.file(Models.withErrorUnit(Models.withStepsDecoder(first, 5)), 3)),
        observations(100));
  }

  @Test
  void probabilitiesOfSeveralMembersAreTheMeanOfTheirOwnBitForBit() {
    assertForecastsTheMean(
        List.of(
            Models.file(Models.ofClasses(CellKind.GRU, 8, 5), 1),
            Models.file(Models.ofClasses(CellKind.LSTM, 6, 5), 2)),
        classes(100, 5));
  }

  @Test
  void membersWithOtherBasesAreAveragedInTheSeriesOwnUnitAndMeasuredByTheFirst() {
    ModelSpecification seasonal = Models.specification(CellKind.GRU, 8, CONTEXT);
    ModelSpecification last = Models.withOutput(seasonal, Models.output(HeadKind.QUANTILES));
    List<byte[]> files = List.of(Models.file(seasonal, 1), Models.file(last, 2));

    assertForecastsTheMean(files, observations(60));

    Model model = ModelFile.read(Models.combined(files.toArray(byte[][]::new)));
    assertThat(model.specification().output().base()).isEqualTo(new BaseForecast(6));
  }

  @Test
  void membersOverLogarithmsAndLinearBasesAreAveragedInTheSeriesOwnUnit() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    assertForecastsTheMean(
        List.of(
            Models.file(Models.withLinearBase(plain, 12, Transform.LOG), 1),
            Models.file(plain, 2),
            Models.file(Models.withLinearBase(plain, 6, Transform.NONE), 3)),
        observations(60));
  }

  private void assertForecastsTheMean(List<byte[]> files, List<Observation> observations) {
    Model model = ModelFile.read(Models.combined(files.toArray(byte[][]::new)));
    List<Model> alone = files.stream().map(ModelFile::read).toList();
    SeriesState state = SeriesState.inMemory(model);
    List<SeriesState> states = alone.stream().map(SeriesState::inMemory).toList();
    for (Observation observation : observations) {
      double[] sums = new double[forecastSize(model)];
      for (int i = 0; i < alone.size(); i++) {
        float[] own = forecast(steps.apply(states.get(i), observation, alone.get(i), 1)).values();
        for (int k = 0; k < sums.length; k++) {
          sums[k] += own[k];
        }
      }
      float[] expected = new float[sums.length];
      for (int k = 0; k < sums.length; k++) {
        expected[k] = (float) (sums[k] / alone.size());
      }

      float[] actual = forecast(steps.apply(state, observation, model, 1)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  private static int forecastSize(Model model) {
    ModelSpecification.Output output = model.specification().output();
    return output.horizon() * output.valuesPerStep();
  }

  @Test
  void quantilesOfSeveralMembersNeverCross() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.LSTM, CONTEXT, 3));
    SeriesState state = SeriesState.inMemory(model);

    for (Observation observation : observations(300)) {
      Forecast forecast = forecast(steps.apply(state, observation, model, 1));
      for (int step = 1; step <= forecast.horizon(); step++) {
        assertThat(forecast.value(step, 0)).isLessThanOrEqualTo(forecast.value(step, 1));
        assertThat(forecast.value(step, 1)).isLessThanOrEqualTo(forecast.value(step, 2));
      }
    }
  }

  @Test
  void longGapStartsEveryMemberAnew() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    SeriesState state = SeriesState.inMemory(model);
    SeriesState cold = SeriesState.inMemory(model);
    observations(50).forEach(observation -> steps.apply(state, observation, model, 1));

    for (int i = 0; i < 20; i++) {
      Observation next = new Observation("a", (200 + i) * HOUR, 7 + i);
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, next, model, 1)).values()));
    }
  }

  @Test
  void ringOfOneMemberThatIsNotItsOwnHasAllOfThemRebuilt() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    RingsInMemory rings = new RingsInMemory();
    SeriesState state = stateOver(rings, model);
    SeriesState cold = SeriesState.inMemory(model);
    List<Observation> all = observations(130);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(101 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, model, 1));

    rings.delete(new RingStore.Slot(1, 2, 100 % 7));

    for (Observation next : all.subList(100, 130)) {
      float[] expected = forecast(steps.apply(cold, next, model, 1)).values();
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(expected));
    }
  }

  private static SeriesState stateOver(RingsInMemory rings, Model model) {
    return SeriesState.initial(
        model,
        1,
        new SeriesState.Stores(
            new SegmentsInMemory(), new TrialInMemory(), rings, new ShiftsInMemory()));
  }

  @Test
  void migrationToALongerContextIsNotWarmUntilItHasAsManyInputs() {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    Model after = Models.model(CellKind.GRU, 8, 2 * CONTEXT, 2);
    SeriesState state = SeriesState.inMemory(before);
    observations(100).forEach(observation -> steps.apply(state, observation, before, 1));

    List<Boolean> warm = new ArrayList<>();
    for (Observation next : observations(130).subList(100, 130)) {
      warm.add(forecast(steps.apply(state, next, after, 2)).origin().warm());
    }

    assertThat(warm.indexOf(true)).isEqualTo(CONTEXT - 1);
    assertThat(warm.subList(CONTEXT - 1, 30)).containsOnly(true);
  }

  @Test
  void stateWhoseRingsAreNotItsOwnIsRebuiltAsByAColdStartOnTheLastInputs() {
    Model model = dilated(CellKind.GRU, List.of(1, 2, 6), 1);
    RingsInMemory rings = new RingsInMemory();
    SeriesState state = stateOver(rings, model);
    SeriesState cold = SeriesState.inMemory(model);
    List<Observation> all = observations(130);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(101 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, model, 1));

    rings.delete(new RingStore.Slot(0, 2, 100 % 6));

    for (Observation next : all.subList(100, 130)) {
      float[] expected = forecast(steps.apply(cold, next, model, 1)).values();
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void migrationFromRingsToOtherRingsEqualsAColdStartOnTheLastInputs(CellKind kind) {
    Model before = dilated(CellKind.LSTM, List.of(3, 1, 7), 1);
    Model after = dilated(kind, List.of(1, 5, 30), 2);
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> all = observations(200);
    all.subList(0, 100).forEach(observation -> steps.apply(migrated, observation, before, 1));
    all.subList(100 - CONTEXT, 100).forEach(o -> steps.apply(cold, o, after, 2));

    for (Observation next : all.subList(100, 200)) {
      float[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      assertThat(bits(forecast(steps.apply(migrated, next, after, 2)).values()))
          .isEqualTo(bits(expected));
    }
  }

  @Test
  void rollbackToTheFormerVersionRebuildsAsWell() {
    Model first = Models.model(CellKind.LSTM, 8, CONTEXT, 1);
    Model second = Models.model(CellKind.GRU, 8, CONTEXT, 2);
    SeriesState state = SeriesState.inMemory(first);
    SeriesState cold = SeriesState.inMemory(first);
    List<Observation> all = observations(80);
    all.subList(0, 40).forEach(observation -> steps.apply(state, observation, first, 1));
    all.subList(40, 60).forEach(observation -> steps.apply(state, observation, second, 2));
    all.subList(60 - CONTEXT, 60).forEach(o -> steps.apply(cold, o, first, 3));

    Forecast actual = forecast(steps.apply(state, all.get(60), first, 3));

    assertThat(bits(actual.values()))
        .isEqualTo(bits(forecast(steps.apply(cold, all.get(60), first, 3)).values()));
    assertThat(actual.origin().served()).isEqualTo(new Forecast.Served(first.version(), 3));
  }

  @Test
  void newEpochOfTheSameVersionKeepsTheState() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState one = SeriesState.inMemory(model);
    SeriesState other = SeriesState.inMemory(model);
    List<Observation> all = observations(60);
    all.subList(0, 50).forEach(observation -> steps.apply(one, observation, model, 1));
    all.subList(0, 50).forEach(observation -> steps.apply(other, observation, model, 1));

    Forecast actual = forecast(steps.apply(one, all.get(50), model, 2));

    assertThat(actual.origin().served().epoch()).isEqualTo(2);
    assertThat(bits(actual.values()))
        .isEqualTo(bits(forecast(steps.apply(other, all.get(50), model, 1)).values()));
  }

  @Test
  void decoderOfStepsForecastsAlikeWhicheverForecastsWereMadeBefore() {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, CONTEXT), 5), 1));
    SeriesState state = SeriesState.inMemory(model);
    SeriesState other = SeriesState.inMemory(model);
    SeriesState alone = SeriesState.inMemory(model);
    List<Observation> all = observations(40);

    for (int i = 0; i < all.size(); i++) {
      steps.apply(other, new Observation("b", 5L * i * i * HOUR, i), model, 1);
      float[] actual = forecast(steps.apply(state, all.get(i), model, 1)).values();

      float[] expected = forecast(new StepFunction().apply(alone, all.get(i), model, 1)).values();
      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void quantilesNeverCross(CellKind kind) {
    Model model = Models.model(kind, 8, CONTEXT, 3);
    SeriesState state = SeriesState.inMemory(model);

    for (Observation observation : observations(300)) {
      Forecast forecast = forecast(steps.apply(state, observation, model, 1));
      for (int step = 1; step <= forecast.horizon(); step++) {
        assertThat(forecast.value(step, 0)).isLessThanOrEqualTo(forecast.value(step, 1));
        assertThat(forecast.value(step, 1)).isLessThanOrEqualTo(forecast.value(step, 2));
        assertThat(forecast.value(step, 1)).isFinite();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"GAUSSIAN", "STUDENT_T"})
  void quantilesOfADistributionLieAboutItsMedianInOrder(HeadKind head) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withOutput(
                    Models.specification(CellKind.GRU, 8, CONTEXT),
                    new ModelSpecification.Output(
                        4, head, List.of(0.1, 0.5, 0.9), BaseForecast.LAST_VALUE)),
                3));
    SeriesState state = SeriesState.inMemory(model);

    for (Observation observation : observations(100)) {
      Forecast forecast = forecast(steps.apply(state, observation, model, 1));
      for (int step = 1; step <= forecast.horizon(); step++) {
        assertThat(forecast.value(step, 0)).isLessThan(forecast.value(step, 1));
        assertThat(forecast.value(step, 1)).isLessThan(forecast.value(step, 2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void probabilitiesOfClassesSumToOne(CellKind kind) {
    Model model = ModelFile.read(Models.file(Models.ofClasses(kind, 8, 5), 3));
    SeriesState state = SeriesState.inMemory(model);

    for (Observation observation : classes(100, 5)) {
      Forecast forecast = forecast(steps.apply(state, observation, model, 1));
      assertThat(forecast.classes()).isEqualTo(5);
      assertThat(forecast.horizon()).isEqualTo(4);
      for (int step = 1; step <= forecast.horizon(); step++) {
        double sum = 0;
        for (int k = 0; k < 5; k++) {
          sum += forecast.value(step, k);
          assertThat(forecast.value(step, k))
              .isLessThanOrEqualTo(forecast.probability(step, forecast.likeliest(step)));
        }
        // Six roundings of half of 2⁻²³.
        assertThat(Math.abs(sum - 1)).isLessThan(6 * 0x1p-24);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0.5, 3, 1e30, Double.MIN_VALUE})
  void valueThatIsNoClassIsRefusedAndChangesNothing(double value) {
    Model model = ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 3));
    SeriesState state = SeriesState.inMemory(model);
    SeriesState other = SeriesState.inMemory(model);
    List<Observation> all = classes(20, 3);
    all.subList(0, 19).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(0, 19).forEach(observation -> steps.apply(other, observation, model, 1));

    StepResult result =
        steps.apply(state, new Observation("a", all.get(19).timestampMs(), value), model, 1);

    assertThat(result)
        .isEqualTo(
            new StepResult.Refused(
                "value: expected a class, a whole number from 0 to 2, got "
                    + value
                    + "; version "
                    + model.version().shortSha()
                    + " serves",
                "value: expected a class, a whole number from 0 to 2; version "
                    + model.version().shortSha()
                    + " serves"));
    assertThat(bits(forecast(steps.apply(state, all.get(19), model, 1)).values()))
        .isEqualTo(bits(forecast(steps.apply(other, all.get(19), model, 1)).values()));
  }

  @Test
  void modelOfFewerClassesTakesOverAsAColdStartOnTheLastInputs() {
    Model before = ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 8, 5), 1));
    Model after = ModelFile.read(Models.file(Models.ofClasses(CellKind.LSTM, 13, 3), 2));
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(before);
    List<Observation> past = classes(100, 5);
    past.forEach(observation -> steps.apply(migrated, observation, before, 1));
    past.subList(past.size() - CONTEXT, past.size())
        .forEach(observation -> steps.apply(cold, observation, before, 1));

    for (Observation next : classes(130, 3).subList(100, 130)) {
      float[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      float[] actual = forecast(steps.apply(migrated, next, after, 2)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  @Test
  void trialOfClassesIsScoredByWhatCame() {
    Model model = ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 3));
    SeriesState state = SeriesState.inMemory(model);
    List<Observation> all = classes(6, 3);
    Forecast first = forecast(steps.apply(state, all.get(0), model, 1));
    Score score = null;
    for (Observation next : all.subList(1, 6)) {
      score = ((StepResult.Advanced) steps.apply(state, next, model, 1)).score();
    }

    assertThat(score).isNotNull();
    for (int j = 1; j <= 4; j++) {
      double came = all.get(j).value();
      assertThat(score.absoluteError()[j - 1]).isEqualTo(first.likeliest(j) == came ? 0f : 1f);
      assertThat(score.baseAbsoluteError()[j - 1]).isEqualTo(all.get(0).value() == came ? 0f : 1f);
      assertThat(score.crossEntropy()[j - 1])
          .isEqualTo((float) -StrictMath.log(first.value(j, (int) came)));
      assertThat(score.pinballLoss()[j - 1]).isNaN();
    }
  }

  /** Hourly classes, mostly in turn, from hour 100 on. */
  private static List<Observation> classes(int count, int classes) {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int value = random.nextInt(4) == 0 ? random.nextInt(classes) : i % classes;
      observations.add(new Observation("a", (100 + i) * HOUR, value));
    }
    return observations;
  }

  @Test
  void duplicateOfAStepChangesNothing() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    Observation observation = new Observation("a", 5 * HOUR, 1);
    steps.apply(state, observation, model, 1);
    float[] before = plain(state);

    StepResult result = steps.apply(state, new Observation("a", 5 * HOUR + 1, 9), model, 1);

    assertThat(result).isEqualTo(new StepResult.Dropped(StepResult.Reason.DUPLICATE));
    assertThat(plain(state)).isEqualTo(before);
  }

  @Test
  void lateObservationChangesNothing() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    steps.apply(state, new Observation("a", 5 * HOUR, 1), model, 1);

    StepResult result = steps.apply(state, new Observation("a", 4 * HOUR, 9), model, 1);

    assertThat(result).isEqualTo(new StepResult.Dropped(StepResult.Reason.LATE));
    assertThat(state.lastStep()).isEqualTo(5);
  }

  @Test
  void shortGapIsBridgedByImputedSteps() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    steps.apply(state, new Observation("a", 10 * HOUR, 1), model, 1);

    steps.apply(state, new Observation("a", 14 * HOUR, 2), model, 1);

    assertThat(state.window().size()).isEqualTo(5);
    assertThat(state.window().isImputed(1)).isTrue();
    assertThat(state.window().value(1)).isEqualTo(1);
    assertThat(state.window().isImputed(0)).isFalse();
  }

  @Test
  void longGapStartsTheSeriesAnew() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    SeriesState cold = SeriesState.inMemory(model);
    observations(50).forEach(observation -> steps.apply(state, observation, model, 1));
    Observation next = new Observation("a", 200 * HOUR, 7);

    Forecast actual = forecast(steps.apply(state, next, model, 1));

    assertThat(bits(actual.values()))
        .isEqualTo(bits(forecast(steps.apply(cold, next, model, 1)).values()));
    assertThat(actual.origin().warm()).isFalse();
  }

  @Test
  void longGapStartsADilatedNetAnew() {
    Model model = dilated(CellKind.LSTM, List.of(2, 5), 1);
    SeriesState state = SeriesState.inMemory(model);
    SeriesState cold = SeriesState.inMemory(model);
    observations(50).forEach(observation -> steps.apply(state, observation, model, 1));

    for (int i = 0; i < 20; i++) {
      Observation next = new Observation("a", (200 + i) * HOUR, 7 + i);
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, next, model, 1)).values()));
    }
  }

  @Test
  void meanOfAStepIsForecastFromWhenALaterStepBegins() {
    Model model =
        ModelFile.read(
            Models.file(Models.specification(CellKind.GRU, 8, CONTEXT, Aggregation.MEAN), 1));
    SeriesState state = SeriesState.inMemory(model);
    steps.apply(state, new Observation("a", 10 * HOUR, 1), model, 1);

    StepResult gathered = steps.apply(state, new Observation("a", 10 * HOUR + 5, 3), model, 1);
    StepResult closed = steps.apply(state, new Observation("a", 11 * HOUR, 8), model, 1);

    assertThat(gathered).isEqualTo(new StepResult.Gathered());
    assertThat(forecast(closed).origin().timestampMs()).isEqualTo(10 * HOUR);
    assertThat(state.window().value(0)).isEqualTo(2);
  }

  @Test
  void trialIsScoredWhenItsHorizonHasCome() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    List<Observation> all = observations(11);
    List<Score> scores = new ArrayList<>();
    List<Forecast> forecasts = new ArrayList<>();
    for (Observation observation : all) {
      StepResult.Advanced advanced =
          (StepResult.Advanced) steps.apply(state, observation, model, 1);
      forecasts.add(advanced.forecast());
      if (advanced.score() != null) {
        scores.add(advanced.score());
      }
    }

    assertThat(scores).hasSize(2);
    assertThat(scores.get(0).origin()).isEqualTo(forecasts.get(0).origin());
    assertThat(scores.get(1).origin()).isEqualTo(forecasts.get(5).origin());
    assertThat(scores.get(0).absoluteError()[2])
        .isEqualTo((float) Math.abs(all.get(3).value() - forecasts.get(0).median(3)));
  }

  /** Hourly observations of a noisy rhythm, from hour 100 on. */
  static List<Observation> observations(int count) {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double value = 10 + 3 * StrictMath.sin(i / 4.0) + random.nextDouble();
      observations.add(new Observation("a", (100 + i) * HOUR, value));
    }
    return observations;
  }

  private static Model dilated(CellKind kind, List<Integer> dilations, long seed) {
    return ModelFile.read(
        Models.file(Models.withLayers(Models.specification(kind, 8, CONTEXT), dilations, 2), seed));
  }

  /** The hidden state of the layers of dilation 1. */
  private static float[] plain(SeriesState state) {
    float[] plain = new float[state.members().get(0).hidden().plainSize()];
    state.members().get(0).hidden().putPlain(FloatBuffer.wrap(plain));
    return plain;
  }

  private static Forecast forecast(StepResult result) {
    return ((StepResult.Advanced) result).forecast();
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
