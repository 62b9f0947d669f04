package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import java.time.Instant;

/** The fields of an origin's interval in Avro records. */
final class OriginCodec {
  private OriginCodec() {}

  /** Returns the start of a step ahead. */
  static Instant time(Forecast.Origin origin, int step) {
    return Instant.ofEpochMilli(origin.interval().plusSteps(origin.timestampMs(), step));
  }

  /**
   * Returns the interval.
   *
   * @param text its text form
   * @param fixedMs its length; 0 if the steps differ in length
   * @throws InvalidRecordException if the fields are not those of an interval
   */
  static Interval interval(String text, long fixedMs) {
    try {
      return fixedMs > 0 ? Interval.ofMillis(fixedMs) : Interval.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("field interval: expected the text form of an interval")
          .because(e.getMessage());
    }
  }
}
