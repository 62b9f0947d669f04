package io.eddy.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.bench.campaign.FaultKind.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScheduleTest {
  private static final List<FaultKind> KINDS = List.of(FaultKind.values());
  private static final int FAULTS = 10 * KINDS.size();
  private static final long DURATION_MS = 7_200_000;
  private static final Schedule.Plan PLAN = new Schedule.Plan(KINDS, FAULTS, DURATION_MS, 3, 3);

  @Test
  void seedDeterminesSchedule() {
    assertThat(Schedule.draw(PLAN, 7)).isEqualTo(Schedule.draw(PLAN, 7));
    assertThat(Schedule.draw(PLAN, 7)).isNotEqualTo(Schedule.draw(PLAN, 8));
  }

  @Test
  void drawsEachKindEquallyOften() {
    Map<FaultKind, Long> counts =
        Schedule.draw(PLAN, 7).faults().stream()
            .collect(Collectors.groupingBy(Fault::kind, Collectors.counting()));

    assertThat(counts).hasSize(KINDS.size()).allSatisfy((kind, n) -> assertThat(n).isEqualTo(10));
  }

  @Test
  void faultsBeginAndEndDuringLoad() {
    for (Fault fault : Schedule.draw(PLAN, 7).faults()) {
      assertThat(fault.atMs()).isBetween(0L, DURATION_MS);
      assertThat(fault.lengthMs()).isBetween(2_000L, 60_000L);
    }
  }

  @Test
  void shortLoadHasShortFaults() {
    Schedule.Plan plan = new Schedule.Plan(KINDS, 18, 40_000, 3, 3);

    assertThat(Schedule.draw(plan, 7).faults())
        .allSatisfy(fault -> assertThat(fault.lengthMs()).isLessThanOrEqualTo(10_000));
  }

  @Test
  void networkFaultHasBrokerAndOtherProcess() {
    for (Fault fault : Schedule.draw(PLAN, 7).faults()) {
      if (fault.kind().target() == Target.PAIR) {
        assertThat(fault.peer()).startsWith("broker-").isNotEqualTo(fault.target());
      } else {
        assertThat(fault.peer()).isEqualTo(Fault.NONE);
      }
    }
  }

  @Test
  void networkFaultOfOneBrokerHasInstance() {
    Schedule.Plan plan = new Schedule.Plan(List.of(FaultKind.NETWORK_CUT), 50, 40_000, 1, 2);

    assertThat(Schedule.draw(plan, 7).faults())
        .allSatisfy(fault -> assertThat(fault.target()).startsWith("instance-"));
  }

  @Test
  void fileKeepsSchedule(@TempDir Path folder) throws IOException {
    Schedule schedule = Schedule.draw(PLAN, 7);
    Path file = folder.resolve("schedule.csv");
    schedule.write(file);

    assertThat(Schedule.read(file)).isEqualTo(schedule);
  }

  @Test
  void readsCommentsAndOrdersByTime(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("schedule.csv");
    Files.write(
        file,
        List.of(
            "# shortened",
            Fault.HEADER,
            "9.5,network-cut,instance-1,broker-2,3.25,17",
            "",
            "1.000,broker-kill,broker-1,-,2.000,4"));

    assertThat(Schedule.read(file).faults())
        .containsExactly(
            new Fault(FaultKind.BROKER_KILL, 1000, "broker-1", "-", 2000, 4),
            new Fault(FaultKind.NETWORK_CUT, 9500, "instance-1", "broker-2", 3250, 17));
  }

  @Test
  void rejectsInvalidLines() {
    for (String line :
        Arrays.asList(
            "", "1,broker-kill,broker-1,-,2", "x,broker-kill,broker-1,-,2,4", "1,flood,a,-,2,4")) {
      assertThatThrownBy(() -> Fault.parse(line))
          .as(line)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
