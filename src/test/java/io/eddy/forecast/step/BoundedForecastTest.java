package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Bounds;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Forecasts keep to the bounds of the values. */
final class BoundedForecastTest {
  private static final long HOUR_MS = 3_600_000;
  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final Bounds COUNTS = new Bounds(0, NONE, true, false);

  private static double rare(int step) {
    return step % 7 == 3 ? 1 : 0;
  }

  @Test
  void quantilesOfCountsAreWholeAndNonNegative() {
    for (Forecast forecast :
        run(model(HeadKind.QUANTILES, COUNTS), 60, BoundedForecastTest::rare)) {
      assertThat(Arrays.stream(forecast.values()))
          .allMatch(value -> value >= 0 && value == Math.rint(value));
      assertThat(forecast.mean(1)).isBetween(0.0, 10.0);
    }
    assertThat(run(model(HeadKind.QUANTILES, Bounds.NONE), 60, BoundedForecastTest::rare))
        .anyMatch(forecast -> Arrays.stream(forecast.values()).anyMatch(value -> value < 0));
  }

  @Test
  void valuesStayBelowUpperBound() {
    Bounds share = new Bounds(0, 1, false, false);
    for (Forecast forecast : run(model(HeadKind.POINT, share), 60, BoundedForecastTest::rare)) {
      assertThat(Arrays.stream(forecast.values())).allMatch(value -> value >= 0 && value <= 1);
    }
  }

  @Test
  void oneBadReadingDoesNotLiftBounds() {
    List<Forecast> forecasts =
        run(model(HeadKind.QUANTILES, COUNTS), 60, t -> t == 30 ? -999 : rare(t));

    assertThat(forecasts.subList(31, 60))
        .allMatch(forecast -> Arrays.stream(forecast.values()).allMatch(value -> value >= 0));
  }

  @Test
  void valuesThatContradictLiftRecognisedBounds() {
    IntToDoubleFunction negative = t -> -5 - t % 3;

    assertThat(last(COUNTS, negative).value(1, 0)).isNegative();
    assertThat(last(new Bounds(0, NONE, true, true), negative).value(1, 0)).isZero();
  }

  @Test
  void meanOfRareCountsIsAboveTheirQuantiles() {
    Model model = model(HeadKind.NEGATIVE_BINOMIAL, COUNTS);
    List<Forecast> forecasts = run(model, 200, t -> t % 20 == 3 ? 1 : 0);
    Forecast last = forecasts.get(199);

    assertThat(last.median(1)).isZero();
    assertThat(last.mean(1)).isBetween(0.01, 0.5);
  }

  private static Forecast last(Bounds bounds, IntToDoubleFunction values) {
    List<Forecast> forecasts = run(model(HeadKind.QUANTILES, bounds), 60, values);
    return forecasts.get(forecasts.size() - 1);
  }

  private static Model model(HeadKind head, Bounds bounds) {
    List<Double> levels = head.hasLevels() ? List.of(0.1, 0.5, 0.9) : List.of();
    ModelSpecification.Output output =
        new ModelSpecification.Output(4, head, levels, BaselineSpec.NAIVE).withBounds(bounds);
    return ModelFile.read(
        Models.file(Models.withOutput(Models.specification(CellKind.GRU, 8, 24), output), 3));
  }

  private static List<Forecast> run(Model model, int steps, IntToDoubleFunction values) {
    SeriesState state = SeriesState.inMemory(model);
    StepFunction function = new StepFunction();
    List<Forecast> forecasts = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      Observation observation = new Observation("a", t * HOUR_MS, values.applyAsDouble(t));
      forecasts.add(StepFixture.forecast(function.apply(state, observation, model, 0)));
    }
    return forecasts;
  }
}
