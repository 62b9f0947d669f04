package io.eddy.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.LatenessPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenStepsTest {
  private final OpenSteps steps = new OpenSteps();

  /** The values arrive in this order, all with the same timestamp. */
  @ParameterizedTest
  @CsvSource({"FIRST, 2", "LAST, 1.5", "MAX, 3"})
  void ruleDecidesWhichDuplicateCounts(Duplicates rule, double expected) {
    OpenSteps open = new OpenSteps();
    List<Boolean> changed = new ArrayList<>();
    for (double value : new double[] {2, 2, 1, 3, 1.5, 1.5}) {
      changed.add(open.add(0, new Observation("a", 5, value), 64, rule));
    }

    for (Aggregation aggregation : Aggregation.values()) {
      assertThat(open.first().closed(aggregation, rule).value())
          .as("%s", aggregation)
          .isEqualTo(aggregation == Aggregation.COUNT ? 1 : expected);
    }
    assertThat(changed)
        .isEqualTo(
            switch (rule) {
              case FIRST -> List.of(true, false, false, false, false, false);
              case LAST -> List.of(true, false, true, true, true, false);
              case MAX -> List.of(true, false, false, true, false, false);
            });
  }

  /** A duplicate that is no longer recognized counts as an observation of its own. */
  @ParameterizedTest
  @CsvSource({"FIRST, 2", "LAST, 1", "MAX, 2"})
  void ruleDecidesBetweenFoldedDuplicates(Duplicates rule, double expected) {
    OpenSteps open = new OpenSteps();
    for (double[] stamped : new double[][] {{5, 2}, {6, 9}, {7, 9}, {5, 1}}) {
      open.add(0, new Observation("a", (long) stamped[0], stamped[1]), 2, rule);
    }

    assertThat(open.first().closed(Aggregation.FIRST, rule).value()).isEqualTo(expected);
    assertThat(open.first().closed(Aggregation.COUNT, rule).value()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"FIRST, 4", "LAST, 3", "MAX, 4"})
  void replacedObservationLosesItsCovariates(Duplicates rule, double expected) {
    OpenStep open = new OpenStep(0);
    open.add(new Observation("a", 5, 1, new Covariates(Map.of("load", 4.0))), rule);
    open.add(new Observation("a", 5, 1, new Covariates(Map.of("load", 3.0))), rule);

    assertThat(open.closed(Aggregation.MEAN, rule).covariates().values())
        .containsExactly(Map.entry("load", expected));
  }

  @Test
  void detectsDuplicateOfRetainedObservation() {
    for (int time = 0; time < 10; time++) {
      add(time, 1, 4);
    }

    assertThat(add(6, 1, 4)).isFalse();
    assertThat(add(5, 1, 4)).isTrue();
    assertThat(steps.first().closed(Aggregation.COUNT, Duplicates.FIRST).value()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({"FIRST, 4", "LAST, 7", "MEAN, 4", "SUM, 12", "MIN, 1", "MAX, 7", "COUNT, 3"})
  void resultDoesNotDependOnRetainedObservations(Aggregation aggregation, double expected) {
    for (int retained : new int[] {1, 2, 64}) {
      OpenSteps open = new OpenSteps();
      for (double[] stamped : new double[][] {{2, 1}, {9, 7}, {1, 4}}) {
        open.add(
            0, new Observation("a", (long) stamped[0], stamped[1]), retained, Duplicates.FIRST);
      }
      assertThat(open.first().closed(aggregation, Duplicates.FIRST).value()).isEqualTo(expected);
    }
  }

  @Test
  void sumIsClippedToMaxValue() {
    add(1, 9e34, 1);
    add(2, 9e34, 1);

    assertThat(steps.first().closed(Aggregation.SUM, Duplicates.FIRST).value())
        .isEqualTo(Observation.MAX_VALUE);
    assertThat(steps.first().closed(Aggregation.MEAN, Duplicates.FIRST).value()).isEqualTo(9e34);
  }

  @Test
  void stepsAreInAscendingOrder() {
    for (long step : new long[] {5, 3, 9, 4}) {
      steps.add(step, new Observation("a", 10 * step, 1), 64, Duplicates.FIRST);
    }

    assertThat(steps.all().stream().map(OpenStep::step)).isEqualTo(List.of(3L, 4L, 5L, 9L));
    assertThat(steps.lastTimestampMs()).isEqualTo(90);
    assertThat(steps.find(8)).isNull();
  }

  @Test
  void steppedSeriesIgnoresDuplicates() {
    Sampling sampling = new Sampling(Duration.ofMillis(10), Aggregation.MEAN, 3);
    List<Observation> twice =
        List.of(
            new Observation("a", 1, 0.1),
            new Observation("a", 2, 5),
            new Observation("a", 2, 7),
            new Observation("a", 2, 7));

    assertThat(SteppedSeries.of("a", twice, sampling).values()).containsExactly(2.55);
  }

  @ParameterizedTest
  @CsvSource({"-PT1S, 64", "P4000D, 64", "PT0S, 0", "PT0S, 4097"})
  void rejectsInvalidLatenessPolicy(Duration lateness, int retained) {
    assertThatThrownBy(() -> new LatenessPolicy(lateness, retained, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  private boolean add(long timestampMs, double value, int retained) {
    return steps.add(0, new Observation("a", timestampMs, value), retained, Duplicates.FIRST);
  }
}
