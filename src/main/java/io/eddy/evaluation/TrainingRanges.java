package io.eddy.evaluation;

import io.eddy.model.TrainingRun;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TimeSplit;
import java.time.Instant;
import java.util.Collection;

/** Converts the parts of a data set from steps to times. */
final class TrainingRanges {
  private TrainingRanges() {}

  static TrainingRun.Ranges of(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    TimeSplit.Span span = TimeSplit.span(series);
    return new TrainingRun.Ranges(
        time(sampling, span.first()),
        time(sampling, split.trainEnd()),
        time(sampling, split.validationEnd()),
        time(sampling, span.end()));
  }

  private static Instant time(Sampling sampling, long step) {
    return Instant.ofEpochMilli(sampling.startMs(step));
  }
}
