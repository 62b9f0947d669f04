package io.eddy.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineGeneratorTest {
  private static final int HOURS = 24 * 28;
  private static final int MACHINES = 12;

  @Test
  void machinesHaveFourStatesAndAreOffAtNight() {
    List<Observation> all = observations(1);

    assertThat(all).hasSize(MACHINES * HOURS);
    assertThat(all.stream().map(Observation::value).distinct())
        .containsExactlyInAnyOrder(0.0, 1.0, 2.0, 3.0);
    for (int day = 0; day < 28; day++) {
      for (int machine = 0; machine < MACHINES; machine++) {
        // No shift has started at 02:00; a machine may still be under repair.
        assertThat(at(all, 24 * day + 2, machine)).isIn(0.0, 3.0);
      }
    }
  }

  @Test
  void newMachinesDoNotFail() {
    List<Observation> all = observations(1);

    for (int machine = 0; machine < MACHINES; machine++) {
      int ran = 0;
      for (int hour = 0; hour < HOURS && at(all, hour, machine) != 3; hour++) {
        ran += at(all, hour, machine) == 2 ? 1 : 0;
      }
      assertThat(ran).isGreaterThanOrEqualTo(40);
    }
  }

  @Test
  void sameSeedGivesSameSeries() {
    assertThat(observations(7)).isEqualTo(observations(7)).isNotEqualTo(observations(8));
  }

  private static double at(List<Observation> all, int hour, int machine) {
    return all.get(hour * MACHINES + machine).value();
  }

  private static List<Observation> observations(long seed) {
    List<Observation> all = new ArrayList<>();
    new MachineGenerator(MACHINES, Duration.ofHours(1), seed).generate(HOURS, all::add);
    return all;
  }
}
