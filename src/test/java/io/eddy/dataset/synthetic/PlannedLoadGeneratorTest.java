package io.eddy.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlannedLoadGeneratorTest {
  private static final int SERIES = 4;

  @Test
  void consumptionFollowsPlanOfSameStep() {
    List<Observation> all = observations(1);

    for (Observation first : all) {
      for (Observation other : all) {
        if (first.series().equals(other.series())
            && plan(first) == plan(other)
            && first.timestampMs() < other.timestampMs()) {
          assertThat(Math.abs(first.value() - other.value())).isLessThan(5);
        }
      }
    }
    assertThat(all.stream().map(PlannedLoadGeneratorTest::plan)).contains(0.0, 1.0);
  }

  @Test
  void sameSeedGivesSameSeries() {
    assertThat(observations(7)).isEqualTo(observations(7)).isNotEqualTo(observations(8));
  }

  private static double plan(Observation observation) {
    return observation.covariates().value(PlannedLoadGenerator.PLAN);
  }

  private static List<Observation> observations(long seed) {
    List<Observation> all = new ArrayList<>();
    new PlannedLoadGenerator(SERIES, Duration.ofHours(1), seed).generate(200, all::add);
    return all;
  }
}
