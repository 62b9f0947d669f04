package io.eddy.dataset.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PulseGeneratorTest {
  private static final int DAYS = 3;
  private static final int SERIES = 5;

  @Test
  void eveningRepeatsMidnightValue() {
    List<Observation> all = observations(1);

    for (int day = 0; day < DAYS - 1; day++) {
      for (int series = 0; series < SERIES; series++) {
        double pulse = at(all, day, 0, series).value();
        assertThat(Math.abs(pulse)).isEqualTo(1);
        for (int hour = 18; hour < 22; hour++) {
          assertThat(at(all, day, hour, series).value()).isCloseTo(pulse, offset(0.3));
        }
      }
    }
    assertThat(all.stream().map(Observation::value)).contains(1.0, -1.0);
  }

  @Test
  void lastDayEndsBeforeEveningPulse() {
    List<Observation> all = observations(1);

    assertThat(all).hasSize(SERIES * (24 * (DAYS - 1) + 18));
  }

  @Test
  void sameSeedGivesSameSeries() {
    assertThat(observations(7)).isEqualTo(observations(7)).isNotEqualTo(observations(8));
  }

  private static Observation at(List<Observation> all, int day, int hour, int series) {
    return all.get((24 * day + hour) * SERIES + series);
  }

  private static List<Observation> observations(long seed) {
    List<Observation> all = new ArrayList<>();
    new PulseGenerator(SERIES, Duration.ofHours(1), seed).generate(DAYS, all::add);
    return all;
  }
}
