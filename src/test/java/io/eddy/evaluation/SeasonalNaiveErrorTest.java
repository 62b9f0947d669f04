package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SeasonalNaiveErrorTest {
  @Test
  void isMeanSeasonalChangeOfKnownValues() {
    SeasonalNaiveError error = new SeasonalNaiveError(new double[] {1, 5, 2, 9, 4}, 2);

    // |2 − 1|; |9 − 5|; |4 − 2|
    assertThat(error.at(2)).isEqualTo(1);
    assertThat(error.at(3)).isEqualTo(5 / 2.0);
    assertThat(error.at(4)).isEqualTo(7 / 3.0);
  }

  @Test
  void usesLastValueBeforeFirstSeason() {
    SeasonalNaiveError error = new SeasonalNaiveError(new double[] {1, 5, 2, 9}, 3);

    assertThat(error.at(2)).isEqualTo((4 + 3) / 2.0);
    assertThat(error.at(3)).isEqualTo(8);
  }

  @Test
  void ignoresPairsWithMissingValue() {
    SeasonalNaiveError error = new SeasonalNaiveError(new double[] {1, 5, Double.NaN, 9, 4, 3}, 2);

    assertThat(error.at(5)).isEqualTo((4 + 6) / 2.0);
  }

  @Test
  void isUnknownForConstantSeries() {
    double[] constant = new double[10];
    Arrays.fill(constant, 7);

    assertThat(new SeasonalNaiveError(constant, 2).at(0)).isNaN();
    assertThat(new SeasonalNaiveError(constant, 2).at(9)).isNaN();
  }
}
