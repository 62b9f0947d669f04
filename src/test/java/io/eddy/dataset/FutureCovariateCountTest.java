package io.eddy.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.series.FutureCovariates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FutureCovariateCountTest {
  private final FutureCovariateCount count =
      new FutureCovariateCount(List.of("price", "holiday"), 3);

  @Test
  void countsStepsWithoutNumber() {
    count.add(
        FutureCovariates.of(
            Map.of("price", new double[] {1, Double.NaN, 3}, "holiday", new double[] {0, 0, 1})),
        3);
    count.add(FutureCovariates.NONE, 2);

    assertThat(count.describe())
        .containsExactly(
            "known-future covariate price: missing for 3 of 5 steps ahead (60.0 %), for which the"
                + " last known number is used",
            "known-future covariate holiday: missing for 2 of 5 steps ahead (40.0 %), for which the"
                + " last known number is used");
  }

  @Test
  void completeCovariatesNeedNoSentence() {
    double[] known = {1, 2, 3};
    count.add(FutureCovariates.of(Map.of("price", known, "holiday", known)), 3);
    count.add(FutureCovariates.of(Map.of("price", known, "holiday", known)), 10);

    assertThat(count.describe()).isEmpty();
  }
}
