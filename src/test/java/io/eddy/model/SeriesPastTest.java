package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.eddy.series.Scaler;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import org.junit.jupiter.api.Test;

final class SeriesPastTest {
  private static final double HALF = 0.5;

  private final SeriesPast past =
      new SeriesPast(new Window(24, new InMemorySeriesStore()), new Scaler());

  @Test
  void unitIsWeightedMeanSeasonalNaiveError() {
    Scaling scaling = new Scaling(HALF, HALF, new BaselineSpec(2), Transform.NONE, 0);

    observe(scaling, 10, 20, 13, 26);

    // |13 − 10| = 3 weighs half of |26 − 20| = 6.
    assertThat(past.unit(scaling)).isCloseTo((0.5 * 3 + 6) / 1.5, offset(1e-12));
  }

  @Test
  void unitIsScaleDuringFirstSeason() {
    Scaling scaling = new Scaling(HALF, HALF, new BaselineSpec(3), Transform.NONE, 0);

    observe(scaling, 10, 20, 13);

    assertThat(past.unit(scaling)).isEqualTo(past.scaler().scale());
  }

  @Test
  void unitIsScaleWithoutErrorSmoothing() {
    Scaling scaling = new Scaling(HALF, 0, new BaselineSpec(1), Transform.NONE, 0);

    observe(scaling, 10, 20, 13, 26);

    assertThat(past.unit(scaling)).isEqualTo(past.scaler().scale());
  }

  @Test
  void unitIsPositiveForPerfectlySeasonalSeries() {
    Scaling scaling = new Scaling(HALF, HALF, new BaselineSpec(2), Transform.NONE, 0);

    observe(scaling, 1, 5, 1, 5, 1, 5);

    assertThat(past.unit(scaling)).isEqualTo(past.scaler().scale() * 0.02);
  }

  private void observe(Scaling scaling, double... values) {
    for (double value : values) {
      past.observe(value, scaling);
    }
  }
}
