package io.eddy.kafka.verify;

import io.eddy.kafka.record.PublishedAlert;
import io.eddy.kafka.record.SourcePosition;

/**
 * An alert read from the alerts topic.
 *
 * @param position of the alert's record
 * @param timestampMs of the alert's record, which is its event's time
 */
record RecordedAlert(SourcePosition position, long timestampMs, PublishedAlert published) {
  String series() {
    return published.alert().origin().series();
  }

  long sourceOffset() {
    return published.source().offset();
  }
}
