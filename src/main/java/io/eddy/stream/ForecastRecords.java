package io.eddy.stream;

import io.eddy.codec.ForecastCodec;
import io.eddy.codec.InvalidRecordException;
import io.eddy.codec.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of a partition of the forecasts topic that can be held against an event of the same
 * partition. What is none is told of at once.
 */
final class ForecastRecords implements Iterator<FoundForecast> {
  private final Iterator<ConsumerRecord<byte[], byte[]>> records;
  private final String events;
  private final PartitionFindings findings;
  private final ForecastCodec codec;
  private @Nullable FoundForecast next;

  /**
   * Forecasts in the order of the topic.
   *
   * @param stream of which they are
   */
  ForecastRecords(
      Iterator<ConsumerRecord<byte[], byte[]>> records,
      StreamSettings stream,
      PartitionFindings findings) {
    this.records = records;
    events = stream.topics().source();
    codec = new ForecastCodec(stream.output(), stream.topics().forecasts());
    this.findings = findings;
  }

  @Override
  public boolean hasNext() {
    while (next == null && records.hasNext()) {
      next = decode(records.next());
    }
    return next != null;
  }

  @Override
  public FoundForecast next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    FoundForecast found = Objects.requireNonNull(next);
    next = null;
    return found;
  }

  private @Nullable FoundForecast decode(ConsumerRecord<byte[], byte[]> record) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    String series = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      findings.noForecast(series, record.timestamp(), position, "null");
      return null;
    }
    try {
      FoundForecast found =
          new FoundForecast(position, record.timestamp(), codec.decode(series, record.value()));
      SourcePosition source = found.published().source();
      if (source.topic().equals(events) && source.partition() == record.partition()) {
        return found;
      }
      findings.unexpected(found, "an event of this partition", source.toString());
    } catch (InvalidRecordException e) {
      findings.noForecast(series, record.timestamp(), position, String.valueOf(e.getMessage()));
    }
    return null;
  }
}
