package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Reports the results of one partition within the scope, and classifies forecasts that appear far
 * behind their event.
 */
final class PartitionReport {
  private static final Mismatch OTHER_BITS =
      Mismatch.of("repeated forecast", "the same bits", "other bits");

  private final VerifyScope scope;
  private final VerifyReport.Builder builder;
  private final PartitionVerifier.Offsets offsets;
  private final ForecastFingerprints fingerprints;

  /** Offset of the last deleted event with a forecast; -1 for none. */
  private long lastDeleted = -1;

  PartitionReport(
      VerifyScope scope,
      VerifyReport.Builder builder,
      PartitionVerifier.Offsets offsets,
      EventMapping mapping) {
    this.scope = scope;
    this.builder = builder;
    this.offsets = offsets;
    fingerprints = new ForecastFingerprints(mapping);
  }

  /**
   * Reports a difference of an anomaly.
   *
   * @param timestampMs of its record
   */
  void anomaly(VerifyDifference difference, long timestampMs) {
    if (scope.contains(difference.series(), timestampMs)) {
      builder.add(difference);
    }
  }

  void count(Observation observation, VerifyCount count) {
    count(observation.series(), observation.timestampMs(), count);
  }

  void count(String series, long timestampMs, VerifyCount count) {
    if (scope.contains(series, timestampMs)) {
      builder.count(count);
    }
  }

  /** Reports a record that is not a forecast. */
  void notAForecast(String series, long timestampMs, SourcePosition position, String found) {
    if (scope.contains(series, timestampMs)) {
      builder.count(VerifyCount.FOUND);
      builder.add(
          new VerifyDifference(
              VerifyCount.UNEXPECTED,
              series,
              null,
              position,
              Mismatch.of("record", "a forecast", found)));
    }
  }

  /** Reports a record that is not an alert. */
  void notAnAlert(String series, long timestampMs, SourcePosition position, String found) {
    if (scope.contains(series, timestampMs)) {
      builder.add(
          new VerifyDifference(
              VerifyCount.UNEXPECTED,
              series,
              null,
              position,
              Mismatch.of("record", "an alert", found)));
    }
  }

  /** Reports an alert that no event produces. */
  void unexpected(RecordedAlert alert, Mismatch mismatch) {
    addDifference(VerifyCount.UNEXPECTED, alert, mismatch);
  }

  /** Reports an alert that an event produces, and how it differs; null if it does not. */
  void compared(RecordedAlert alert, @Nullable Mismatch mismatch) {
    if (mismatch != null) {
      addDifference(VerifyCount.DIFFERENT, alert, mismatch);
    } else if (scope.contains(alert.series(), alert.timestampMs())) {
      builder.count(VerifyCount.ALERTS);
    }
  }

  /** Reports an alert that other rules than the present ones gave. */
  void ofOtherRules(RecordedAlert alert) {
    if (scope.contains(alert.series(), alert.timestampMs())) {
      builder.count(VerifyCount.ALERTS_OF_OTHER_RULES);
    }
  }

  /** Reports an alert that the present rules give at an event at which others were in force. */
  void beforeRules(String series, Alert alert) {
    if (scope.contains(series, alert.origin().timestampMs())) {
      builder.count(VerifyCount.ALERTS_BEFORE_RULES);
    }
  }

  /** Reports an alert that is missing. */
  void lost(String series, Alert alert, SourcePosition event) {
    if (scope.contains(series, alert.origin().timestampMs())) {
      builder.add(
          new VerifyDifference(
              VerifyCount.LOST,
              series,
              event,
              null,
              Mismatch.of("alert", alert.rule().name() + " " + alert.change(), "none")));
    }
  }

  private void addDifference(VerifyCount kind, RecordedAlert alert, Mismatch mismatch) {
    if (scope.contains(alert.series(), alert.timestampMs())) {
      builder.add(
          new VerifyDifference(
              kind, alert.series(), alert.published().source(), alert.position(), mismatch));
    }
  }

  /** Reports a forecast that no event produces. */
  void unexpected(RecordedForecast forecast, String expected, String found) {
    if (scope.contains(forecast.series(), forecast.timestampMs())) {
      addDifference(VerifyCount.UNEXPECTED, forecast, Mismatch.of("forecast", expected, found));
    }
  }

  /** Reports an event whose forecast is missing. */
  void lost(Observation observation, SourcePosition event, Mismatch mismatch) {
    if (scope.contains(observation.series(), observation.timestampMs())) {
      builder.add(
          new VerifyDifference(VerifyCount.LOST, observation.series(), event, null, mismatch));
    }
  }

  /** Returns whether something is lost, duplicated, unexpected or different. */
  boolean hasFaults() {
    return builder.hasFaults();
  }

  /** Returns whether an observation is within the scope. */
  boolean contains(Observation observation) {
    return scope.contains(observation.series(), observation.timestampMs());
  }

  /** Counts events whose forecast is missing. */
  void countLost(long count) {
    builder.count(VerifyCount.LOST, count);
  }

  /**
   * Counts the events that were deleted between the last event with a forecast and the first one
   * that is retained. Their offsets may include those of transactions.
   */
  void countExpired() {
    if (lastDeleted >= 0 && lastDeleted + 1 < offsets.begin() && scope.isEverything()) {
      builder.addExpired(
          new VerifyReport.Expired(offsets.partition(), lastDeleted + 1, offsets.begin() - 1));
    }
  }

  /** Reports a forecast without a mismatch in the fields that were compared. */
  void matched(Observation event, RecordedForecast found, Forecast expected) {
    fingerprints.add(found, expected);
    count(event, VerifyCount.FOUND);
  }

  /** Reports a forecast that differs from the expected one. */
  void different(Observation event, RecordedForecast found, Forecast expected, Mismatch mismatch) {
    fingerprints.add(found, expected);
    if (scope.contains(event.series(), event.timestampMs())) {
      addDifference(VerifyCount.DIFFERENT, found, mismatch);
    }
  }

  /**
   * Reports a further forecast of an event.
   *
   * @param mismatch with the expected forecast; null if that is unknown
   */
  void repeated(Observation event, RecordedForecast found, @Nullable Mismatch mismatch) {
    if (!scope.contains(event.series(), event.timestampMs())) {
      return;
    }
    if (fingerprints.compare(found) == ForecastFingerprints.Result.SAME) {
      addDuplicate(found);
    } else {
      addDifference(VerifyCount.DIFFERENT, found, mismatch == null ? OTHER_BITS : mismatch);
    }
  }

  /** Reports a forecast whose event was already passed or does not exist. */
  void unclaimed(RecordedForecast found) {
    long offset = found.sourceOffset();
    if (offset < offsets.begin()) {
      lastDeleted = Math.max(lastDeleted, offset);
    }
    if (!scope.contains(found.series(), found.timestampMs()) || isUnprocessed(offset)) {
      return;
    }
    if (offset < offsets.begin() && offsets.start() == PartitionVerifier.Start.CHOSEN) {
      unexpected(found, "none of an event before the first one read", "one");
      return;
    }
    if (offset < offsets.begin()) {
      builder.count(VerifyCount.FOUND);
      builder.count(VerifyCount.EVENT_DELETED);
      return;
    }
    switch (fingerprints.compare(found)) {
      case NONE -> unexpected(found, "none", "one");
      case OTHER -> addDifference(VerifyCount.DIFFERENT, found, OTHER_BITS);
      case SAME, EVICTED -> addDuplicate(found);
    }
  }

  private boolean isUnprocessed(long offset) {
    return offset >= offsets.processed() && offset < offsets.end();
  }

  private void addDuplicate(RecordedForecast found) {
    addDifference(VerifyCount.DUPLICATED, found, Mismatch.of("forecasts", "one", "a repeated one"));
  }

  private void addDifference(VerifyCount kind, RecordedForecast found, Mismatch mismatch) {
    builder.count(VerifyCount.FOUND);
    builder.add(
        new VerifyDifference(
            kind, found.series(), found.published().source(), found.position(), mismatch));
  }
}
