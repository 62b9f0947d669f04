package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FutureCovariatesTest {
  private static final double UNKNOWN = Double.NaN;

  @Test
  void absentValueIsUnknown() {
    FutureCovariates future =
        FutureCovariates.of(Map.of("price", new double[] {1, UNKNOWN, 3, UNKNOWN}));

    assertThat(future.value("price", 1)).isEqualTo(1);
    assertThat(future.value("price", 2)).isNaN();
    assertThat(future.value("price", 3)).isEqualTo(3);
    assertThat(future.value("price", 99)).isNaN();
    assertThat(future.value("load", 1)).isNaN();
    assertThat(future.values("price")).containsExactly(1, UNKNOWN, 3);
    assertThat(FutureCovariates.of(Map.of("price", new double[] {UNKNOWN})))
        .isSameAs(FutureCovariates.NONE);
  }

  @Test
  void viewsRowsAfterStep() {
    CovariateColumns plan = new CovariateColumns(5);
    for (int row = 0; row < 5; row++) {
      plan.set(row, "price", 10 * row);
    }

    assertThat(new FutureCovariates(plan, 2, 3).values("price")).containsExactly(20, 30, 40);
    assertThat(new FutureCovariates(plan, 2, 3).select(List.of("price", "load"), 2))
        .isEqualTo(FutureCovariates.of(Map.of("price", new double[] {20, 30})));
    assertThat(new FutureCovariates(plan, 5, 0)).isEqualTo(FutureCovariates.NONE);
  }

  @Test
  void withDefaultsAddsAbsentNames() {
    FutureCovariates price = FutureCovariates.of(Map.of("price", new double[] {1}));
    FutureCovariates both =
        FutureCovariates.of(Map.of("load", new double[] {7, 8}, "price", new double[] {2, 3}));

    assertThat(price.withDefaults(both))
        .isEqualTo(
            FutureCovariates.of(Map.of("load", new double[] {7, 8}, "price", new double[] {1})));
    assertThat(both.withDefaults(price)).isEqualTo(both);
    assertThat(FutureCovariates.NONE.withDefaults(price)).isEqualTo(price);
    assertThat(price.withDefaults(FutureCovariates.NONE)).isEqualTo(price);
  }

  @Test
  void rejectsValueOutOfRange() {
    assertThatThrownBy(() -> FutureCovariates.of(Map.of("price", new double[] {1, -1e36})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ahead: price: expected numbers within ±1e35, got -1.0E36");
  }

  @Test
  void openStepKeepsLatestFutureCovariates() {
    OpenStep open = new OpenStep(0);
    open.add(
        observation(10, Map.of("price", new double[] {1, 2}, "load", new double[] {9})),
        Duplicates.FIRST);
    open.add(observation(30, Map.of("price", new double[] {3})), Duplicates.FIRST);
    open.add(observation(20, Map.of("price", new double[] {5, 6, 7})), Duplicates.FIRST);

    assertThat(open.closed(Aggregation.LAST, Duplicates.FIRST).futureCovariates())
        .isEqualTo(
            FutureCovariates.of(Map.of("price", new double[] {3}, "load", new double[] {9})));
    assertThat(new OpenStep(1).closed(Aggregation.LAST, Duplicates.FIRST).futureCovariates())
        .isSameAs(FutureCovariates.NONE);
  }

  private static Observation observation(long timestampMs, Map<String, double[]> future) {
    return new Observation("a", timestampMs, 1).withFutureCovariates(FutureCovariates.of(future));
  }
}
