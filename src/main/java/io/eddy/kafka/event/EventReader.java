package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of the events topic: decodes them, applies the limits on values and timestamps, and
 * recognizes deletions. The forecaster and all commands that read events use this class, so they
 * accept and reject the same records.
 *
 * <p>A failure that concerns only the record is returned as a {@link ReadResult.Rejection}. Any
 * other failure, such as an unavailable schema registry, is thrown. Not thread-safe.
 */
public final class EventReader {
  private final EventDecoder decoder;
  private final Decoding decoding;
  private final EventLimits limits;
  private final boolean nullDeletes;

  /** Decodes the value of a record, as {@link EventDecoder#decode} does. */
  @FunctionalInterface
  interface Decoding {
    DecodedEvent decode(byte @Nullable [] key, byte @Nullable [] value, long timestampMs);
  }

  /**
   * Creates a reader.
   *
   * @param nullDeletes whether a record without a value deletes the series that its key names;
   *     otherwise such a record is rejected
   */
  public EventReader(EventMapping mapping, EventLimits limits, boolean nullDeletes) {
    decoder = new EventDecoder(mapping);
    decoding = decoder::decode;
    this.limits = limits;
    this.nullDeletes = nullDeletes && mapping.key().isRecordKey() && !mapping.hasSeveralValues();
  }

  /** Creates a reader for tests, with another decoder of values. */
  EventReader(Decoding decoding) {
    decoder = new EventDecoder(EventMapping.defaults(EventFormat.JSON, List.of()));
    this.decoding = decoding;
    limits = EventLimits.NONE;
    nullDeletes = false;
  }

  /** Reads a consumed record. */
  public ReadResult read(ConsumerRecord<byte[], byte[]> record) {
    return read(record.key(), record.value(), record.timestamp());
  }

  /**
   * Reads a record.
   *
   * @param recordTimestampMs the record's timestamp; a negative one, which Kafka uses for "none",
   *     counts as 0
   */
  public ReadResult read(byte @Nullable [] key, byte @Nullable [] value, long recordTimestampMs) {
    long timestampMs = Math.max(0, recordTimestampMs);
    try {
      return value == null && nullDeletes
          ? new ReadResult.Deletion(decoder.series(key))
          : new ReadResult.Event(
              limits.within(decoding.decode(key, value, timestampMs), timestampMs));
    } catch (RuntimeException | Error e) {
      if (DeadLetters.isRecordFault(e)) {
        return new ReadResult.Rejection(e);
      }
      throw e;
    }
  }
}
