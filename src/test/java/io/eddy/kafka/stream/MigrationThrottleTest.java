package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.RNN;
import static io.eddy.kafka.stream.RecordedStream.SERIES;
import static io.eddy.kafka.stream.RecordedStream.mean;
import static io.eddy.kafka.verify.AlteredForecasts.withKnown;
import static io.eddy.kafka.verify.AlteredForecasts.withServed;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.verify.AlteredForecasts;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import io.eddy.model.ModelVersion;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.MigrationBudget;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pending migrations, and their verification. Every event earns two steps and nothing is saved: the
 * first migration is free, then a context of 24 steps takes twelve events.
 */
class MigrationThrottleTest {
  private static final MigrationThrottle TIGHT = new MigrationThrottle(2, 0);
  private static final long FIRST_OF_2 = 30;

  @TempDir Path folder;
  private RecordedStream stream;

  @BeforeEach
  void start() {
    stream = new RecordedStream(folder, TIGHT);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  /** Activates another version after 30 hours; the third series migrates eight hours later. */
  private void activateLstm() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, null);
    stream.sendHours(30, 50);
  }

  /** Returns the hour of the first forecast of an epoch. */
  private int migrated(String series, long epoch) {
    return stream.epochs(series).indexOf(epoch);
  }

  private List<Integer> migratedTo(long epoch) {
    return IntStream.range(0, SERIES).mapToObj(i -> migrated("series-" + i, epoch)).toList();
  }

  @Test
  void seriesMigrateAsEventsEarnBudget() {
    activateLstm();

    assertThat(migratedTo(2)).containsExactly(30, 34, 38);
    VerifyReport report = stream.verify();
    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(50 * SERIES);
    assertThat(report.get(VerifyCount.MIGRATION_PENDING)).isEqualTo(4 + 8);
  }

  @Test
  void forecastRecordsPendingEpoch() {
    activateLstm();

    PublishedForecast waiting = stream.published(31 * SERIES + 2);
    assertThat(waiting.known()).isEqualTo(new Knowledge(2, 0, 2));
    assertThat(waiting.forecast().origin().served())
        .isEqualTo(new Forecast.Served(ModelVersion.of(GRU), 1));
    assertThat(stream.published(31 * SERIES).known()).isEqualTo(new Knowledge(2, 0, 0));
  }

  @Test
  void unlimitedMigrationsAreImmediate(@TempDir Path other) {
    try (RecordedStream unbounded = new RecordedStream(other, MigrationThrottle.UNLIMITED)) {
      unbounded.activate(1, GRU, null);
      unbounded.sendHours(0, 30);
      unbounded.activate(2, LSTM, null);
      unbounded.sendHours(30, 31);

      assertThat(IntStream.range(0, SERIES).mapToLong(i -> unbounded.epochs("series-" + i).get(30)))
          .containsOnly(2L);
    }
  }

  @Test
  void fewSeriesMigrateImmediately(@TempDir Path other) {
    try (RecordedStream unthrottled = new RecordedStream(other)) {
      unthrottled.activate(1, GRU, null);
      unthrottled.sendHours(0, 30);
      unthrottled.activate(2, LSTM, null);
      unthrottled.sendHours(30, 31);

      assertThat(unthrottled.epochs("series-2").get(30)).isEqualTo(2);
    }
  }

  @Test
  void reportsPendingForecastOfWrongEpoch() {
    activateLstm();
    stream.alter(
        31 * SERIES + 2,
        forecast -> withServed(forecast, new Forecast.Served(ModelVersion.of(GRU), 7)));

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "epoch");
  }

  @Test
  void reportsMigratedSeriesMarkedPending() {
    activateLstm();
    int last = 50 * SERIES - 1;
    stream.alter(last, forecast -> withKnown(forecast, new Knowledge(2, 0, 2)));

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "awaitedEpoch");
  }

  @Test
  void reportsSeriesThatMigratesBack(@TempDir Path other) {
    activateLstm();
    int last = 50 * SERIES - 1;
    try (RecordedStream unmoved = new RecordedStream(other, TIGHT)) {
      unmoved.activate(1, GRU, null);
      unmoved.sendHours(0, 50);
      stream.forecasts.set(last, unmoved.forecasts.get(last));
      stream.alter(last, forecast -> withKnown(forecast, new Knowledge(2, 0, 2)));
    }

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "epoch");
  }

  @Test
  void reportsMissingMigration() {
    activateLstm();
    int waiting = 31 * SERIES + 2;
    stream.alter(waiting, forecast -> withKnown(forecast, new Knowledge(2, 0)));

    VerifyReport report = stream.verify();

    assertThat(report.isConsistent()).isFalse();
    assertThat(report.differences().get(0).mismatch().field()).isEqualTo("epoch");
  }

  @Test
  void reportsChangedBitOfPendingSeries() {
    activateLstm();
    stream.alter(31 * SERIES + 2, forecast -> AlteredForecasts.withBitFlipped(forecast, 3));

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "value");
  }

  @Test
  void reportsLostForecastOfPendingSeries() {
    activateLstm();
    stream.forecasts.remove(32 * SERIES + 2);

    assertFault(stream.verify(), VerifyCount.LOST);
  }

  @Test
  void followsPendingSeriesAfterDeletion() {
    activateLstm();

    VerifyReport report = stream.verify(VerifyScope.everything(10), 32 * SERIES, 32 * SERIES);

    assertConsistent(report);
    assertThat(report.get(VerifyCount.MIGRATION_PENDING)).isEqualTo(2 + 6);
    assertThat(report.get(VerifyCount.STATE_UNKNOWN)).isPositive();
  }

  @Test
  void timedActivationIsNeverPending() {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, FIRST_OF_2 * HOUR);
    stream.sendHours(0, 50);

    assertThat(migratedTo(2)).containsExactly(30, 30, 30);
    VerifyReport inPlace =
        stream.verify(new VerifyScope(null, Long.MIN_VALUE, Long.MAX_VALUE, 1, true));
    assertConsistent(inPlace);
  }

  @Test
  void urgentActivationIsNeverPending() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activateOn(2, LSTM, Terms.serving(Scope.all(), null).at(Timing.URGENT));
    stream.sendHours(30, 50);

    assertThat(migratedTo(2)).containsExactly(30, 30, 30);
    assertConsistent(stream.verify());
  }

  @Test
  void replacingUrgentActivationIsNotPending() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activateOn(2, LSTM, Terms.serving(Scope.all(), null).at(Timing.URGENT));
    stream.activate(3, RNN, null);
    stream.sendHours(30, 40);

    assertThat(migratedTo(3)).containsExactly(30, 30, 30);
    assertConsistent(stream.verify());
  }

  @Test
  void reactivatedVersionEndsPendingMigration() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, null);
    stream.sendHours(30, 32);
    stream.activate(3, GRU, null);
    stream.sendHours(32, 40);

    assertThat(stream.epochs("series-2").subList(28, 34)).containsExactly(1L, 1L, 1L, 1L, 3L, 3L);
    VerifyReport report = stream.verify();
    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(40 * SERIES);
  }

  @Test
  void timedActivationEndsPendingMigration() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, null);
    stream.activate(3, RNN, 32 * HOUR);
    stream.sendHours(30, 40);

    assertThat(migratedTo(2)).containsExactly(30, -1, -1);
    assertThat(migratedTo(3)).containsExactly(32, 32, 32);
    assertConsistent(stream.verify());
  }

  @Test
  void migrationToWiderScopeMayBePending() {
    Scope prefix = new Scope.Prefix("series-");
    stream.activate(1, GRU, null);
    stream.activateOn(2, LSTM, Terms.serving(prefix, null));
    stream.sendHours(0, 30);
    stream.activateOn(3, LSTM, Terms.ending(prefix, Role.SERVE, null));
    stream.sendHours(30, 50);

    assertThat(migratedTo(1)).containsExactly(30, 34, 38);
    assertConsistent(stream.verify());
  }

  @Test
  void retiredVersionIsNotKept() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, null);
    stream.sendHours(30, 32);
    stream.deleteActivation(1);
    stream.sendHours(32, 34);

    assertThat(migratedTo(2)).containsExactly(30, 32, 32);
    assertConsistent(stream.verify());
  }

  @Test
  void missingVersionIsSkippedNotPending() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 10);
    stream.activate(2, LSTM, null);
    stream.activateUnpublished(3, RNN);
    stream.sendHours(10, 30);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(migratedTo(2)).containsExactly(10, 14, 18);
    assertThat(stream.published(12 * SERIES + 2).known()).isEqualTo(new Knowledge(3, 1, 2));
    assertThat(report.get(VerifyCount.ACTIVATION_SKIPPED)).isEqualTo(20 * SERIES);
    assertThat(report.get(VerifyCount.MIGRATION_PENDING)).isEqualTo(4 + 8);
  }

  @Test
  void openStepsSurvivePendingMigration() {
    stream.activate(1, mean(CellKind.GRU, 1), null);
    stream.sendQuarters(0, 30);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    stream.sendQuarters(30, 31);
    stream.activate(3, mean(CellKind.RNN_TANH, 3), null);
    stream.sendQuarters(31, 40);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.MIGRATION_PENDING)).isPositive();
    assertThat(report.get(VerifyCount.STATE_UNKNOWN)).isZero();
    assertThat(stream.epochs("series-0")).contains(2L, 3L);
  }

  @Test
  void lateEventMigratesNoSeries() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, null);
    stream.sendHours(29, 30);
    stream.sendHours(30, 31);

    assertThat(migratedTo(2)).containsExactly(30, -1, -1);
    assertConsistent(stream.verify());
  }

  @Test
  void expensiveMigrationIsPaidAfterwards() {
    MigrationBudget budget = new MigrationBudget(new MigrationThrottle(3, 4));

    assertThat(budget.tryTake(100)).isTrue();

    // 12 steps were saved, so 88 are owed: 30 events of 3 steps.
    for (int event = 0; event < 29; event++) {
      budget.addEvent();
      assertThat(budget.tryTake(1)).isFalse();
    }
    budget.addEvent();
    assertThat(budget.tryTake(1)).isTrue();
  }
}
