package io.eddy.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScheduleReductionTest {
  private static final Schedule SCHEDULE =
      new Schedule(
          IntStream.range(0, 20)
              .mapToObj(
                  i -> new Fault(FaultKind.INSTANCE_KILL, 1000L * i, "instance-1", "-", 2000, i))
              .toList());

  private final List<Schedule> runs = new ArrayList<>();

  /** Reduces a schedule that fails if it has all faults with these seeds. */
  private List<Long> reduce(int maxRuns, Long... seeds) throws Exception {
    ScheduleReduction reduction =
        new ScheduleReduction(
            schedule -> {
              runs.add(schedule);
              return seeds(schedule).containsAll(List.of(seeds));
            },
            maxRuns,
            line -> {});
    return seeds(reduction.reduce(SCHEDULE));
  }

  private static List<Long> seeds(Schedule schedule) {
    return schedule.faults().stream().map(Fault::seed).toList();
  }

  @Test
  void findsTheFaultThatFails() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(reduce(100, seed)).containsExactly(seed);
    }
  }

  @Test
  void findsTheTwoFaultsThatFailTogether() throws Exception {
    assertThat(reduce(100, 3L, 17L)).containsExactly(3L, 17L);
  }

  @Test
  void keepsFailingScheduleAtMaximumOfRuns() throws Exception {
    assertThat(reduce(4, 3L, 17L)).contains(3L, 17L).hasSizeLessThan(20);
    assertThat(runs).hasSize(4);
  }
}
