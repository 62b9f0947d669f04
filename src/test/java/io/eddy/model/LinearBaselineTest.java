package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eddy.nn.CellKind;
import io.eddy.series.Scaler;
import io.eddy.series.TimeOfYear;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hourly, season of 6, four steps ahead. */
class LinearBaselineTest {
  private static final int LOOK_BACK = 12;
  private static final ModelSpecification SPECIFICATION =
      Models.withLinearBaseline(
          Models.specification(CellKind.GRU, 8, 24), LOOK_BACK, Transform.NONE);

  private static final ModelSpecification YEARLY = Models.withYear(SPECIFICATION);
  private static final long HOUR_MS = 3_600_000;

  private final SeriesPast past =
      new SeriesPast(new Window(24, new InMemorySeriesStore()), new Scaler());

  @Test
  void addsWeightedDifferencesToLastValue() {
    FMatrixRMaj weight = new FMatrixRMaj(4, LOOK_BACK - 1);
    weight.set(0, 0, 0.5f);
    weight.set(1, 10, 2);
    observe(1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233);

    double[] ahead = ahead(weight);

    // Features are float32, in units of the scale: seven digits.
    assertThat(ahead[0]).isCloseTo(233 + 0.5 * (144 - 233), within(1e-4));
    assertThat(ahead[1]).isCloseTo(233 + 2 * (1.0 - 233), within(1e-4));
    assertThat(ahead[2]).isEqualTo(233);
  }

  @Test
  void extendsPastBySeason() {
    FMatrixRMaj weight = new FMatrixRMaj(4, LOOK_BACK - 1);
    weight.set(0, 10, 1);
    weight.set(1, 6, 1);
    observe(1, 2, 3, 5, 8, 13, 21);

    double[] ahead = ahead(weight);

    assertThat(ahead[0]).isCloseTo(valueBefore(11 - 6), within(1e-4));
    assertThat(ahead[1]).isCloseTo(valueBefore(7 - 6), within(1e-4));
  }

  @Test
  void repeatsFirstValueDuringFirstSeason() {
    FMatrixRMaj weight = new FMatrixRMaj(4, LOOK_BACK - 1);
    weight.set(0, 10, 1);
    observe(4, 9);

    assertThat(ahead(weight)[0]).isCloseTo(4, within(1e-4));
  }

  /** Hourly steps at the begin of 1970, and a quarter and half a year later. */
  @ParameterizedTest
  @CsvSource({"0, 1, 0, 1", "0.25, 1, 1, 0", "0.5, 1, 0, -1"})
  void addsTimeOfYear(double years, double always, double sine, double cosine) {
    FMatrixRMaj weight = new FMatrixRMaj(4, LOOK_BACK - 1 + TimeOfYear.SIZE);
    weight.set(0, LOOK_BACK - 1, 0.1f);
    weight.set(1, LOOK_BACK, 0.1f);
    weight.set(2, LOOK_BACK + 1, 0.1f);
    observe(1, 2, 3, 5, 8, 13);
    double unit = past.unit(Scaling.of(YEARLY));

    double[] ahead = ahead(YEARLY, weight, (long) (years * TimeOfYear.YEAR_MS / HOUR_MS));

    // An hour is 1/8766 of a year.
    assertThat(ahead[0]).isCloseTo(13 + always * unit, within(1e-5));
    assertThat(ahead[1]).isCloseTo(13 + sine * unit, within(2e-3 * unit));
    assertThat(ahead[2]).isCloseTo(13 + cosine * unit, within(2e-3 * unit));
    assertThat(ahead[3]).isEqualTo(13);
  }

  @Test
  void rejectsWeightsOfOtherLookBack() {
    assertThatThrownBy(() -> new Baseline(SPECIFICATION, new LinearBaseline(new FMatrixRMaj(4, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("baseline: expected 11 weights per step, got 3");
  }

  private double valueBefore(int lag) {
    return past.window().value(lag);
  }

  private double[] ahead(FMatrixRMaj weight) {
    return ahead(SPECIFICATION, weight, 0);
  }

  private double[] ahead(ModelSpecification specification, FMatrixRMaj weight, long origin) {
    Baseline base = new Baseline(specification, new LinearBaseline(weight));
    Baseline.Workspace workspace = base.newWorkspace();
    base.apply(past, origin, workspace);
    return workspace.forecast();
  }

  private void observe(double... values) {
    for (double value : values) {
      past.observe(value, Scaling.of(SPECIFICATION));
    }
  }
}
