package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.topics.PartitionRecords;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds events from which a replay of a partition may begin, so that the states are exact at a
 * later time. A state is a function of the last W steps before the last change of its version, and
 * of all steps since, so the replay must begin W steps before that change.
 *
 * <p>Forecasts are written in the order of their events, with their event's time as timestamp. The
 * index of the forecasts topic by time leads to the first of them; the rest of the way is read.
 */
final class HistorySearch {
  /** A later start is worth a failed attempt if it saves this share of the records. */
  private static final double MIN_SAVED = 0.25;

  private static final int GROWTH = 4;
  private static final int MIN_FORECASTS = 64;
  private static final int MAX_UNREADABLE = 100;

  private final TopicReader reader;
  private final ForecastCodec codec;
  private final TopicPartition forecasts;
  private final long begin;
  private final long end;

  /**
   * A place to begin.
   *
   * @param forecast offset of the first forecast to read
   * @param event offset of the first event to replay, whose forecast is not before {@code forecast}
   */
  record Start(long forecast, long event) {}

  /** A forecast and the offset of its record. */
  private record Found(long offset, PublishedForecast published) {
    Forecast.Origin origin() {
      return published.forecast().origin();
    }
  }

  /**
   * Creates a search.
   *
   * @param begin offset of the first forecast
   * @param end offset after the last forecast
   */
  HistorySearch(
      TopicReader reader, StreamSettings stream, TopicPartition forecasts, long begin, long end) {
    this.reader = reader;
    codec = new ForecastCodec(stream.output(), stream.topics().forecasts());
    this.forecasts = forecasts;
    this.begin = begin;
    this.end = end;
  }

  /**
   * Returns places to begin, the latest one first; empty if only the beginning is of use.
   *
   * @param fromMs first time of an event to compare, epoch milliseconds
   */
  List<Start> starts(long fromMs) {
    if (begin >= end) {
      return List.of();
    }
    long first = Math.min(offsetOf(fromMs), end);
    Found last = first <= begin ? null : find(Math.max(begin, first - 1));
    if (last == null) {
      return List.of();
    }
    Found change = changeBefore(first, last.origin().served().epoch());
    if (change == null) {
      // The version has not changed: the state depends on all events.
      return List.of();
    }
    List<Start> starts = new ArrayList<>();
    long offset = Math.min(offsetOf(contextBeginMs(change)), change.offset()) - 1;
    while (offset - begin > MIN_SAVED * (first - begin)) {
      Found found = find(offset);
      if (found != null && found.offset() < first) {
        starts.add(new Start(found.offset(), found.published().source().offset() + 1));
      }
      offset = first - GROWTH * Math.max(MIN_FORECASTS, first - offset);
    }
    return starts;
  }

  /** Returns the time at which the steps begin that the state after a change depends on. */
  private static long contextBeginMs(Found change) {
    Forecast.Origin origin = change.origin();
    int steps = Math.max(1, origin.quality().contextSteps());
    // Steps that are open at the change, and events out of order.
    return origin.interval().plusSteps(origin.timestampMs(), -(steps + 2L + steps / 8));
  }

  /** Returns the first forecast of an epoch; null if that is the first one of the topic. */
  private @Nullable Found changeBefore(long last, long epoch) {
    long low = begin;
    long high = last;
    Found change = null;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Found found = find(middle);
      if (found == null || found.origin().served().epoch() >= epoch) {
        high = middle;
        change = found == null ? change : found;
      } else {
        low = middle + 1;
      }
    }
    return low == begin ? null : change;
  }

  /** Returns the offset of the first forecast of a time or a later one. */
  private long offsetOf(long timeMs) {
    long first = reader.offsetsForTime(Set.of(forecasts), timeMs).getOrDefault(forecasts, end);
    if (first >= end) {
      return end;
    }
    // The index also has the markers of transactions, which have the time of the broker.
    try (PartitionRecords records = reader.open(forecasts, first, end)) {
      while (records.hasNext()) {
        ConsumerRecord<byte[], byte[]> next = records.next();
        if (next.timestamp() >= timeMs) {
          return next.offset();
        }
      }
      return end;
    }
  }

  /** Returns the first readable forecast from an offset on; null if none is near. */
  private @Nullable Found find(long offset) {
    try (PartitionRecords records = reader.open(forecasts, offset, end)) {
      for (int read = 0; read < MAX_UNREADABLE && records.hasNext(); read++) {
        Found found = decode(records.next());
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }

  private @Nullable Found decode(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return null;
    }
    try {
      String series = new String(record.key(), StandardCharsets.UTF_8);
      return new Found(record.offset(), codec.decode(series, record.value()));
    } catch (InvalidRecordException e) {
      return null;
    }
  }
}
