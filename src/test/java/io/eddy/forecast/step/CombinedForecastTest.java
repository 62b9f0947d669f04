package io.eddy.forecast.step;

import static io.eddy.forecast.step.StepFixture.HOUR;
import static io.eddy.forecast.step.StepFixture.forecast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.MainComponent;
import io.eddy.model.BaselineSpec;
import io.eddy.model.CombinationSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forecasts of a net with random weights, combined with simple forecasts. */
class CombinedForecastTest {
  private static final int HORIZON = 12;
  private static final int SEASON = 6;

  private static final ModelSpecification PLAIN =
      Models.withOutput(
          Models.specification(CellKind.GRU, 8, 48),
          new ModelSpecification.Output(
              HORIZON, List.of(0.1, 0.25, 0.5, 0.75, 0.9), new BaselineSpec(0)));

  private static Model combined(ModelSpecification specification) {
    return ModelFile.read(
        Models.file(
            specification.withCombination(
                Models.combination(List.of(SEASON), List.of(1, 4, HORIZON))),
            1));
  }

  private static Forecast last(Model model, int steps, IntToDoubleFunction values) {
    StepFunction function = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    Forecast forecast = null;
    for (int i = 0; i < steps; i++) {
      Observation next = new Observation("a", i * HOUR, values.applyAsDouble(i));
      forecast = forecast(function.apply(state, next, model, 0));
    }
    return Objects.requireNonNull(forecast);
  }

  private static double meanError(Forecast forecast, int steps, IntToDoubleFunction values) {
    double sum = 0;
    for (int j = 1; j <= HORIZON; j++) {
      sum += Math.abs(forecast.median(j) - values.applyAsDouble(steps - 1 + j)) / HORIZON;
    }
    return sum;
  }

  @Test
  void exactSeasonTakesOver() {
    IntToDoubleFunction pulse = i -> i % SEASON == 2 ? 100 : 0;

    Forecast forecast = last(combined(PLAIN), 300, pulse);

    assertThat(meanError(forecast, 300, pulse)).isLessThan(0.5);
    assertThat(forecast.mainComponents())
        .extracting(MainComponent::lastStep)
        .containsExactly(1, 4, 12);
    assertThat(forecast.mainComponents())
        .allMatch(main -> main.name().startsWith("seasonal-"))
        .allMatch(main -> main.weight() > 0.4);
  }

  @Test
  void levelShiftIsFollowed() {
    SplittableRandom random = new SplittableRandom(1);
    double[] noise = random.doubles(400).toArray();
    IntToDoubleFunction shift = i -> (i < 310 ? 10 : 50) + noise[i];

    assertThat(meanError(last(combined(PLAIN), 322, shift), 322, shift)).isLessThan(2);
  }

  @Test
  void netAloneNamesNoComponents() {
    Model model = ModelFile.read(Models.file(PLAIN, 1));

    assertThat(last(model, 30, i -> i).mainComponents()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void quantilesDoNotCross(Transform transform) {
    Model model = combined(Models.withLinearBaseline(PLAIN, 24, transform));
    SplittableRandom random = new SplittableRandom(2);
    StepFunction function = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    for (int i = 0; i < 200; i++) {
      Observation next = new Observation("a", i * HOUR, 1 + random.nextInt(1000));
      Forecast forecast = forecast(function.apply(state, next, model, 0));
      for (int j = 0; j < HORIZON; j++) {
        double[] quantiles = Arrays.copyOfRange(forecast.values(), 5 * j, 5 * j + 5);
        assertThat(quantiles).isSorted();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = LossKind.class,
      names = {"SQUARED", "ABSOLUTE"})
  void pointsAreCombined(LossKind loss) {
    ModelSpecification.Output output =
        new ModelSpecification.Output(
            HORIZON, HeadKind.POINT, loss, List.of(), new BaselineSpec(0));
    IntToDoubleFunction pulse = i -> i % SEASON == 2 ? 100 : 0;

    Forecast forecast = last(combined(Models.withOutput(PLAIN, output)), 300, pulse);

    assertThat(forecast.values()).hasSize(HORIZON);
    assertThat(meanError(forecast, 300, pulse)).isLessThan(0.5);
  }

  @Test
  void largeLevelKeepsPrecision() {
    IntToDoubleFunction values = i -> 1.7e9 + 5 * StrictMath.sin(i * Math.PI / 3);

    Forecast forecast = last(combined(PLAIN), 300, values);

    assertThat(meanError(forecast, 300, values)).isCloseTo(0, within(0.1));
  }

  /** A prior error of 1e6 units is 1e41, more than a float32 holds. */
  @Test
  void largestValuesWithLargestPriorErrorsAreFinite() {
    CombinationSpec equal = Models.combination(List.of(SEASON), List.of(HORIZON));
    CombinationSpec.Group group = equal.groups().get(0);
    CombinationSpec largest =
        new CombinationSpec(
            equal.levelSmoothing(),
            equal.trend(),
            equal.seasons(),
            equal.learning(),
            List.of(
                new CombinationSpec.Group(
                    HORIZON, group.weights(), Collections.nCopies(group.errors().size(), 1e6))));
    Model model = ModelFile.read(Models.file(PLAIN.withCombination(largest), 1));

    for (int steps = 1; steps < 60; steps++) {
      assertThat(last(model, steps, i -> i % 2 == 0 ? 1e35 : -1e35).isFinite()).isTrue();
    }
  }

  @Test
  void widthScalesDistancesFromMedian() {
    IntToDoubleFunction values = i -> 20 + 10 * StrictMath.sin(i) + 5 * StrictMath.cos(7.0 * i * i);
    CombinationSpec plain = Models.combination(List.of(SEASON), List.of(1, 4, HORIZON));
    CombinationSpec wide =
        plain.withGroups(plain.groups().stream().map(group -> group.withWidth(2)).toList());

    Forecast narrow = last(combined(PLAIN), 200, values);
    Forecast wider = last(ModelFile.read(Models.file(PLAIN.withCombination(wide), 1)), 200, values);

    for (int j = 1; j <= HORIZON; j++) {
      double median = narrow.median(j);
      assertThat(wider.median(j)).isEqualTo(median);
      for (int k = 0; k < 5; k++) {
        assertThat(wider.value(j, k) - median)
            .isCloseTo(2 * (narrow.value(j, k) - median), within(1e-4));
      }
    }
  }

  /** Golden bits of the forecasts of a series with gaps. */
  @ParameterizedTest
  @EnumSource(Transform.class)
  void forecastsHaveGoldenBits(Transform transform) {
    Model model = combined(Models.withLinearBaseline(PLAIN, 24, transform));
    SplittableRandom random = new SplittableRandom(3);
    StepFunction function = new StepFunction();
    SeriesState state = SeriesState.inMemory(model);
    int hash = 1;
    for (int i = 0; i < 300; i++) {
      if (i % 17 != 5) {
        double value = 20 + 10 * StrictMath.sin(i * Math.PI / 3) + 4 * random.nextDouble();
        Observation next = new Observation("a", i * HOUR, value);
        double[] values = forecast(function.apply(state, next, model, 0)).values();
        hash = 31 * hash + Arrays.hashCode(values);
      }
    }

    assertThat(hash).isEqualTo(transform == Transform.NONE ? 31552083 : 1900731813);
  }
}
