package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;

/**
 * A forecast read from the forecasts topic.
 *
 * @param position of the forecast's record
 * @param timestampMs of the forecast's record, which is its event's time
 */
record RecordedForecast(SourcePosition position, long timestampMs, PublishedForecast published) {
  Forecast forecast() {
    return published.forecast();
  }

  String series() {
    return forecast().origin().series();
  }

  Forecast.Served served() {
    return forecast().origin().served();
  }

  long sourceOffset() {
    return published.source().offset();
  }
}
