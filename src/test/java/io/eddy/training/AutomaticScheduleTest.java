package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.training.TrainingSchedule.DataSize;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AutomaticScheduleTest {
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 32, 24);
  private static final ModelSpecification WIDE = Models.specification(CellKind.LSTM, 512, 24);

  @ParameterizedTest
  @CsvSource({"1000, PT23.717S", "252000, PT6M", "1000000, PT6M", "10000000, PT20M"})
  void defaultBudgetGrowsWithData(long steps, Duration budget) {
    assertThat(AutomaticSchedule.DEFAULT.length().budget(steps)).isEqualTo(budget);
  }

  @Test
  void moreDataHaveMoreUpdatesAndFewerPasses() {
    long small = updates(schedule(null, null), SMALL, 1000);
    long large = updates(schedule(null, null), SMALL, 1_000_000);

    assertThat(small).isBetween(780L, 820L);
    assertThat(large).isBetween(3 * small, 4 * small);
  }

  @Test
  void budgetLimitsUpdates() {
    long free = updates(schedule(null, Duration.ofHours(1)), WIDE, 100_000);
    long limited = updates(schedule(null, Duration.ofMinutes(2)), WIDE, 100_000);
    long tight = updates(schedule(null, Duration.ofMillis(1)), WIDE, 100_000);

    assertThat(limited).isLessThan(free / 2);
    assertThat(tight).as("one chunk sequence an epoch").isEqualTo(4 * AutomaticSchedule.EPOCHS);
  }

  @Test
  void membersShareBudget() {
    AutomaticSchedule schedule = schedule(null, Duration.ofMinutes(2));
    DataSize data = new DataSize(1, 100_000);
    TrainingSettings one = schedule.settings(List.of(WIDE), data);
    TrainingSettings four = schedule.settings(Collections.nCopies(4, WIDE), data);

    assertThat(four.batches().updatesPerEpoch())
        .isBetween(
            one.batches().updatesPerEpoch() / 4 - 2, one.batches().updatesPerEpoch() / 4 + 2);
  }

  @Test
  void membersHaveFewerUpdatesThanOneNetwork() {
    AutomaticSchedule schedule = schedule(null, Duration.ofHours(1));
    DataSize data = new DataSize(1, 100_000);
    int one = schedule.settings(List.of(SMALL), data).batches().updatesPerEpoch();
    int two = schedule.settings(List.of(SMALL, SMALL), data).batches().updatesPerEpoch();

    assertThat(two).isBetween(one * 2 / 3 - 4, one * 2 / 3 + 4);
  }

  @Test
  void affordableMembersFitBudget() {
    AutomaticSchedule schedule = schedule(null, Duration.ofMinutes(30));
    DataSize data = new DataSize(1, 100_000);
    int members = schedule.affordableMembers(SMALL, data);

    assertThat(members).isGreaterThan(4);
    assertThat(schedule.settings(Collections.nCopies(members, SMALL), data))
        .isEqualTo(schedule.settings(List.of(SMALL, SMALL), data));
    assertThat(
            schedule
                .settings(Collections.nCopies(2 * members, SMALL), data)
                .batches()
                .updatesPerEpoch())
        .isLessThan(schedule.settings(List.of(SMALL, SMALL), data).batches().updatesPerEpoch());
  }

  @Test
  void givenEpochsAreKept() {
    TrainingSettings settings = schedule(7, null).settings(List.of(WIDE), new DataSize(1, 100_000));

    assertThat(settings.epochs()).isEqualTo(7);
  }

  private static AutomaticSchedule schedule(@Nullable Integer epochs, @Nullable Duration budget) {
    return new AutomaticSchedule(
        new AutomaticSchedule.Length(epochs, budget, true), AutomaticSchedule.Rates.DEFAULT, 1);
  }

  private static long updates(
      AutomaticSchedule schedule, ModelSpecification specification, long steps) {
    TrainingSettings settings = schedule.settings(List.of(specification), new DataSize(1, steps));
    return (long) settings.epochs() * settings.batches().updatesPerEpoch();
  }
}
