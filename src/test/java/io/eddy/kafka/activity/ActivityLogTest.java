package io.eddy.kafka.activity;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Author;
import io.eddy.rollout.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the lines of the activity log for sequences of snapshots. */
final class ActivityLogTest {
  private static final ModelVersion V1 = new ModelVersion("1".repeat(64));
  private static final ModelVersion V2 = new ModelVersion("2".repeat(64));
  private static final Snapshot.Flow IDLE = new Snapshot.Flow(0, 0, Map.of(), Map.of(), 0, 0, 0);

  private final List<String> logged = new ArrayList<>();
  private final Lines lines =
      new Lines() {
        @Override
        public void info(String line) {
          logged.add(line);
        }

        @Override
        public void warn(String line) {
          logged.add("WARN " + line);
        }
      };

  @Test
  void logsActivationsAndMigrations() {
    RolloutLog log = new RolloutLog(lines);
    Activation first = new Activation("m", 1, V1, Terms.serving(Scope.all(), null), "");
    Activation second =
        new Activation("m", 2, V2, Terms.serving(Scope.all(), null), "retrained")
            .by(Author.operator("ada@host").at(Instant.EPOCH));

    log.update(series(0, null, Map.of(), 0));
    log.update(series(2, new Activations(List.of(first)), Map.of(), 0));
    log.update(series(4, new Activations(List.of(first)), Map.of(served(V1, 1), 50L), 0));
    log.update(series(6, new Activations(List.of(first)), Map.of(served(V1, 1), 60L), 0));
    Activations both = new Activations(List.of(first, second));
    log.update(series(8, both, Map.of(served(V1, 1), 60L), 60));
    log.update(series(20, both, Map.of(served(V1, 1), 40L, served(V2, 2), 20L), 40));
    log.update(series(40, both, Map.of(served(V1, 1), 10L, served(V2, 2), 50L), 10));
    log.update(series(50, both, Map.of(served(V2, 2), 60L), 0));
    log.update(series(52, both, Map.of(served(V2, 2), 61L), 0));

    assertThat(logged)
        .containsExactly(
            "version 111111111111 serves model m under epoch 1, effective immediately",
            "series: 50 on version 111111111111 of epoch 1",
            "new activation: version 222222222222 serves model m under epoch 2, effective"
                + " immediately; by ada@host: retrained",
            "migration started: 60 of 60 series pending",
            "migration: 10 of 60 series pending",
            "migration finished after about 42 s: 60 on version 222222222222 of epoch 2");
  }

  @Test
  void logsLostConnectionWithoutFlooding() {
    TaskLog log = new TaskLog(lines, "events", "broker:9092");

    log.update(tasks(0, List.of(), 0, 0));
    log.update(tasks(2, List.of(), 0, 1));
    log.update(tasks(4, List.of(), 0, 20));
    for (int second = 6; second <= 80; second += 2) {
      log.update(tasks(second, List.of(), 0, 20));
    }
    log.update(tasks(82, List.of(), 0, 21));

    assertThat(logged)
        .containsExactly(
            "WARN no broker at broker:9092 answers: no events are processed; reconnecting",
            "WARN no broker at broker:9092 has answered for 36 s",
            "WARN no broker at broker:9092 has answered for 66 s",
            "a broker answers again after 78 s");
  }

  @Test
  void logsPartitionsAndRestoration() {
    TaskLog log = new TaskLog(lines, "events", "broker:9092");

    log.update(tasks(0, List.of(0, 1), 5000, 1));
    log.update(tasks(2, List.of(0, 1), 4000, 2));
    log.update(tasks(32, List.of(0, 1), 1200, 3));
    log.update(tasks(40, List.of(0, 1), 0, 4));
    log.update(tasks(42, List.of(), 0, 5));

    assertThat(logged)
        .containsExactly(
            "assigned partitions of events: [0, 1]",
            "restoring state: 5,000 records left",
            "restoring state: 1,200 records left",
            "restored state after about 40 s",
            "no partition of events is assigned to this instance");
  }

  @Test
  void logsIncompleteFutureCovariates() {
    FlowLog log = new FlowLog(lines);

    for (int[] count : new int[][] {{0, 0}, {2, 3}, {4, 9}, {310, 20}}) {
      log.update(flow(count[0], new Snapshot.Flow(0, 0, Map.of(), Map.of(), 0, 0, count[1])));
    }

    assertThat(logged)
        .filteredOn(line -> line.startsWith("WARN"))
        .containsExactly(
            "WARN events without all known-future covariates of the serving version: 3, 3 since the"
                + " start; the last known numbers are used",
            "WARN events without all known-future covariates of the serving version: 17, 20 since"
                + " the start; the last known numbers are used");
  }

  @Test
  void logsDeadLettersByKindAndSummary() {
    FlowLog log = new FlowLog(lines);
    Map<RejectionKind, Long> some = Map.of(RejectionKind.INVALID, 3L);
    Map<RejectionKind, Long> more =
        Map.of(RejectionKind.INVALID, 1003L, RejectionKind.SERIES_LIMIT, 2L);

    log.update(flow(0, IDLE));
    log.update(flow(2, new Snapshot.Flow(10, 7, some, Map.of(), 0, 0, 0)));
    log.update(flow(4, new Snapshot.Flow(2000, 995, more, Map.of(), 0, 0, 0)));
    log.update(flow(12, new Snapshot.Flow(2000, 995, more, Map.of(), 1, 4, 0)));
    log.update(flow(300, new Snapshot.Flow(3000, 1995, more, Map.of(), 1, 4, 0)));
    log.update(flow(302, new Snapshot.Flow(3001, 1996, more, Map.of(), 1, 4, 0)));
    log.update(flow(600, new Snapshot.Flow(3001, 1996, more, Map.of(), 1, 4, 0)));

    assertThat(logged)
        .containsExactly(
            "WARN dead letters: 3 (invalid: 3), 3 since the start",
            "WARN dead letters: 1,002 (invalid: 1,000, series limit: 2), 1,005 since the start",
            "last 5 min: 3,000 events, 1,995 forecasts, dead letters: 1,005 (invalid: 1,003, series"
                + " limit: 2), dropped: 1, late: 4; 0 series, pending migrations: 0, lag: 9",
            "last 5 min: 1 events, 1 forecasts, dead letters: 0, dropped: 0, late: 0; 0 series,"
                + " pending migrations: 0, lag: 9");
  }

  private static Forecast.Served served(ModelVersion version, long epoch) {
    return new Forecast.Served(version, epoch);
  }

  private static Snapshot series(
      long seconds,
      @Nullable Activations activations,
      Map<Forecast.Served, Long> series,
      long pending) {
    return new Snapshot(
        1000 * seconds,
        activations,
        new Snapshot.SeriesCounts(series, pending),
        new Snapshot.Tasks(new TreeSet<>(), 0, 0, 1, 0),
        IDLE);
  }

  private static Snapshot tasks(
      long seconds, List<Integer> partitions, long toRestore, long responses) {
    return new Snapshot(
        1000 * seconds,
        null,
        Snapshot.SeriesCounts.NONE,
        new Snapshot.Tasks(
            new TreeSet<>(partitions), toRestore > 0 ? 2 : 0, toRestore, responses, 0),
        IDLE);
  }

  private static Snapshot flow(long seconds, Snapshot.Flow flow) {
    return new Snapshot(
        1000 * seconds,
        null,
        Snapshot.SeriesCounts.NONE,
        new Snapshot.Tasks(new TreeSet<>(), 0, 0, 1, 9),
        flow);
  }

  /** Each reason is logged when it appears, and then at most once a minute. */
  @Test
  void logsReasonsOfRejections() {
    FlowLog log = new FlowLog(lines);
    log.update(flow(2, rejections(Map.of("field ts: expected a time", 3L))));
    log.update(flow(20, rejections(Map.of("field ts: expected a time", 900L))));
    log.update(
        flow(63, rejections(Map.of("field ts: expected a time", 1000L, "key is empty", 1L))));

    assertThat(logged)
        .containsExactly(
            "WARN rejected 3, 3 since the start: field ts: expected a time; eddy check reads a sample",
            "WARN rejected 997, 1,000 since the start: field ts: expected a time; eddy check reads a"
                + " sample",
            "WARN rejected 1, 1 since the start: key is empty; eddy check reads a sample");
  }

  private static Snapshot.Flow rejections(Map<String, Long> reasons) {
    return new Snapshot.Flow(0, 0, Map.of(), reasons, 0, 0, 0);
  }
}
