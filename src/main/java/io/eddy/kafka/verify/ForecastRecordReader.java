package io.eddy.kafka.verify;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the forecasts of one partition whose event is in the same partition. Reports all other
 * records as unexpected.
 */
final class ForecastRecordReader implements Iterator<RecordedForecast> {
  private final Iterator<ConsumerRecord<byte[], byte[]>> records;
  private final String eventsTopic;
  private final PartitionReport report;
  private final ForecastCodec codec;
  private @Nullable RecordedForecast next;

  ForecastRecordReader(
      Iterator<ConsumerRecord<byte[], byte[]>> records,
      StreamSettings stream,
      PartitionReport report) {
    this.records = records;
    eventsTopic = stream.topics().source();
    codec = new ForecastCodec(stream.output(), stream.topics().forecasts());
    this.report = report;
  }

  @Override
  public boolean hasNext() {
    while (next == null && records.hasNext()) {
      next = decode(records.next());
    }
    return next != null;
  }

  @Override
  public RecordedForecast next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RecordedForecast found = Objects.requireNonNull(next);
    next = null;
    return found;
  }

  private @Nullable RecordedForecast decode(ConsumerRecord<byte[], byte[]> record) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    String series = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      report.notAForecast(series, record.timestamp(), position, "null");
      return null;
    }
    try {
      RecordedForecast found =
          new RecordedForecast(position, record.timestamp(), codec.decode(series, record.value()));
      SourcePosition source = found.published().source();
      if (source.topic().equals(eventsTopic) && source.partition() == record.partition()) {
        return found;
      }
      report.unexpected(found, "an event of this partition", source.toString());
    } catch (InvalidRecordException e) {
      report.notAForecast(series, record.timestamp(), position, String.valueOf(e.getMessage()));
    }
    return null;
  }
}
