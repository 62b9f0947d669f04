package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.CONTEXT;
import static io.eddy.forecast.step.StepFixture.HOUR;
import static io.eddy.forecast.step.StepFixture.bits;
import static io.eddy.forecast.step.StepFixture.classes;
import static io.eddy.forecast.step.StepFixture.forecast;
import static io.eddy.forecast.step.StepFixture.observations;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.BaselineSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forecasts of ensembles. */
class EnsembleForecastTest {
  private final StepFunction steps = new StepFunction();

  @Test
  void deletesSlotsOfRemovedMembers() {
    Model before = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    Model after = Models.model(CellKind.GRU, 8, CONTEXT, 2);
    CountingStore store = new CountingStore();
    SeriesState state = SeriesState.initial(before, 1, store);
    List<Observation> all = observations(101);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, before, 1));
    assertThat(store.slots()).isEqualTo(3 + 7 + 2);

    steps.apply(state, all.get(100), after, 2);

    assertThat(store.slots()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadKind.class,
      names = {"SOFTMAX"},
      mode = EnumSource.Mode.EXCLUDE)
  void ensembleForecastIsMeanOfMembers(HeadKind head) {
    ModelSpecification first =
        Models.withOutput(Models.specification(CellKind.GRU, 8, CONTEXT), Models.output(head));
    assertForecastIsMean(
        List.of(
            Models.file(first, 1),
            Models.file(Models.withLayers(first, List.of(1, 3, 7), 4), 2),
            Models.file(Models.withErrorUnit(Models.withStepsDecoder(first, 5)), 3)),
        observations(100));
  }

  @Test
  void ensembleProbabilitiesAreMeanOfMembers() {
    assertForecastIsMean(
        List.of(
            Models.file(Models.ofClasses(CellKind.GRU, 8, 5), 1),
            Models.file(Models.ofClasses(CellKind.LSTM, 6, 5), 2)),
        classes(100, 5));
  }

  @Test
  void averagesMembersWithDifferentBaselines() {
    ModelSpecification seasonal = Models.specification(CellKind.GRU, 8, CONTEXT);
    ModelSpecification last = Models.withOutput(seasonal, Models.output(HeadKind.QUANTILES));
    List<byte[]> files = List.of(Models.file(seasonal, 1), Models.file(last, 2));

    assertForecastIsMean(files, observations(60));

    Model model = ModelFile.read(Models.combined(files.toArray(byte[][]::new)));
    assertThat(model.specification().output().baseline()).isEqualTo(new BaselineSpec(6));
  }

  @Test
  void averagesMembersInUnitOfSeries() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    assertForecastIsMean(
        List.of(
            Models.file(Models.withLinearBaseline(plain, 12, Transform.LOG), 1),
            Models.file(plain, 2),
            Models.file(Models.withLinearBaseline(plain, 6, Transform.NONE), 3)),
        observations(60));
  }

  private void assertForecastIsMean(List<byte[]> files, List<Observation> observations) {
    Model model = ModelFile.read(Models.combined(files.toArray(byte[][]::new)));
    List<Model> alone = files.stream().map(ModelFile::read).toList();
    SeriesState state = SeriesState.inMemory(model);
    List<SeriesState> states = alone.stream().map(SeriesState::inMemory).toList();
    for (Observation observation : observations) {
      double[] sums = new double[forecastSize(model)];
      for (int i = 0; i < alone.size(); i++) {
        double[] own = forecast(steps.apply(states.get(i), observation, alone.get(i), 1)).values();
        for (int k = 0; k < sums.length; k++) {
          sums[k] += own[k];
        }
      }
      double[] expected = new double[sums.length];
      for (int k = 0; k < sums.length; k++) {
        expected[k] = (float) (sums[k] / alone.size());
      }

      double[] actual = forecast(steps.apply(state, observation, model, 1)).values();

      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  private static int forecastSize(Model model) {
    ModelSpecification.Output output = model.specification().output();
    return output.horizon() * output.valuesPerStep();
  }

  @Test
  void ensembleQuantilesDoNotCross() {
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
  void longGapRestartsEveryMember() {
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
  void missingSlotOfOneMemberRebuildsAll() {
    Model model = ModelFile.read(Models.ensembleFile(CellKind.GRU, CONTEXT, 1));
    CountingStore store = new CountingStore();
    SeriesState state = SeriesState.initial(model, 1, store);
    SeriesState cold = SeriesState.inMemory(model);
    List<Observation> all = observations(130);
    all.subList(0, 100).forEach(observation -> steps.apply(state, observation, model, 1));
    all.subList(101 - CONTEXT, 100)
        .forEach(observation -> steps.apply(cold, observation, model, 1));

    store.delete(new RingSlot(1, 2, 100 % 7));

    for (Observation next : all.subList(100, 130)) {
      double[] expected = forecast(steps.apply(cold, next, model, 1)).values();
      assertThat(bits(forecast(steps.apply(state, next, model, 1)).values()))
          .isEqualTo(bits(expected));
    }
  }
}
