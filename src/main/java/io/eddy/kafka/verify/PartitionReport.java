package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is found in one partition, as far as it was asked for, and what its events' forecasts should
 * be, for those that come to light when their event was passed.
 */
final class PartitionReport {
  private static final Mismatch OTHER_BITS =
      Mismatch.of("a further forecast", "the same bits", "other bits");

  private final VerifyScope scope;
  private final VerifyReport.Tally tally;
  private final PartitionVerifier.Extent extent;
  private final ForecastFingerprints answered;

  PartitionReport(
      VerifyScope scope,
      VerifyReport.Tally tally,
      PartitionVerifier.Extent extent,
      EventMapping mapping) {
    this.scope = scope;
    this.tally = tally;
    this.extent = extent;
    answered = new ForecastFingerprints(mapping);
  }

  void count(Observation observation, VerifyCount figure) {
    count(observation.series(), observation.timestampMs(), figure);
  }

  void count(String series, long timestampMs, VerifyCount figure) {
    if (scope.isWithin(series, timestampMs)) {
      tally.count(figure);
    }
  }

  /** A record that is no forecast. */
  void noForecast(String series, long timestampMs, SourcePosition position, String what) {
    if (scope.isWithin(series, timestampMs)) {
      tally.count(VerifyCount.FOUND);
      tally.add(
          new VerifyDifference(
              VerifyCount.UNEXPECTED,
              series,
              null,
              position,
              Mismatch.of("record", "a forecast", what)));
    }
  }

  /** A forecast that no event gives. */
  void unexpected(RecordedForecast found, String expected, String what) {
    if (scope.isWithin(found.series(), found.timestampMs())) {
      tell(VerifyCount.UNEXPECTED, found, Mismatch.of("forecast", expected, what));
    }
  }

  /** An event whose forecast is missing. */
  void lost(Observation observation, SourcePosition event, Mismatch mismatch) {
    if (scope.isWithin(observation.series(), observation.timestampMs())) {
      tally.add(
          new VerifyDifference(VerifyCount.LOST, observation.series(), event, null, mismatch));
    }
  }

  /** A forecast that is all that its event should give, as far as it was compared. */
  void agreed(Observation event, RecordedForecast found, Forecast expected) {
    answered.put(found, expected);
    count(event, VerifyCount.FOUND);
  }

  /** A forecast that is not what its event should give. */
  void differs(Observation event, RecordedForecast found, Forecast expected, Mismatch mismatch) {
    answered.put(found, expected);
    if (scope.isWithin(event.series(), event.timestampMs())) {
      tell(VerifyCount.DIFFERENT, found, mismatch);
    }
  }

  /**
   * A forecast of an event that already has one.
   *
   * @param mismatch with what the event should give; null where none is known
   */
  void further(Observation event, RecordedForecast found, @Nullable Mismatch mismatch) {
    if (!scope.isWithin(event.series(), event.timestampMs())) {
      return;
    }
    if (answered.compare(found) == ForecastFingerprints.Result.SAME) {
      duplicated(found);
    } else {
      tell(VerifyCount.DIFFERENT, found, mismatch == null ? OTHER_BITS : mismatch);
    }
  }

  /** A forecast of an event that was passed, or that is not there. */
  void behind(RecordedForecast found) {
    long offset = found.sourceOffset();
    if (!scope.isWithin(found.series(), found.timestampMs()) || isStillToBeProcessed(offset)) {
      return;
    }
    if (offset < extent.begin()) {
      tally.count(VerifyCount.FOUND);
      tally.count(VerifyCount.EVENT_DELETED);
      return;
    }
    switch (answered.compare(found)) {
      case NONE -> unexpected(found, "none", "one");
      case OTHER -> tell(VerifyCount.DIFFERENT, found, OTHER_BITS);
      case SAME, FORGOTTEN -> duplicated(found);
    }
  }

  private boolean isStillToBeProcessed(long offset) {
    return offset >= extent.processed() && offset < extent.end();
  }

  private void duplicated(RecordedForecast found) {
    tell(VerifyCount.DUPLICATED, found, Mismatch.of("forecasts", "one", "a further one"));
  }

  private void tell(VerifyCount kind, RecordedForecast found, Mismatch mismatch) {
    tally.count(VerifyCount.FOUND);
    tally.add(
        new VerifyDifference(
            kind, found.series(), found.published().source(), found.position(), mismatch));
  }
}
