package io.eddy.kafka.stream;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.admission.RejectionKind;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.event.RecordSize;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Re-keys events by series, for topics whose series is given by fields, so that all events of a
 * series are in one partition. Value and time stay unchanged, except that each observation of a
 * list becomes an event of its own. Events without a valid observation go to the dead letters.
 */
public final class EventKeyer implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(EventKeyer.class);

  /** Maximum number of invalid elements that a dead letter names. */
  private static final int MAX_NAMED = 100;

  private final EventReader events;

  /** Writes an observation of a list as an event of its own; null if the values are in no list. */
  private final @Nullable EventEncoder encoder;

  private final StreamCounters counters;
  private @Nullable ProcessorContext<byte[], byte[]> context;
  private int maxBytes;

  EventKeyer(EventMapping mapping, NullValues nullValues, StreamCounters counters) {
    this(
        new EventReader(mapping, EventLimits.NONE, nullValues),
        mapping.hasList() ? new EventEncoder(mapping.ofSource(), "") : null,
        counters);
  }

  /**
   * Creates a keyer.
   *
   * @param encoder of the observations of a list; null if the values are in no list
   */
  public EventKeyer(EventReader events, @Nullable EventEncoder encoder, StreamCounters counters) {
    this.events = events;
    this.encoder = encoder;
    this.counters = counters;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    maxBytes = RecordSize.limit(context.appConfigs());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<byte[], byte[]> to = Objects.requireNonNull(context, "not initialized");
    RecordMetadata source = to.recordMetadata().orElseThrow();
    ReadResult read =
        events.read(record.key(), record.value(), record.headers(), record.timestamp());
    if (encoder != null) {
      // The forecaster reads the observations after they were rounded.
      counters.addRoundedIntegers(events.takeRoundedIntegers());
    }
    if (read instanceof ReadResult.Event event && !event.event().observations().isEmpty()) {
      if (encoder == null) {
        forward(record, source, event.event().key());
      } else {
        split(record, source, event.event());
      }
      return;
    }
    counters.countEvent();
    if (read instanceof ReadResult.Skip) {
      counters.countSkipped();
      return;
    }
    counters.countDeadLetter(RejectionKind.INVALID, reasons(read));
    log.debug(
        "{}-{}@{}: sent to the dead letters", source.topic(), source.partition(), source.offset());
    reject(DeadLetters.of(record, source, cause(read)));
  }

  private void reject(Record<byte[], byte[]> letter) {
    Objects.requireNonNull(context)
        .forward(DeadLetters.truncate(letter, maxBytes), ForecastTopology.KEYER_DEAD_LETTERS);
  }

  private void forward(Record<byte[], byte[]> record, RecordMetadata source, String series) {
    Record<byte[], byte[]> keyed =
        EventOrigin.withSeriesKey(record, source, series.getBytes(StandardCharsets.UTF_8));
    long size = RecordSize.of(keyed);
    if (size > maxBytes) {
      InvalidRecordException reason =
          new InvalidRecordException(
              "the event has %s bytes with its key, more than kafka.producer.max.request.size (%s)",
              size, maxBytes);
      counters.countEvent();
      counters.countDeadLetter(RejectionKind.INVALID, List.of(reason.reason()));
      reject(DeadLetters.of(record, source, reason));
      return;
    }
    Objects.requireNonNull(context).forward(keyed, ForecastTopology.KEYED_EVENTS_SINK);
  }

  /** Forwards each observation as an event of its own, and the event if elements are invalid. */
  private void split(Record<byte[], byte[]> record, RecordMetadata source, DecodedEvent event) {
    EventEncoder to = Objects.requireNonNull(encoder);
    for (Observation observation : event.observations()) {
      forward(record.withValue(to.encode(observation)), source, observation.series());
    }
    if (!event.refused().isEmpty()) {
      counters.countDeadLetter(RejectionKind.INVALID, event.refused().values());
      Record<byte[], byte[]> letter =
          DeadLetters.of(record, source, rejection(event.refused().values()));
      reject(
          DeadLetters.withRejectedSeries(
              letter, event.refused().keySet().stream().limit(MAX_NAMED).toList()));
    }
  }

  private static Collection<String> reasons(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection
        ? Set.of(rejection.reason())
        : ((ReadResult.Event) read).event().refused().values();
  }

  private static InvalidRecordException rejection(Collection<String> reasons) {
    return new InvalidRecordException("%s", String.join("; ", new LinkedHashSet<>(reasons)));
  }

  private static Throwable cause(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection
        ? rejection.cause()
        : rejection(((ReadResult.Event) read).event().refused().values());
  }
}
