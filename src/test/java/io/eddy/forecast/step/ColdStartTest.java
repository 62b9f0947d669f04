package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Factors by known steps: 3 after one step, 2 up to three, and so on. */
class ColdStartTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int CONTEXT = 12;
  private static final WarmUpIntervals COLD =
      new WarmUpIntervals(
          List.of(0.5, 1.0, 1.0),
          List.of(List.of(3.0, 3.0, 3.0), List.of(2.0, 2.0, 2.0), List.of(1.5, 1.5, 1.5)));

  private final StepFunction steps = new StepFunction();

  @Test
  void widensQuantilesByFactorOfKnownSteps() {
    ModelSpecification plain = Models.specification(CellKind.GRU, 8, CONTEXT);
    List<Forecast> narrow = forecasts(model(plain), 40);
    List<Forecast> wide = forecasts(model(plain.withWarmUpIntervals(COLD)), 40);

    double[] factors = {3, 2, 2, 1.5, 1.5, 1.5, 1.5};
    for (int t = 1; t < 40; t++) {
      if (t >= factors.length) {
        assertThat(wide.get(t).values()).isEqualTo(narrow.get(t).values());
        continue;
      }
      Forecast before = narrow.get(t);
      Forecast after = wide.get(t);
      for (int j = 1; j <= 4; j++) {
        assertThat(after.median(j)).isEqualTo(before.median(j));
        for (int k : new int[] {0, 2}) {
          double moved = (after.value(j, k) - after.median(j)) / factors[t];
          // Tolerance: quantiles are float32 values of about ten.
          assertThat(moved).isCloseTo(before.value(j, k) - before.median(j), within(1e-5));
        }
      }
    }
  }

  /** Without a known spread the width is at least that of the other series' errors. */
  @Test
  void firstForecastIsAsWideAsErrorsOfOthers() {
    ModelSpecification plain =
        Models.specification(CellKind.GRU, 8, CONTEXT).withWarmUpIntervals(COLD);
    SeriesState state = SeriesState.inMemory(model(plain));
    Observation zero = new Observation("a", 0, 0);

    Forecast forecast = steps.apply(state, zero, model(plain), 1).forecasts().get(0).forecast();

    assertThat(forecast.value(1, 2) - forecast.value(1, 0)).isEqualTo(1);
    assertThat(forecast.value(4, 2) - forecast.value(4, 0)).isEqualTo(2);
  }

  /** A rebuilt state equals a cold start also during warm-up. */
  @ParameterizedTest
  @EnumSource(Transform.class)
  void stateRebuiltDuringWarmUpEqualsColdStart(Transform transform) {
    Model before = model(Models.specification(CellKind.LSTM, 5, CONTEXT));
    ModelSpecification linear =
        Models.withLinearBaseline(Models.specification(CellKind.GRU, 8, CONTEXT), 6, transform);
    Model after =
        model(
            Models.withOutput(linear, linear.output().withCalibrationRate(0.1))
                .withWarmUpIntervals(COLD));
    SeriesState migrated = SeriesState.inMemory(before);
    SeriesState cold = SeriesState.inMemory(after);
    for (int hour = 0; hour < 5; hour++) {
      steps.apply(migrated, observation(hour), before, 1);
      steps.apply(cold, observation(hour), after, 2);
    }

    for (int hour = 5; hour < 30; hour++) {
      Observation next = observation(hour);
      assertThat(steps.apply(migrated, next, after, 2).forecasts().get(0).forecast().values())
          .isEqualTo(steps.apply(cold, next, after, 2).forecasts().get(0).forecast().values());
    }
  }

  private List<Forecast> forecasts(Model model, int hours) {
    SeriesState state = SeriesState.inMemory(model);
    List<Forecast> forecasts = new ArrayList<>();
    for (int hour = 0; hour < hours; hour++) {
      forecasts.add(steps.apply(state, observation(hour), model, 1).forecasts().get(0).forecast());
    }
    return forecasts;
  }

  private static Observation observation(int hour) {
    return new Observation("a", hour * HOUR, 10 + 3 * StrictMath.sin(hour / 2.0));
  }

  private static Model model(ModelSpecification specification) {
    return ModelFile.read(Models.file(specification, 1));
  }
}
