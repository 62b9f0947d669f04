package io.eddy.kafka.stream;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.step.StepResult;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what the stream threads of a process do. Thread-safe. An event that is processed again
 * after a failure is counted again.
 */
public final class StreamCounters {
  private static final int MAX_REASONS = 50;
  private static final String OTHER_REASONS = "other reasons";

  private final LongAdder events = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder forecasts = new LongAdder();
  private final LongAdder revisions = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder deletions = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder nonFinite = new LongAdder();
  private final LongAdder roundedIntegers = new LongAdder();
  private final LongAdder incompleteFuture = new LongAdder();
  private final Map<RejectionKind, LongAdder> deadLetters =
      byConstant(RejectionKind.class, LongAdder::new);
  private final Map<StepResult.Reason, LongAdder> dropped =
      byConstant(StepResult.Reason.class, LongAdder::new);
  private final Map<String, LongAdder> rejections = new ConcurrentHashMap<>();
  private final Histogram processing = Histogram.ofProcessing();
  private final Histogram latency = Histogram.ofLatency();
  private final ScoreTotals scores = new ScoreTotals();
  private final AnomalyTotals anomalies = new AnomalyTotals();
  private final Map<Alert.Change, LongAdder> alerts =
      byConstant(Alert.Change.class, LongAdder::new);

  static <K extends Enum<K>, V> Map<K, V> byConstant(Class<K> type, Supplier<V> value) {
    Map<K, V> values = new EnumMap<>(type);
    for (K constant : type.getEnumConstants()) {
      values.put(constant, value.get());
    }
    return values;
  }

  /** Counts events that were deleted before they were processed. */
  public void addExpired(long count) {
    expired.add(count);
  }

  /** Returns the number of events that were deleted before they were processed. */
  public long expired() {
    return expired.sum();
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

  void addRoundedIntegers(long integers) {
    if (integers > 0) {
      roundedIntegers.add(integers);
    }
  }

  void countIncompleteFuture() {
    incompleteFuture.increment();
  }

  /**
   * Counts a dead letter.
   *
   * @param reasons why its values, or the whole record, were rejected, without its content
   */
  void countDeadLetter(RejectionKind kind, Iterable<String> reasons) {
    Objects.requireNonNull(deadLetters.get(kind)).increment();
    for (String reason : reasons) {
      LongAdder count = rejections.get(reason);
      if (count == null) {
        String counted = rejections.size() < MAX_REASONS ? reason : OTHER_REASONS;
        count = rejections.computeIfAbsent(counted, absent -> new LongAdder());
      }
      count.increment();
    }
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

  /** Returns the number of integers beyond ±2^53 that were rounded to a float64. */
  public long roundedIntegers() {
    return roundedIntegers.sum();
  }

  /**
   * Returns the number of observations without all known-future covariates of the serving version.
   */
  public long incompleteFuture() {
    return incompleteFuture.sum();
  }

  /** Returns the number of dead letters; one with several reasons counts for the first. */
  public long deadLetters(RejectionKind kind) {
    return Objects.requireNonNull(deadLetters.get(kind)).sum();
  }

  /** Returns the number of rejected values, or whole records, by reason. */
  public Map<String, Long> rejections() {
    Map<String, Long> counts = new HashMap<>();
    rejections.forEach((reason, count) -> counts.put(reason, count.sum()));
    return counts;
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

  void countAlert(Alert.Change change) {
    Objects.requireNonNull(alerts.get(change)).increment();
  }

  /** Returns the number of alerts that fired. */
  public long firedAlerts() {
    return alerts(Alert.Change.FIRED);
  }

  /** Returns the number of alerts that cleared. */
  public long clearedAlerts() {
    return alerts(Alert.Change.CLEARED);
  }

  private long alerts(Alert.Change change) {
    return Objects.requireNonNull(alerts.get(change)).sum();
  }

  /** Returns the numbers of episodes. */
  public AnomalyTotals anomalies() {
    return anomalies;
  }

  /** Returns the sums of the scores by version. */
  public ScoreTotals scores() {
    return scores;
  }
}
