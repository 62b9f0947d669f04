package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eddy.model.CombinationSpec;
import io.eddy.model.CombinationSpec.Adjustment;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Scaling;
import io.eddy.model.SeriesPast;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SimpleComponentsTest {
  private static final int LAST = 0;
  private static final int LEVEL = 1;
  private static final int TREND = 2;
  private static final int SEASONAL = 3;
  private static final int SEASONAL_MEAN = 4;

  private static final CombinationSpec SPEC =
      new CombinationSpec(
          0.1,
          new CombinationSpec.Trend(0.2, 0.1, 1),
          List.of(
              new CombinationSpec.Season(6, 0.2, new Adjustment(0.3, 1), new Adjustment(0.3, 0.5))),
          CombinationSpec.Learning.DEFAULT,
          List.of());
  private static final ModelSpecification MODEL = Models.specification(CellKind.GRU, 4, 24);

  private static final Scaling SCALING = new InputEncoder(MODEL).scaling();
  private final Window window = new Window(24, new InMemorySeriesStore());
  private final SeriesPast past = SeriesPast.of(window, MODEL);
  private final SimpleComponents components = new SimpleComponents(SPEC, SCALING);
  private final ComponentState state = new ComponentState(SPEC);

  private void observe(double value, boolean isImputed) {
    float[] means = components.observe(state, value, isImputed, past);
    window.append(value, isImputed, Covariates.NONE, means);
  }

  private void observe(int steps, IntToDoubleFunction values) {
    for (int i = 0; i < steps; i++) {
      observe(values.applyAsDouble(i), false);
    }
  }

  /** Returns the points of all components, {@code ahead} steps ahead. */
  private double[] points(int ahead) {
    components.begin(state, window.value(0), past.unit(SCALING));
    double[] points = {};
    for (int j = 0; j < ahead; j++) {
      points = components.next(state, past);
    }
    return points.clone();
  }

  @Test
  void singleValueIsForecastByAll() {
    observe(5, false);

    assertThat(points(3)).containsOnly(5);
  }

  @Test
  void trendContinuesStraightLine() {
    observe(40, i -> 100 + 0.5 * i);

    assertThat(points(10)[TREND]).isCloseTo(100 + 0.5 * 49, within(1e-9));
    assertThat(points(10)[LAST]).isEqualTo(100 + 0.5 * 39);
  }

  @Test
  void seasonalForecastFollowsSeasonWithTrend() {
    IntToDoubleFunction season = i -> (i % 6 == 2 ? 10 : 0) + 2.0 * i;
    observe(60, season);

    for (int ahead = 1; ahead <= 13; ahead++) {
      assertThat(points(ahead)[SEASONAL]).isCloseTo(season.applyAsDouble(59 + ahead), within(1e-9));
    }
  }

  @Test
  void seasonalMeanIsMeanOfTheSameSteps() {
    // Two seasons: plain mean of both.
    observe(12, i -> i < 6 ? i : i + 2);

    components.begin(state, window.value(0), past.unit(SCALING));
    double shift = state.shift[0].mean();
    for (int j = 1; j <= 6; j++) {
      double mean = (j - 1) + (6 + 2) / 2.0;
      assertThat(components.next(state, past)[SEASONAL_MEAN])
          .isCloseTo(mean + shift * StrictMath.pow(0.5, j), within(1e-6));
    }
  }

  @Test
  void levelFollowsShiftAtItsSecondValue() {
    observe(30, i -> 10 + i % 2);
    observe(2, i -> 50 + i % 2);

    assertThat(points(1)[LEVEL]).isCloseTo(50.5, within(0.5));
  }

  @Test
  void missingStepContinuesTrendAndRepeatsSeasonalMean() {
    observe(30, i -> i % 6 == 2 ? 10 : 0);
    double mean = points(3)[SEASONAL_MEAN];
    observe(77, true);
    observe(77, true);

    assertThat(points(1)[SEASONAL_MEAN]).isCloseTo(mean, within(1e-5));
    assertThat(points(1)[LEVEL]).isLessThan(10);
    observe(77, true);
    assertThat(points(6)[SEASONAL_MEAN]).isCloseTo(mean, within(1e-5));
  }

  @Test
  void largeLevelKeepsSmallSeason() {
    IntToDoubleFunction values = i -> 1.7e9 + 5 * StrictMath.sin(i * Math.PI / 3);
    observe(60, values);

    for (int ahead = 1; ahead <= 6; ahead++) {
      assertThat(points(ahead)[SEASONAL_MEAN])
          .isCloseTo(values.applyAsDouble(59 + ahead), within(1e-3));
    }
  }
}
