package io.eddy.stream;

import io.eddy.codec.PublishedForecast;
import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Forecast;

/**
 * A forecast as it was found on the topic.
 *
 * @param position where it stands
 * @param timestampMs of its record: its event's time
 */
record FoundForecast(SourcePosition position, long timestampMs, PublishedForecast published) {
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
