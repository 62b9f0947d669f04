package io.eddy.kafka.stream;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.step.StepResult;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what the stream threads of a process do. Thread-safe. An event that is processed again
 * after a failure is counted again.
 */
public final class StreamCounters {
  private final LongAdder events = new LongAdder();
  private final LongAdder forecasts = new LongAdder();
  private final LongAdder revisions = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder deletions = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder nonFinite = new LongAdder();
  private final Map<RejectionKind, LongAdder> deadLetters =
      byConstant(RejectionKind.class, LongAdder::new);
  private final Map<StepResult.Reason, LongAdder> dropped =
      byConstant(StepResult.Reason.class, LongAdder::new);
  private final Histogram processing = Histogram.ofProcessing();
  private final Histogram latency = Histogram.ofLatency();
  private final ScoreTotals scores = new ScoreTotals();

  static <K extends Enum<K>, V> Map<K, V> byConstant(Class<K> type, Supplier<V> value) {
    Map<K, V> values = new EnumMap<>(type);
    for (K constant : type.getEnumConstants()) {
      values.put(constant, value.get());
    }
    return values;
  }

  void countEvent() {
    events.increment();
  }

  /**
   * Counts a forecast.
   *
   * @param isRevision whether a late observation revised it
   */
  void countForecast(boolean isRevision) {
    forecasts.increment();
    if (isRevision) {
      revisions.increment();
    }
  }

  /** Counts an observation that is older than its series' newest one. */
  void countLate() {
    late.increment();
  }

  void countDeletion() {
    deletions.increment();
  }

  void countSkipped() {
    skipped.increment();
  }

  void addNonFinite(int versions) {
    nonFinite.add(versions);
  }

  void countDeadLetter(RejectionKind kind) {
    Objects.requireNonNull(deadLetters.get(kind)).increment();
  }

  void countDropped(StepResult.Reason reason) {
    Objects.requireNonNull(dropped.get(reason)).increment();
  }

  /** Returns the number of records that were read from the events topic. */
  public long events() {
    return events.sum();
  }

  /** Returns the number of forecasts, revisions included. */
  public long forecasts() {
    return forecasts.sum();
  }

  /** Returns the number of forecasts that a late observation revised. */
  public long revisions() {
    return revisions.sum();
  }

  /** Returns the number of observations that were older than their series' newest one. */
  public long late() {
    return late.sum();
  }

  /** Returns the number of records that deleted their series. */
  public long deletions() {
    return deletions.sum();
  }

  /** Returns the number of records that were skipped: deleted rows and null values. */
  public long skipped() {
    return skipped.sum();
  }

  /** Returns the number of forecasts that were not finite and were withheld. */
  public long nonFinite() {
    return nonFinite.sum();
  }

  /** Returns the number of dead letters; one with several reasons counts for the first. */
  public long deadLetters(RejectionKind kind) {
    return Objects.requireNonNull(deadLetters.get(kind)).sum();
  }

  /** Returns the number of observations that were dropped. */
  public long dropped(StepResult.Reason reason) {
    return Objects.requireNonNull(dropped.get(reason)).sum();
  }

  /** Returns the seconds that the processing of an event took. */
  public Histogram processing() {
    return processing;
  }

  /**
   * Returns the seconds from an event's record timestamp to its forecast, which becomes visible
   * with the next commit.
   */
  public Histogram latency() {
    return latency;
  }

  /** Returns the sums of the scores by version. */
  public ScoreTotals scores() {
    return scores;
  }
}
