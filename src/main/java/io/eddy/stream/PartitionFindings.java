package io.eddy.stream;

import io.eddy.codec.EventMapping;
import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Forecast;
import io.eddy.series.Observation;
import io.eddy.stream.AuditDifference.Mismatch;
import org.jspecify.annotations.Nullable;

/**
 * What is found in one partition, as far as it was asked for, and what its events' forecasts should
 * be, for those that come to light when their event was passed.
 */
final class PartitionFindings {
  private static final Mismatch OTHER_BITS =
      Mismatch.of("a further forecast", "the same bits", "other bits");

  private final AuditScope scope;
  private final AuditReport.Tally tally;
  private final PartitionAudit.Extent extent;
  private final Fingerprints answered;

  PartitionFindings(
      AuditScope scope,
      AuditReport.Tally tally,
      PartitionAudit.Extent extent,
      EventMapping mapping) {
    this.scope = scope;
    this.tally = tally;
    this.extent = extent;
    answered = new Fingerprints(mapping);
  }

  void count(Observation observation, AuditFigure figure) {
    count(observation.series(), observation.timestampMs(), figure);
  }

  void count(String series, long timestampMs, AuditFigure figure) {
    if (scope.isWithin(series, timestampMs)) {
      tally.count(figure);
    }
  }

  /** A record that is no forecast. */
  void noForecast(String series, long timestampMs, SourcePosition position, String what) {
    if (scope.isWithin(series, timestampMs)) {
      tally.count(AuditFigure.FOUND);
      tally.add(
          new AuditDifference(
              AuditFigure.UNEXPECTED,
              series,
              null,
              position,
              Mismatch.of("record", "a forecast", what)));
    }
  }

  /** A forecast that no event gives. */
  void unexpected(FoundForecast found, String expected, String what) {
    if (scope.isWithin(found.series(), found.timestampMs())) {
      tell(AuditFigure.UNEXPECTED, found, Mismatch.of("forecast", expected, what));
    }
  }

  /** An event whose forecast is missing. */
  void lost(Observation observation, SourcePosition event, Mismatch mismatch) {
    if (scope.isWithin(observation.series(), observation.timestampMs())) {
      tally.add(new AuditDifference(AuditFigure.LOST, observation.series(), event, null, mismatch));
    }
  }

  /** A forecast that is all that its event should give, as far as it was compared. */
  void agreed(Observation event, FoundForecast found, Forecast expected) {
    answered.put(found, expected);
    count(event, AuditFigure.FOUND);
  }

  /** A forecast that is not what its event should give. */
  void differs(Observation event, FoundForecast found, Forecast expected, Mismatch mismatch) {
    answered.put(found, expected);
    if (scope.isWithin(event.series(), event.timestampMs())) {
      tell(AuditFigure.DIFFERENT, found, mismatch);
    }
  }

  /**
   * A forecast of an event that already has one.
   *
   * @param mismatch with what the event should give; null where none is known
   */
  void further(Observation event, FoundForecast found, @Nullable Mismatch mismatch) {
    if (!scope.isWithin(event.series(), event.timestampMs())) {
      return;
    }
    if (answered.compare(found) == Fingerprints.Result.SAME) {
      duplicated(found);
    } else {
      tell(AuditFigure.DIFFERENT, found, mismatch == null ? OTHER_BITS : mismatch);
    }
  }

  /** A forecast of an event that was passed, or that is not there. */
  void behind(FoundForecast found) {
    long offset = found.sourceOffset();
    if (!scope.isWithin(found.series(), found.timestampMs()) || isStillToBeProcessed(offset)) {
      return;
    }
    if (offset < extent.begin()) {
      tally.count(AuditFigure.FOUND);
      tally.count(AuditFigure.EVENT_DELETED);
      return;
    }
    switch (answered.compare(found)) {
      case NONE -> unexpected(found, "none", "one");
      case OTHER -> tell(AuditFigure.DIFFERENT, found, OTHER_BITS);
      case SAME, FORGOTTEN -> duplicated(found);
    }
  }

  private boolean isStillToBeProcessed(long offset) {
    return offset >= extent.processed() && offset < extent.end();
  }

  private void duplicated(FoundForecast found) {
    tell(AuditFigure.DUPLICATED, found, Mismatch.of("forecasts", "one", "a further one"));
  }

  private void tell(AuditFigure kind, FoundForecast found, Mismatch mismatch) {
    tally.count(AuditFigure.FOUND);
    tally.add(
        new AuditDifference(
            kind, found.series(), found.published().source(), found.position(), mismatch));
  }
}
