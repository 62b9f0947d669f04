package io.eddy.kafka.stream;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.RecordSize;
import io.eddy.series.InvalidRecordException;
import java.util.LinkedHashSet;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards rejected events to the dead letters. */
final class DeadLetterForwarder {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterForwarder.class);

  private final StreamSettings settings;
  private final ProcessorContext<byte[], byte[]> context;
  private final int maxBytes;

  DeadLetterForwarder(StreamSettings settings, ProcessorContext<byte[], byte[]> context) {
    this.settings = settings;
    this.context = context;
    maxBytes = RecordSize.limit(context.appConfigs());
  }

  /** Forwards a record that was rejected as a whole. */
  void forward(Record<byte[], byte[]> record, RecordMetadata source, Throwable reason) {
    forward(deadLetter(record, source, reason));
  }

  /**
   * Forwards an event with rejected observations.
   *
   * @param rejected the reasons, by series; not empty
   */
  void forward(Record<byte[], byte[]> record, RecordMetadata source, Map<String, String> rejected) {
    String reasons = String.join("; ", new LinkedHashSet<>(rejected.values()));
    Record<byte[], byte[]> letter =
        deadLetter(record, source, new InvalidRecordException("%s", reasons));
    forward(
        settings.events().ofSource().hasSeveralValues()
            ? DeadLetters.withRejectedSeries(letter, rejected.keySet())
            : letter);
  }

  private void forward(Record<byte[], byte[]> letter) {
    context.forward(DeadLetters.truncate(letter, maxBytes), ForecastTopology.DEAD_LETTERS);
  }

  private Record<byte[], byte[]> deadLetter(
      Record<byte[], byte[]> record, RecordMetadata source, Throwable reason) {
    // The reason may quote the event and is therefore not logged.
    log.debug(
        "{}-{}@{}: sent to the dead letters", source.topic(), source.partition(), source.offset());
    boolean isRekeyed = settings.topics().keyedEvents() != null;
    return DeadLetters.of(isRekeyed ? EventOrigin.withOriginalKey(record) : record, source, reason);
  }
}
