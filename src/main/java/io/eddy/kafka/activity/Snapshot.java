package io.eddy.kafka.activity;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.Forecast;
import io.eddy.rollout.Activations;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a forecaster at a time.
 *
 * @param timeMs monotonic time in milliseconds
 * @param activations of the model; null while they are not available
 * @param series the series by version and epoch, counted some seconds ago
 * @param flow counters since the start
 */
record Snapshot(
    long timeMs, @Nullable Activations activations, SeriesCounts series, Tasks tasks, Flow flow) {

  /**
   * Numbers of series.
   *
   * @param served by version and epoch
   * @param pending those with a pending migration
   */
  record SeriesCounts(Map<Forecast.Served, Long> served, long pending) {
    static final SeriesCounts NONE = new SeriesCounts(Map.of(), 0);

    SeriesCounts {
      served = Map.copyOf(served);
    }

    long total() {
      return served.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * The work of this process.
   *
   * @param partitions assigned partitions of the events topic
   * @param restoring partitions of state stores that are being restored
   * @param toRestore records left to restore
   * @param responses number of responses that the consumers received from brokers
   * @param lag records of the assigned partitions that are not processed yet
   */
  record Tasks(
      SortedSet<Integer> partitions, int restoring, long toRestore, long responses, long lag) {}

  /**
   * Counters since the start.
   *
   * @param rejections rejected values, or whole records, by reason
   * @param incompleteFuture observations without all known-future covariates
   */
  record Flow(
      long events,
      long forecasts,
      Map<RejectionKind, Long> deadLetters,
      Map<String, Long> rejections,
      long dropped,
      long late,
      long incompleteFuture) {
    Flow {
      rejections = Map.copyOf(rejections);
      deadLetters = Map.copyOf(deadLetters);
    }

    long totalDeadLetters() {
      return deadLetters.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
