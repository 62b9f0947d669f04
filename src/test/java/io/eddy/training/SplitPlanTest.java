package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.series.SteppedSeries;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SplitPlanTest {
  @Test
  void longSeriesHasThreeParts() {
    SplitPlan plan = SplitPlan.of(List.of(series(1000)), 24);

    assertThat(plan.split()).isEqualTo(new TimeSplit(700, 850));
    assertThat(plan.notes()).isEmpty();
  }

  /** 70 % of 48 steps are 33, of which 9 are followed by 24 more; 70 % of 50 are 35. */
  @ParameterizedTest
  @CsvSource({"50, 35, 42", "48, 40, 48", "41, 34, 41"})
  void shortSeriesHasNoTestPart(int steps, int trainEnd, int validationEnd) {
    assertThat(SplitPlan.of(List.of(series(steps)), 24).split())
        .isEqualTo(new TimeSplit(trainEnd, validationEnd));
  }

  @Test
  void statesMissingTestPart() {
    assertThat(SplitPlan.of(List.of(series(41)), 24).notes())
        .containsExactly(
            "the data are too short for a test part: 85 % of the time are for training, 15 % for"
                + " validation, and errors are not measured",
            "the validation part has 7 steps: validation of more than 7 steps ahead is missing");
  }

  @Test
  void rejectsSeriesThatNeverShowsLastStepAhead() {
    assertThatThrownBy(() -> SplitPlan.of(List.of(series(30)), 24))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "too little data for a horizon of 24",
            "the longest series has 30 steps",
            "Give a series of at least 41 steps, or choose a horizon of at most 15");
    assertThat(SplitPlan.of(List.of(series(41)), 24)).isNotNull();
    assertThat(SplitPlan.of(List.of(series(30)), 15)).isNotNull();
    assertThatThrownBy(() -> SplitPlan.of(List.of(series(30)), 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyShortSeriesCannotTeachLongHorizon() {
    List<SteppedSeries> series = List.of(series(20), series(20), series(20), series(20));

    assertThatThrownBy(() -> SplitPlan.of(series, 20)).hasMessageContaining("at most 14");
    assertThat(SplitPlan.of(series, 10).split()).isEqualTo(new TimeSplit(14, 17));
  }

  @Test
  void countsSeriesOfAtMostOneHorizon() {
    assertThat(SplitPlan.of(List.of(series(400), series(24), series(25)), 24).notes())
        .containsExactly(
            "1 of 3 series have at most 24 steps: the last step ahead is learned from the others");
  }

  @Test
  void missingValuesAreNoExamples() {
    double[] values = new double[400];
    Arrays.fill(values, 60, 280, Double.NaN);
    SteppedSeries series = new SteppedSeries("a", 0, values);

    assertThat(SplitPlan.of(List.of(series), 55).split()).isEqualTo(new TimeSplit(340, 400));
  }

  private static SteppedSeries series(int steps) {
    return new SteppedSeries("s" + steps, 0, new double[steps]);
  }
}
