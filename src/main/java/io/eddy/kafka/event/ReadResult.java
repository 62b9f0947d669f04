package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.InvalidRecordException;

/** Result of reading one record of the events topic with an {@link EventReader}. */
public sealed interface ReadResult {
  /**
   * An event within the limits.
   *
   * @param event has at least one accepted observation or one rejected value
   */
  record Event(DecodedEvent event) implements ReadResult {}

  /** A record that deletes its series. */
  record Deletion(String series) implements ReadResult {}

  /** A record without an observation that is not invalid, such as a deleted row. */
  record Skip() implements ReadResult {}

  /**
   * A record that belongs in the dead-letter topic as a whole.
   *
   * @param cause an {@link InvalidRecordException}, or the failure of the decoder
   */
  record Rejection(Throwable cause) implements ReadResult {
    /** Returns the reason without any content of the record. */
    public String reason() {
      return cause instanceof InvalidRecordException invalid
          ? invalid.reason()
          : "decoding failed with " + cause.getClass().getSimpleName();
    }
  }
}
