package io.eddy.kafka.activity;

import java.util.SortedSet;
import java.util.TreeSet;

/** Logs assigned partitions, the restoration of state, and lost connections to the brokers. */
final class TaskLog {
  private static final long PROGRESS_PERIOD_MS = 30_000;

  private final Lines lines;
  private final String topic;
  private final String bootstrapServers;
  private SortedSet<Integer> partitions = new TreeSet<>();
  private boolean wasConnected;
  private long disconnectedSinceMs = -1;
  private long restoringSinceMs = -1;
  private long lastRestoreLineMs;
  private long lastConnectionLineMs;

  /**
   * Creates a log.
   *
   * @param topic the events topic
   */
  TaskLog(Lines lines, String topic, String bootstrapServers) {
    this.lines = lines;
    this.topic = topic;
    this.bootstrapServers = bootstrapServers;
  }

  void update(Snapshot now) {
    logConnections(now);
    logPartitions(now.tasks());
    logRestoration(now);
  }

  private void logConnections(Snapshot now) {
    if (now.tasks().connections() > 0) {
      wasConnected = true;
      if (disconnectedSinceMs >= 0) {
        lines.info(
            "connected to a broker again after %d s"
                .formatted((now.timeMs() - disconnectedSinceMs) / 1000));
        disconnectedSinceMs = -1;
      }
      return;
    }
    if (!wasConnected) {
      return;
    }
    if (disconnectedSinceMs < 0) {
      disconnectedSinceMs = now.timeMs();
      lastConnectionLineMs = now.timeMs();
      lines.warn(
          "no connection to a broker at %s: no events are processed; reconnecting"
              .formatted(bootstrapServers));
    } else if (now.timeMs() - lastConnectionLineMs >= PROGRESS_PERIOD_MS) {
      lastConnectionLineMs = now.timeMs();
      lines.warn(
          "no connection to a broker at %s for %d s"
              .formatted(bootstrapServers, (now.timeMs() - disconnectedSinceMs) / 1000));
    }
  }

  private void logPartitions(Snapshot.Tasks tasks) {
    if (!tasks.partitions().equals(partitions)) {
      partitions = tasks.partitions();
      lines.info(
          partitions.isEmpty()
              ? "no partition of %s is assigned to this instance".formatted(topic)
              : "assigned partitions of %s: %s".formatted(topic, partitions));
    }
  }

  private void logRestoration(Snapshot now) {
    Snapshot.Tasks tasks = now.tasks();
    if (tasks.restoring() > 0 && tasks.toRestore() > 0) {
      boolean isStart = restoringSinceMs < 0;
      if (isStart || now.timeMs() - lastRestoreLineMs >= PROGRESS_PERIOD_MS) {
        restoringSinceMs = isStart ? now.timeMs() : restoringSinceMs;
        lastRestoreLineMs = now.timeMs();
        lines.info("restoring state: %,d records left".formatted(tasks.toRestore()));
      }
    } else if (restoringSinceMs >= 0) {
      lines.info(
          "restored state after about %d s".formatted((now.timeMs() - restoringSinceMs) / 1000));
      restoringSinceMs = -1;
    }
  }
}
