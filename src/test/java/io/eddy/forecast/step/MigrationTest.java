package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.CONTEXT;
import static io.eddy.forecast.step.StepFixture.assertMigratesLikeColdStart;
import static io.eddy.forecast.step.StepFixture.bits;
import static io.eddy.forecast.step.StepFixture.classes;
import static io.eddy.forecast.step.StepFixture.dilated;
import static io.eddy.forecast.step.StepFixture.forecast;
import static io.eddy.forecast.step.StepFixture.linear;
import static io.eddy.forecast.step.StepFixture.observations;
import static io.eddy.forecast.step.StepFixture.withCovariates;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.Bounds;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A migrated state equals, bit for bit, a cold start on the last W steps. */
class MigrationTest {
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
  void migratedStateEqualsColdStart(CellKind from, int fromSize, CellKind to, int toSize) {
    Model before = Models.model(from, fromSize, CONTEXT, 1);
    Model after = Models.model(to, toSize, CONTEXT, 2);
    assertMigratesLikeColdStart(before, after);
  }

  @Test
  void migrationToErrorUnitEqualsColdStart() {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    Model after =
        ModelFile.read(
            Models.file(Models.withErrorUnit(Models.specification(CellKind.GRU, 8, CONTEXT)), 2));
    assertMigratesLikeColdStart(before, after);
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void migrationToLinearBaselineEqualsColdStart(Transform transform) {
    Model before = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    assertMigratesLikeColdStart(before, linear(transform, 2));
    assertMigratesLikeColdStart(linear(transform, 2), before);
  }

  @Test
  void migrationToYearlyBaselineEqualsColdStart() {
    Model before = linear(Transform.NONE, 1);
    ModelSpecification yearly = Models.withYear(before.specification());
    Model after = ModelFile.read(Models.file(yearly, 2));
    assertMigratesLikeColdStart(before, after);
    assertMigratesLikeColdStart(after, before);
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
  void migrationOfCalibratedModelEqualsColdStart(String how, Model before, Model after) {
    assertMigratesLikeColdStart(before, after);
  }

  @Test
  void uncalibratedVersionClearsCalibration() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model calibrated = ModelFile.read(Models.file(Models.calibrated(specification), 1));
    SeriesState state = SeriesState.initial(calibrated, 1, new InMemorySeriesStore());
    List<Observation> all = observations(30);
    all.subList(0, 29).forEach(observation -> steps.apply(state, observation, calibrated, 1));
    assertThat(state.calibration().bytes()).isPositive();

    steps.apply(state, all.get(29), ModelFile.read(Models.file(specification, 1)), 2);

    assertThat(state.calibration().bytes()).isZero();
  }

  @Test
  void unpublishedForecastIsNotScored() {
    ModelSpecification specification = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model before = ModelFile.read(Models.file(specification, 1));
    Model after = ModelFile.read(Models.file(Models.calibrated(specification), 2));
    SeriesState state = SeriesState.inMemory(before);
    List<Observation> all = observations(40);
    all.subList(0, 30).forEach(observation -> steps.apply(state, observation, before, 1));
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
    Model ensemble = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    Model other =
        ModelFile.read(
            Models.combined(
                Models.ensembleFile(CellKind.RNN_TANH, CONTEXT, 5),
                Models.file(
                    Models.withLayers(
                        Models.specification(CellKind.GRU, 4, CONTEXT), List.of(30, 4), 3),
                    8)));
    return Stream.of(
        Arguments.of("single to several", single, ensemble),
        Arguments.of("several to single", ensemble, single),
        Arguments.of("several to more", ensemble, other),
        Arguments.of("several to fewer", other, ensemble));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairsWithEnsembles")
  void migrationOfEnsembleEqualsColdStart(String how, Model before, Model after) {
    assertMigratesLikeColdStart(before, after);
  }

  /** The values contradict the bounds, which therefore do not apply after the first values. */
  @Test
  void migrationToContradictedBoundsEqualsColdStart() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    ModelSpecification bounded =
        Models.withOutput(plain, plain.output().withBounds(new Bounds(0, 8, false, false)));

    assertMigratesLikeColdStart(
        ModelFile.read(Models.file(plain, 1)), ModelFile.read(Models.file(bounded, 2)));
  }

  static Stream<Arguments> pairsWithCombination() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    Model without = ModelFile.read(Models.file(plain, 1));
    Model combined = ModelFile.read(Models.file(Models.combined(plain), 2));
    ModelSpecification calibrated = Models.calibrated(Models.combined(plain));
    Model several =
        ModelFile.read(
            Models.combined(
                Models.file(calibrated, 3), Models.file(Models.withErrorUnit(calibrated), 4)));
    Model oneSeason =
        ModelFile.read(
            Models.file(plain.withCombination(Models.combination(List.of(7), List.of(2, 3))), 5));
    Model logarithmic =
        ModelFile.read(
            Models.file(
                Models.combined(Models.withLinearBaseline(plain, CONTEXT, Transform.LOG)), 6));
    List<Model> models = List.of(without, combined, several, oneSeason, logarithmic);
    return models.stream()
        .flatMap(
            from -> models.stream().filter(to -> to != from).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairsWithCombination")
  void migrationOfCombinationEqualsColdStart(Model before, Model after) {
    assertMigratesLikeColdStart(before, after);
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void migrationOfCombinationWithEveryCellEqualsColdStart(CellKind cell) {
    ModelSpecification plain = Models.specification(cell, 8, CONTEXT);
    Model without = ModelFile.read(Models.file(plain, 1));
    Model combined = ModelFile.read(Models.file(Models.calibrated(Models.combined(plain)), 2));

    assertMigratesLikeColdStart(without, combined);
    assertMigratesLikeColdStart(combined, without);
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
                    Covariate.staticCovariate("height", 100, 20),
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
        Arguments.of("none to future covariate", without, ahead),
        Arguments.of("past to known ahead", both, ahead),
        Arguments.of("known ahead to past", ahead, load),
        Arguments.of("none to one", without, load),
        Arguments.of("one to none", load, without),
        Arguments.of("one to others", load, both),
        Arguments.of("others to one", both, load));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairsWithCovariates")
  void migrationToOtherCovariatesEqualsColdStart(String how, Model before, Model after) {
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> all = withCovariates(observations(140));
    all.subList(0, 100).forEach(observation -> steps.apply(migrated, observation, before, 1));
    all.subList(100 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, after, 2));

    for (Observation observation : all.subList(100, 140)) {
      assertThat(bits(forecast(steps.apply(migrated, observation, after, 2)).values()))
          .isEqualTo(bits(forecast(steps.apply(cold, observation, after, 2)).values()));
    }
  }

  @Test
  void longerContextStartsInWarmUp() {
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
  void missingSlotRebuildsState() {
    Model model = dilated(CellKind.GRU, List.of(1, 2, 6), 1);
    SeriesStore store = new InMemorySeriesStore();
    SeriesState state = SeriesState.initial(model, 1, store);
    SeriesState cold = SeriesState.inMemory(model);
    List<Observation> all = observations(130);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(101 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, model, 1));

    store.delete(new RingSlot(0, 2, 100 % 6));

    for (Observation next : all.subList(100, 130)) {
      double[] expected = forecast(steps.apply(cold, next, model, 1)).values();
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void migrationToOtherDilationsEqualsColdStart(CellKind kind) {
    Model before = dilated(CellKind.LSTM, List.of(3, 1, 7), 1);
    Model after = dilated(kind, List.of(1, 5, 30), 2);
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    List<Observation> all = observations(200);
    all.subList(0, 100).forEach(observation -> steps.apply(migrated, observation, before, 1));
    all.subList(100 - CONTEXT, 100).forEach(o -> steps.apply(cold, o, after, 2));

    for (Observation next : all.subList(100, 200)) {
      double[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      assertThat(bits(forecast(steps.apply(migrated, next, after, 2)).values()))
          .isEqualTo(bits(expected));
    }
  }

  @Test
  void rollbackRebuildsState() {
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
  void newEpochOfSameVersionKeepsState() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    SeriesState other = SeriesState.inMemory(model);
    List<Observation> all = observations(60);
    all.subList(0, 50).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(0, 50).forEach(observation -> steps.apply(other, observation, model, 1));

    Forecast actual = forecast(steps.apply(state, all.get(50), model, 2));

    assertThat(actual.origin().served().epoch()).isEqualTo(2);
    assertThat(bits(actual.values()))
        .isEqualTo(bits(forecast(steps.apply(other, all.get(50), model, 1)).values()));
  }

  @Test
  void migrationToFewerClassesEqualsColdStart() {
    Model before = ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 8, 5), 1));
    Model after = ModelFile.read(Models.file(Models.ofClasses(CellKind.LSTM, 13, 3), 2));
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(before);
    List<Observation> past = classes(100, 5);
    past.forEach(observation -> steps.apply(migrated, observation, before, 1));
    past.subList(past.size() - CONTEXT, past.size())
        .forEach(observation -> steps.apply(cold, observation, before, 1));

    for (Observation next : classes(130, 3).subList(100, 130)) {
      double[] expected = forecast(steps.apply(cold, next, after, 2)).values();
      double[] actual = forecast(steps.apply(migrated, next, after, 2)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }
}
