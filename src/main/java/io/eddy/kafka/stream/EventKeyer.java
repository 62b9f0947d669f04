package io.eddy.kafka.stream;

import io.eddy.admission.EventLimits;
import io.eddy.admission.RejectionKind;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.ReadResult;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Re-keys events by series, for topics whose series is given by fields, so that all events of a
 * series are in one partition. Value and time stay unchanged. Events without a valid observation go
 * to the dead letters.
 */
public final class EventKeyer implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(EventKeyer.class);

  private final EventReader events;
  private final StreamCounters counters;
  private @Nullable ProcessorContext<byte[], byte[]> context;

  EventKeyer(EventMapping mapping, NullValues nullValues, StreamCounters counters) {
    this(new EventReader(mapping, EventLimits.NONE, nullValues), counters);
  }

  public EventKeyer(EventReader events, StreamCounters counters) {
    this.events = events;
    this.counters = counters;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<byte[], byte[]> to = Objects.requireNonNull(context, "not initialized");
    RecordMetadata source = to.recordMetadata().orElseThrow();
    ReadResult read =
        events.read(record.key(), record.value(), record.headers(), record.timestamp());
    if (read instanceof ReadResult.Event event && !event.event().observations().isEmpty()) {
      byte[] key = event.event().key().getBytes(StandardCharsets.UTF_8);
      to.forward(
          EventOrigin.withSeriesKey(record, source, key), ForecastTopology.KEYED_EVENTS_SINK);
      return;
    }
    counters.countEvent();
    if (read instanceof ReadResult.Skip) {
      counters.countSkipped();
      return;
    }
    counters.countDeadLetter(RejectionKind.INVALID);
    log.debug(
        "{}-{}@{}: sent to the dead letters", source.topic(), source.partition(), source.offset());
    to.forward(DeadLetters.of(record, source, cause(read)), ForecastTopology.KEYER_DEAD_LETTERS);
  }

  private static Throwable cause(ReadResult read) {
    return read instanceof ReadResult.Rejection rejection
        ? rejection.cause()
        : new InvalidRecordException(
            "%s", String.join("; ", ((ReadResult.Event) read).event().refused().values()));
  }
}
