package io.eddy.bench.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Result of an overload.
 *
 * @param capacity events per second that Eddy processes if events always wait
 * @param memory samples of the overload and of the recovery, one per second
 * @param recoverySeconds time from the end of the overload until no event waits
 */
public record OverloadResult(
    double capacity,
    Input input,
    List<MemorySample> memory,
    double recoverySeconds,
    Outcome outcome) {
  /** Growth of the resident memory during the overload that counts as flat. */
  private static final double MAX_GROWTH = 0.1;

  /** Length of an overload from which on growth counts: before, caches and buffers fill. */
  private static final double MIN_GROWTH_SECONDS = 300;

  /**
   * Events of a partition that a consumer has fetched and not processed: about 1 MiB, Kafka's
   * default of {@code max.partition.fetch.bytes}. The lag excludes them.
   */
  private static final int MAX_BUFFERED = 12_000;

  /** Exit code of verify if it did not run. */
  static final int NOT_VERIFIED = -1;

  public OverloadResult {
    memory = List.copyOf(memory);
  }

  /**
   * The events of the overload.
   *
   * @param perSecond events per second that were published
   * @param seconds length
   * @param maxWaiting largest number of published events that were not committed
   * @param partitions of the events topic
   */
  public record Input(double perSecond, double seconds, long maxWaiting, int partitions) {
    /** Returns the lag that the metrics must have reported at least. */
    long minReported() {
      return (maxWaiting - (long) MAX_BUFFERED * partitions) / 2;
    }
  }

  /**
   * The comparison of events and results.
   *
   * @param events published from the begin on
   * @param forecasts on the topic
   * @param deadLetters on the topic
   * @param exitCode of serve, after SIGTERM
   * @param verify exit code of verify, or {@value #NOT_VERIFIED}
   */
  public record Outcome(long events, long forecasts, long deadLetters, int exitCode, int verify) {
    /** Returns the number of events without a forecast or dead letter. */
    public long lost() {
      return events - forecasts - deadLetters;
    }
  }

  /** Returns the medians of a figure in the first, second and last third of the samples. */
  List<Long> thirds(ToLongFunction<MemorySample> figure) {
    List<Long> medians = new ArrayList<>();
    for (int third = 0; third < 3; third++) {
      int from = memory.size() * third / 3;
      int to = memory.size() * (third + 1) / 3;
      medians.add(
          memory.subList(from, to).stream()
              .mapToLong(figure)
              .sorted()
              .skip((to - from) / 2)
              .findFirst()
              .orElse(0));
    }
    return medians;
  }

  long max(ToLongFunction<MemorySample> figure) {
    return memory.stream().mapToLong(figure).max().orElse(0);
  }

  /** Returns the reasons why the overload was not survived as it should be; empty if it was. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    List<Long> resident = thirds(MemorySample::residentBytes);
    if (input.seconds() >= MIN_GROWTH_SECONDS
        && resident.get(2) > resident.get(0) * (1 + MAX_GROWTH)) {
      problems.add(
          "resident memory grew by more than %.0f %% from the first to the last third"
              .formatted(100 * MAX_GROWTH));
    }
    if (max(MemorySample::lag) < input.minReported()) {
      problems.add(
          "the metrics reported at most %,d waiting events of %,d"
              .formatted(max(MemorySample::lag), input.maxWaiting()));
    }
    if (outcome.lost() != 0) {
      problems.add("%,d events have no forecast or dead letter".formatted(outcome.lost()));
    }
    if (outcome.exitCode() != 0) {
      problems.add("serve ended with exit code " + outcome.exitCode());
    }
    if (outcome.verify() > 0) {
      problems.add("verify ended with exit code " + outcome.verify());
    }
    return problems;
  }
}
