package io.eddy.kafka.activity;

import io.eddy.admission.RejectionKind;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Logs new dead letters, at most every ten seconds, each of their reasons at most every minute,
 * events without known-future covariates and a summary, each at most every five minutes.
 */
final class FlowLog {
  static final Duration SUMMARY_PERIOD = Duration.ofMinutes(5);
  private static final long DEAD_LETTERS_PERIOD_MS = 10_000;
  private static final Snapshot.Flow NONE = new Snapshot.Flow(0, 0, Map.of(), Map.of(), 0, 0, 0);

  private static final long REASON_PERIOD_MS = 60_000;
  private static final int MAX_REASONS = 5;

  private final Lines lines;
  private final Map<String, Logged> reasons = new HashMap<>();
  private Snapshot.Flow summarized = NONE;
  private Snapshot.Flow warned = NONE;
  private long summarizedMs = Long.MIN_VALUE;
  private long warnedMs = Long.MIN_VALUE;
  private Logged incompleteFuture = new Logged(0, Long.MIN_VALUE);

  /** The last log entry of a count. */
  private record Logged(long count, long timeMs) {}

  FlowLog(Lines lines) {
    this.lines = lines;
  }

  void update(Snapshot now) {
    if (summarizedMs == Long.MIN_VALUE) {
      summarizedMs = now.timeMs();
      warnedMs = now.timeMs() - DEAD_LETTERS_PERIOD_MS;
    }
    logDeadLetters(now);
    logReasons(now);
    logIncompleteFuture(now);
    if (now.timeMs() - summarizedMs >= SUMMARY_PERIOD.toMillis()) {
      summarize(now);
    }
  }

  private void logDeadLetters(Snapshot now) {
    Snapshot.Flow flow = now.flow();
    if (flow.totalDeadLetters() > warned.totalDeadLetters()
        && now.timeMs() - warnedMs >= DEAD_LETTERS_PERIOD_MS) {
      lines.warn(
          "%s, %,d since the start".formatted(deadLetters(flow, warned), flow.totalDeadLetters()));
      warned = flow;
      warnedMs = now.timeMs();
    }
  }

  /** Logs the most frequent reasons. */
  private void logReasons(Snapshot now) {
    now.flow().rejections().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_REASONS)
        .forEach(reason -> logReason(reason.getKey(), reason.getValue(), now.timeMs()));
  }

  private void logReason(String reason, long count, long timeMs) {
    Logged before = reasons.get(reason);
    if (before == null
        || (count > before.count() && timeMs - before.timeMs() >= REASON_PERIOD_MS)) {
      lines.warn(
          "rejected %,d, %,d since the start: %s; eddy check reads a sample"
              .formatted(count - (before == null ? 0 : before.count()), count, reason));
      reasons.put(reason, new Logged(count, timeMs));
    }
  }

  private void logIncompleteFuture(Snapshot now) {
    long count = now.flow().incompleteFuture();
    Logged before = incompleteFuture;
    if (count > before.count()
        && (before.count() == 0 || now.timeMs() - before.timeMs() >= SUMMARY_PERIOD.toMillis())) {
      lines.warn(
          ("events without all known-future covariates of the serving version: %,d, %,d since the"
                  + " start; the last known numbers are used")
              .formatted(count - before.count(), count));
      incompleteFuture = new Logged(count, now.timeMs());
    }
  }

  private void summarize(Snapshot now) {
    Snapshot.Flow flow = now.flow();
    lines.info(
        ("last %d min: %,d events, %,d forecasts, %s, dropped: %,d, late: %,d; %,d series,"
                + " pending migrations: %,d, lag: %,d")
            .formatted(
                SUMMARY_PERIOD.toMinutes(),
                flow.events() - summarized.events(),
                flow.forecasts() - summarized.forecasts(),
                deadLetters(flow, summarized),
                flow.dropped() - summarized.dropped(),
                flow.late() - summarized.late(),
                now.series().total(),
                now.series().pending(),
                now.tasks().lag()));
    summarized = flow;
    summarizedMs = now.timeMs();
  }

  /** Describes the new dead letters, for example {@code dead letters: 3 (invalid: 3)}. */
  private static String deadLetters(Snapshot.Flow now, Snapshot.Flow before) {
    Map<RejectionKind, Long> added = new TreeMap<>(now.deadLetters());
    added.replaceAll((kind, count) -> count - before.deadLetters().getOrDefault(kind, 0L));
    added.values().removeIf(count -> count == 0);
    long total = added.values().stream().mapToLong(Long::longValue).sum();
    return "dead letters: %,d%s"
        .formatted(
            total,
            total == 0
                ? ""
                : added.entrySet().stream()
                    .map(
                        entry ->
                            "%s: %,d"
                                .formatted(entry.getKey().id().replace('_', ' '), entry.getValue()))
                    .collect(Collectors.joining(", ", " (", ")")));
  }
}
