package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.CombinationSpec;
import io.eddy.model.Models;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupScheduleTest {
  private static final int SEASON = 24;
  private static final CombinationSpec SPEC = Models.combination(List.of(SEASON, 168), List.of(1));

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "1, 3", "4, 8", "9, 24", "1, 24", "25, 48", "100, 720"})
  void everyForecastIsScoredBeforeItsSlotIsFilled(int first, int last) {
    GroupSchedule schedule = GroupSchedule.of(first, last, SPEC);
    long[] dueAt = new long[schedule.slots()];
    Set<Integer> leads = new HashSet<>();
    Set<Integer> phases = new HashSet<>();
    long end = -1000 + 3L * schedule.stride() * SEASON * (last - first + 1);
    for (long step = -1000; step < end; step++) {
      for (int slot = 0; slot < dueAt.length; slot++) {
        long origin = schedule.originOf(slot, step);
        boolean isDue = dueAt[slot] != 0 && origin + schedule.leadOf(origin) == step;
        assertThat(isDue).isEqualTo(dueAt[slot] == step && dueAt[slot] != 0);
        dueAt[slot] = isDue ? 0 : dueAt[slot];
      }
      if (schedule.isOrigin(step)) {
        int slot = schedule.slotOf(step);
        assertThat(dueAt[slot]).isZero();
        dueAt[slot] = step + schedule.leadOf(step);
        leads.add(schedule.leadOf(step));
        phases.add(Math.floorMod(step, SEASON));
      }
    }

    assertThat(leads).hasSize(last - first + 1).allMatch(lead -> lead >= first && lead <= last);
    assertThat(phases).hasSize(SEASON);
  }
}
