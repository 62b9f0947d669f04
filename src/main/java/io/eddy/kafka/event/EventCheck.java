package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a forecaster accepts the events of observations: encodes each and reads it as the
 * forecaster does. Not thread-safe.
 */
public final class EventCheck {
  private final EventEncoder encoder;
  private final EventReader reader;
  private final SeriesTimestampGuards guards;
  private final TimestampGuard guard;

  /**
   * Creates a check.
   *
   * @param topic topic of the events
   */
  public EventCheck(EventMapping mapping, String topic, EventLimits limits, TimestampGuard guard) {
    encoder = new EventEncoder(mapping, topic);
    reader = new EventReader(mapping, limits, NullValues.DEAD_LETTER);
    guards = new SeriesTimestampGuards(guard);
    this.guard = guard;
  }

  /**
   * Returns why a forecaster rejects an observation, or null if it accepts it. The observations of
   * a series are expected in order of time.
   */
  public @Nullable String rejection(Observation observation) {
    if (observation.timestampMs() < 0) {
      return "timestamp: expected 1970 or later, as records of a topic require";
    }
    ReadResult result;
    try {
      result =
          reader.read(
              encoder.key(observation), encoder.encode(observation), observation.timestampMs());
    } catch (IllegalArgumentException | InvalidRecordException e) {
      return String.valueOf(e.getMessage());
    }
    if (result instanceof ReadResult.Rejection rejection) {
      return rejection.reason();
    }
    String reason =
        result instanceof ReadResult.Event read ? difference(observation, read.event()) : null;
    return reason == null && guards.next(observation) == TimestampGuard.Kind.REJECTED
        ? guard.rejectionReason()
        : reason;
  }

  private static @Nullable String difference(Observation written, DecodedEvent event) {
    if (!event.refused().isEmpty()) {
      return event.refused().values().iterator().next();
    }
    Observation read = event.observations().get(0);
    if (!read.series().equals(written.series())) {
      return "the settings of events do not keep the name of the series";
    }
    return read.timestampMs() == written.timestampMs()
        ? null
        : "the settings of events do not keep the time to the millisecond";
  }
}
