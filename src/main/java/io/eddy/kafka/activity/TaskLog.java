package io.eddy.kafka.activity;

import java.util.SortedSet;
import java.util.TreeSet;

/** Logs assigned partitions, the restoration of state, and lost connections to the brokers. */
final class TaskLog {
  private static final long PROGRESS_PERIOD_MS = 30_000;

  /** Consumers receive several responses per second, even if there are no records. */
  private static final long SILENCE_MS = 6000;

  private final Lines lines;
  private final String topic;
  private final String bootstrapServers;
  private SortedSet<Integer> partitions = new TreeSet<>();
  private long responses;
  private long responseMs;
  private boolean isDisconnected;
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
    // The metrics of a replaced stream thread are removed, which lowers the sum.
    if (now.tasks().responses() != responses) {
      responses = now.tasks().responses();
      if (isDisconnected) {
        lines.info(
            "a broker answers again after %d s".formatted((now.timeMs() - responseMs) / 1000));
        isDisconnected = false;
      }
      responseMs = now.timeMs();
      return;
    }
    if (responses == 0) {
      return;
    }
    long silentMs = now.timeMs() - responseMs;
    if (!isDisconnected && silentMs >= SILENCE_MS) {
      isDisconnected = true;
      lastConnectionLineMs = now.timeMs();
      lines.warn(
          "no broker at %s answers: no events are processed; reconnecting"
              .formatted(bootstrapServers));
    } else if (isDisconnected && now.timeMs() - lastConnectionLineMs >= PROGRESS_PERIOD_MS) {
      lastConnectionLineMs = now.timeMs();
      lines.warn(
          "no broker at %s has answered for %d s".formatted(bootstrapServers, silentMs / 1000));
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
