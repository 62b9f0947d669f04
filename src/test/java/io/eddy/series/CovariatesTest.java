package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.series.store.InMemorySeriesStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CovariatesTest {
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1e36})
  void rejectsValueOutOfRange(double value) {
    assertThatThrownBy(() -> new Covariates(Map.of("load", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("covariate load: expected a number within ±1e35, got " + value);
  }

  @ParameterizedTest
  @EnumSource(
      value = Aggregation.class,
      names = {"MEAN", "LAST", "COUNT"})
  void stepKeepsLatestValueOfEachCovariate(Aggregation aggregation) {
    List<Observation> observations =
        List.of(
            observation(0, Map.of("load", 1.0, "plan", 5.0)),
            observation(10, Map.of("load", 2.0)),
            observation(20, Map.of()),
            observation(70, Map.of()));
    Sampling sampling = new Sampling(Duration.ofMillis(60), aggregation, 3);

    CovariateColumns byStep = SteppedSeries.of("a", observations, sampling).covariates();

    assertThat(byStep.row(0)).isEqualTo(new Covariates(Map.of("load", 2.0, "plan", 5.0)));
    assertThat(byStep.row(1)).isEqualTo(Covariates.NONE);
  }

  @Test
  void lateObservationAddsOnlyMissingCovariates() {
    OpenStep open = new OpenStep(0);
    open.add(observation(10, Map.of("load", 2.0)), Duplicates.FIRST);
    open.add(observation(5, Map.of("load", 1.0, "plan", 5.0)), Duplicates.FIRST);

    assertThat(open.closed(Aggregation.MEAN, Duplicates.FIRST).covariates())
        .isEqualTo(new Covariates(Map.of("load", 2.0, "plan", 5.0)));
  }

  @Test
  void windowReturnsCovariatesOfEachStep() {
    Window window = new Window(40, new InMemorySeriesStore());
    for (int i = 0; i < 100; i++) {
      window.append(i, false, of(i));
    }

    for (int lag = 0; lag < 40; lag++) {
      assertThat(window.covariates(lag)).isEqualTo(of(99 - lag));
    }
  }

  /** The covariate's name changes at step 70; every seventh step has no covariates. */
  private static Covariates of(int step) {
    return step % 7 == 0
        ? Covariates.NONE
        : new Covariates(Map.of(step < 70 ? "load" : "plan", (double) step));
  }

  private static Observation observation(long timestampMs, Map<String, Double> covariates) {
    return new Observation("a", timestampMs, 1, new Covariates(covariates));
  }
}
