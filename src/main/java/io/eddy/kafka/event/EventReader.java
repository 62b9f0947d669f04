package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.TimestampCounts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final EventDecoder decoder;
  private final Decoding decoding;
  private final EventLimits limits;
  private final NullValues nullValues;

  /** Decodes the value of a record, as {@link EventDecoder#decode} does. */
  @FunctionalInterface
  interface Decoding {
    DecodedEvent decode(byte @Nullable [] key, byte[] value, Headers headers, long timestampMs);
  }

  /**
   * Creates a reader.
   *
   * @param nullValues treatment of records without a value; {@link NullValues#DELETE} requires the
   *     record's key to name a single series, and otherwise counts as {@link
   *     NullValues#DEAD_LETTER}
   */
  public EventReader(EventMapping mapping, EventLimits limits, NullValues nullValues) {
    decoder = new EventDecoder(mapping);
    decoding = decoder::decode;
    this.limits = limits;
    boolean namesSeries = !mapping.isRekeyed() && !mapping.hasSeveralValues();
    this.nullValues =
        nullValues == NullValues.DELETE && !namesSeries ? NullValues.DEAD_LETTER : nullValues;
  }

  /** Creates a reader for tests, with another decoder of values. */
  EventReader(Decoding decoding) {
    decoder = new EventDecoder(EventMapping.defaults(EventFormat.JSON, List.of()));
    this.decoding = decoding;
    limits = EventLimits.NONE;
    nullValues = NullValues.DEAD_LETTER;
  }

  /** Returns the counts of the timestamps that were read from fields so far. */
  public TimestampCounts timestampCounts() {
    return decoder.timestampCounts();
  }

  /**
   * Returns how many integers beyond ±2^53 of the last event were rounded to a float64, and resets
   * the number; see {@link io.eddy.series.RoundedIntegers}.
   */
  public long takeRoundedIntegers() {
    return decoder.takeRoundedIntegers();
  }

  /** Returns the series that a record's key names; the key as text if it names none. */
  public String series(byte @Nullable [] key) {
    try {
      return decoder.series(key);
    } catch (InvalidRecordException e) {
      return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }
  }

  /** Reads a consumed record. */
  public ReadResult read(ConsumerRecord<byte[], byte[]> record) {
    return read(record.key(), record.value(), record.headers(), record.timestamp());
  }

  /** Reads a record without headers, as {@link #read(byte[], byte[], Headers, long)} does. */
  public ReadResult read(byte @Nullable [] key, byte @Nullable [] value, long recordTimestampMs) {
    return read(key, value, NO_HEADERS, recordTimestampMs);
  }

  /**
   * Reads a record.
   *
   * @param recordTimestampMs the record's timestamp; a negative one, which Kafka uses for "none",
   *     counts as 0
   */
  public ReadResult read(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers, long recordTimestampMs) {
    long timestampMs = Math.max(0, recordTimestampMs);
    try {
      if (value == null) {
        return ofNull(key);
      }
      DecodedEvent event = decoding.decode(key, value, headers, timestampMs);
      return event.equals(DecodedEvent.NONE)
          ? ofDeletedRow(key)
          : new ReadResult.Event(limits.within(event, timestampMs));
    } catch (RuntimeException | Error e) {
      if (DeadLetters.isRecordFault(e)) {
        return new ReadResult.Rejection(e);
      }
      throw e;
    }
  }

  private ReadResult ofNull(byte @Nullable [] key) {
    if (nullValues == NullValues.DEAD_LETTER) {
      throw new InvalidRecordException(
          "value is null: expected an event; events.null-values = skip or delete accepts it");
    }
    return ofDeletedRow(key);
  }

  private ReadResult ofDeletedRow(byte @Nullable [] key) {
    return nullValues == NullValues.DELETE
        ? new ReadResult.Deletion(decoder.series(key))
        : new ReadResult.Skip();
  }
}
