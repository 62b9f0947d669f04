package io.eddy.kafka.activity;

import io.eddy.forecast.Forecast;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ActivationText;
import io.eddy.rollout.Activations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logs activations when they arrive, and the migrations that follow. */
final class RolloutLog {
  private static final long PROGRESS_PERIOD_MS = 30_000;

  private final Lines lines;
  private long seenEpoch = -1;
  private @Nullable Map<Forecast.Served, Long> reported;
  private long migratingSinceMs = -1;
  private long lastLineMs;

  RolloutLog(Lines lines) {
    this.lines = lines;
  }

  void update(Snapshot now) {
    Activations activations = now.activations();
    if (activations != null) {
      logActivations(activations);
    }
    logMigrations(now);
  }

  private void logActivations(Activations activations) {
    if (seenEpoch < 0) {
      List<Activation> heads = new ArrayList<>(activations.heads(Role.SERVE));
      heads.addAll(activations.heads(Role.SHADOW));
      heads.forEach(head -> lines.info(ActivationText.describe(head)));
    } else {
      activations.descending().stream()
          .filter(activation -> activation.epoch() > seenEpoch)
          .sorted(Comparator.comparingLong(Activation::epoch))
          .forEach(activation -> lines.info("new activation: " + describe(activation)));
    }
    seenEpoch = activations.highestEpoch();
  }

  private static String describe(Activation activation) {
    return "%s; by %s%s"
        .formatted(
            ActivationText.describe(activation),
            ActivationText.describe(activation.cause().author()),
            activation.reason().isEmpty() ? "" : ": " + activation.reason());
  }

  private void logMigrations(Snapshot now) {
    Snapshot.SeriesCounts series = now.series();
    if (series.pending() > 0) {
      if (migratingSinceMs < 0) {
        migratingSinceMs = now.timeMs();
        lastLineMs = now.timeMs();
        lines.info(pending("migration started", series));
      } else if (now.timeMs() - lastLineMs >= PROGRESS_PERIOD_MS) {
        lastLineMs = now.timeMs();
        lines.info(pending("migration", series));
      }
      return;
    }
    boolean isSettled = series.total() > 0 && !sameVersions(series.served(), reported);
    if (migratingSinceMs >= 0 || isSettled) {
      String duration =
          migratingSinceMs < 0
              ? ""
              : " after about %d s".formatted((now.timeMs() - migratingSinceMs) / 1000);
      lines.info(
          "%s%s: %s"
              .formatted(
                  migratingSinceMs < 0 ? "series" : "migration finished",
                  duration,
                  describe(series)));
      migratingSinceMs = -1;
      reported = series.served();
    }
  }

  /** Returns whether the same versions serve, whatever the number of series. */
  private static boolean sameVersions(
      Map<Forecast.Served, Long> series, @Nullable Map<Forecast.Served, Long> before) {
    return before != null && series.keySet().equals(before.keySet());
  }

  private static String pending(String label, Snapshot.SeriesCounts series) {
    return "%s: %d of %d series pending".formatted(label, series.pending(), series.total());
  }

  private static String describe(Snapshot.SeriesCounts series) {
    return series.served().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getKey().epoch()))
        .map(
            entry ->
                "%d on version %s of epoch %d"
                    .formatted(
                        entry.getValue(),
                        entry.getKey().version().shortSha(),
                        entry.getKey().epoch()))
        .collect(Collectors.joining(", "));
  }
}
