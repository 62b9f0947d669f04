package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.CONTEXT;
import static io.eddy.forecast.step.StepFixture.HOUR;
import static io.eddy.forecast.step.StepFixture.bits;
import static io.eddy.forecast.step.StepFixture.classes;
import static io.eddy.forecast.step.StepFixture.dilated;
import static io.eddy.forecast.step.StepFixture.forecast;
import static io.eddy.forecast.step.StepFixture.linear;
import static io.eddy.forecast.step.StepFixture.observations;
import static io.eddy.forecast.step.StepFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.model.BaselineSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepFunctionTest {
  private final StepFunction steps = new StepFunction();

  @Test
  void logTransformScalesWithAmounts() {
    Model model = linear(Transform.LOG, 3);
    SeriesState small = SeriesState.inMemory(model);
    SeriesState large = SeriesState.inMemory(model);
    double[] first = new double[0];
    double[] other = new double[0];

    for (int t = 0; t < 60; t++) {
      double value = 20 + t % 6;
      first =
          forecast(steps.apply(small, new Observation("a", t * HOUR, value), model, 1)).values();
      other =
          forecast(steps.apply(large, new Observation("a", t * HOUR, 1024 * value), model, 1))
              .values();
    }

    for (int i = 0; i < first.length; i++) {
      // The scaler's minimum is not proportional to the values.
      assertThat(other[i] / first[i]).isCloseTo(1024, within(1.0));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-300, 1e35})
  void logTransformGivesFiniteForecasts(double absurd) {
    Model model = linear(Transform.LOG, 3);
    SeriesState state = SeriesState.inMemory(model);

    for (int t = 0; t < 40; t++) {
      double value = t % 5 == 0 ? absurd : 20 + t % 6;
      double[] values =
          forecast(steps.apply(state, new Observation("a", t * HOUR, value), model, 1)).values();
      for (double number : values) {
        assertThat(number).isFinite();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-300, -5, -1e35})
  void logTransformRefusesNegativeValues(double negative) {
    Model model = linear(Transform.LOG, 3);
    SeriesState state = SeriesState.inMemory(model);
    steps.apply(state, new Observation("a", 0, 20), model, 1);

    StepResult result = steps.apply(state, new Observation("a", HOUR, negative), model, 1);

    assertThat(result).isInstanceOf(StepResult.Refused.class);
    assertThat(state.lastStep()).isZero();
  }

  @Test
  void calibrationKeepsQuantilesSorted() {
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
  void stepsDecoderKeepsNoStateBetweenForecasts() {
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
      double[] actual = forecast(steps.apply(state, all.get(i), model, 1)).values();

      double[] expected = forecast(new StepFunction().apply(alone, all.get(i), model, 1)).values();
      assertThat(bits(actual)).isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void quantilesDoNotCross(CellKind kind) {
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
  void distributionQuantilesAreSorted(HeadKind head) {
    Model model =
        ModelFile.read(
            Models.file(
                Models.withOutput(
                    Models.specification(CellKind.GRU, 8, CONTEXT),
                    new ModelSpecification.Output(
                        4, head, List.of(0.1, 0.5, 0.9), BaselineSpec.NAIVE)),
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
  void probabilitiesSumToOne(CellKind kind) {
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
        // Tolerance: six roundings of at most 2⁻²⁴.
        assertThat(Math.abs(sum - 1)).isLessThan(6 * 0x1p-24);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 0.5, 3, 1e30, Double.MIN_VALUE})
  void refusesValueThatIsNoClass(double value) {
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
  void scoresClassForecast() {
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

  @Test
  void dropsDuplicate() {
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
  void dropsLateObservation() {
    Model model = Models.model(CellKind.GRU, 8, CONTEXT, 1);
    SeriesState state = SeriesState.inMemory(model);
    steps.apply(state, new Observation("a", 5 * HOUR, 1), model, 1);

    StepResult result = steps.apply(state, new Observation("a", 4 * HOUR, 9), model, 1);

    assertThat(result).isEqualTo(new StepResult.Dropped(StepResult.Reason.LATE));
    assertThat(state.lastStep()).isEqualTo(5);
  }

  @Test
  void imputesShortGap() {
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
  void longGapRestartsSeries() {
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
  void longGapRestartsDilatedModel() {
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
  void meanStepClosesWhenLaterStepBegins() {
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
  void scoresForecastAfterItsHorizon() {
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
}
