package io.eddy.forecast.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.GapFilling;
import io.eddy.series.Observation;
import io.eddy.series.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Imputation with a season of six steps and gaps of up to three. */
class GapFillingTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int CONTEXT = 24;
  private static final int MAX_GAP = 3;

  private final StepFunction steps = new StepFunction();

  /** Plain, dilated, ensemble and calibrated models. */
  static List<Model> forecasters() {
    ModelSpecification plain = Models.specification(CellKind.LSTM, 8, CONTEXT);
    ModelSpecification dilated = Models.withLayers(plain, List.of(1, 3), 2);
    return List.of(
        model(plain, GapFilling.MEDIAN),
        model(dilated, GapFilling.MEDIAN),
        ModelFile.read(
            Models.combined(
                Models.file(Models.withGaps(plain, GapFilling.MEDIAN), 1),
                Models.file(Models.withGaps(dilated, GapFilling.MEDIAN), 2))),
        model(Models.calibrated(plain), GapFilling.MEDIAN));
  }

  @ParameterizedTest
  @MethodSource("forecasters")
  void imputesPublishedMedian(Model model) {
    SeriesState state = SeriesState.inMemory(model);
    for (int hour = 0; hour < 70; hour++) {
      if (hour % 9 == 8) {
        continue;
      }
      Forecast before = forecast(state, hour, model);
      if (hour % 9 == 7) {
        forecast(state, hour + 2, model);

        Window window = state.window();
        assertThat(window.isImputed(1)).isTrue();
        assertThat(window.value(1)).isEqualTo(before.median(1));
        hour += 2;
      }
    }
  }

  /** Imputed values are not measurements: level, scale and scores ignore them. */
  @Test
  void imputedValuesDoNotChangeScaler() {
    SeriesState last = fedTo(10, model(GapFilling.LAST));
    SeriesState median = fedTo(10, model(GapFilling.MEDIAN));

    forecast(last, 13, model(GapFilling.LAST));
    forecast(median, 13, model(GapFilling.MEDIAN));

    assertThat(median.members().get(0).past().scaler().snapshot())
        .isEqualTo(last.members().get(0).past().scaler().snapshot());
    assertThat(median.window().value(1)).isNotEqualTo(last.window().value(1));
  }

  @Test
  void imputesLikeliestPublishedClass() {
    Model model = model(Models.ofClasses(CellKind.GRU, 8, 3), GapFilling.MEDIAN);
    SeriesState state = SeriesState.inMemory(model);
    int differing = 0;
    for (int hour = 0; hour < 60; hour += 2) {
      Observation next = new Observation("a", hour * HOUR, hour / 2 % 3);
      Forecast before = ((StepResult.Advanced) steps.apply(state, next, model, 1)).forecast();
      Observation after = new Observation("a", (hour + 2) * HOUR, (hour / 2 + 1) % 3);
      SeriesState copy = state.provisionalCopy();
      steps.apply(copy, after, model, 1);

      assertThat(copy.window().value(1)).isEqualTo(before.likeliest(1));
      differing += before.likeliest(1) == hour / 2 % 3 ? 0 : 1;
    }
    assertThat(differing).isPositive();
  }

  @Test
  void imputesValuesOneSeasonBefore() {
    Model model = model(GapFilling.SEASONAL);
    SeriesState state = fedTo(20, model);

    forecast(state, 24, model);

    Window window = state.window();
    for (int lag = 1; lag <= MAX_GAP; lag++) {
      assertThat(window.isImputed(lag)).isTrue();
      assertThat(window.value(lag)).isEqualTo(value(24 - lag - 6));
    }
  }

  @Test
  void imputesLastValueBeforeFirstSeason() {
    Model model = model(GapFilling.SEASONAL);
    SeriesState state = fedTo(4, model);

    forecast(state, 7, model);

    assertThat(state.window().value(1)).isEqualTo(value(0));
    assertThat(state.window().value(2)).isEqualTo(value(4));
  }

  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void gapBeyondMaximumRestartsSeries(GapFilling gaps) {
    Model model = model(gaps);
    SeriesState bridged = fedTo(30, model);
    SeriesState restarted = fedTo(30, model);

    Forecast warm = forecast(bridged, 30 + MAX_GAP + 1, model);
    Forecast cold = forecast(restarted, 30 + MAX_GAP + 2, model);

    assertThat(warm.origin().warm()).isTrue();
    assertThat(warm.origin().quality().warmSteps()).isEqualTo(CONTEXT);
    assertThat(cold.origin().warm()).isFalse();
    assertThat(cold.origin().quality().warmSteps()).isEqualTo(1);
    assertThat(restarted.window().size()).isEqualTo(1);
  }

  /** The rebuilt state uses the values that the former version imputed. */
  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void newVersionKeepsImputedSteps(GapFilling gaps) {
    Model before = model(GapFilling.MEDIAN);
    Model after = model(Models.specification(CellKind.GRU, 5, CONTEXT), gaps);
    SeriesState state = fedTo(30, before);
    forecast(state, 33, before);
    double filled = state.window().value(1);

    forecast(state, 34, after);

    assertThat(state.window().isImputed(2)).isTrue();
    assertThat(state.window().value(2)).isEqualTo(filled);
  }

  /** A forecast that is not finite is not used for imputation. */
  @Test
  void nonFiniteMedianImputesLastValue() {
    Model model =
        ModelFile.read(
            Models.overflowingFile(
                Models.withGaps(
                    Models.specification(CellKind.RNN_RELU, 4, CONTEXT), GapFilling.MEDIAN)));
    SeriesState state = SeriesState.inMemory(model);
    assertThat(forecast(state, 0, model).isFinite()).isFalse();

    forecast(state, 2, model);

    assertThat(state.window().value(1)).isEqualTo(value(0));
  }

  private static Model model(GapFilling gaps) {
    return model(Models.specification(CellKind.GRU, 8, CONTEXT), gaps);
  }

  private static Model model(ModelSpecification specification, GapFilling gaps) {
    return ModelFile.read(Models.file(Models.withGaps(specification, gaps), 1));
  }

  private SeriesState fedTo(int last, Model model) {
    SeriesState state = SeriesState.inMemory(model);
    for (int hour = 0; hour <= last; hour++) {
      forecast(state, hour, model);
    }
    return state;
  }

  private Forecast forecast(SeriesState state, int hour, Model model) {
    Observation observation = new Observation("a", hour * HOUR, value(hour));
    return ((StepResult.Advanced) steps.apply(state, observation, model, 1)).forecast();
  }

  private static double value(int hour) {
    return 10 + 3 * StrictMath.sin(hour) + hour / 10.0;
  }
}
