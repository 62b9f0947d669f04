package io.eddy.kafka.verify;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The forecasts of a partition, by the offset of their event. Forecasts are written in the order of
 * their events, so a bounded lookahead finds them; forecasts outside it are passed to a sink.
 */
final class ForecastsBySource {
  private final Iterator<RecordedForecast> forecasts;
  private final int lookahead;
  private final NavigableMap<Long, List<RecordedForecast>> buffered = new TreeMap<>();
  private int size;

  /**
   * Creates the view and fills its buffer.
   *
   * @param forecasts in the order of the topic
   * @param lookahead maximum number of forecasts to buffer
   */
  ForecastsBySource(Iterator<RecordedForecast> forecasts, int lookahead) {
    this.forecasts = forecasts;
    this.lookahead = lookahead;
    fill();
  }

  /**
   * Removes and returns the forecasts of the event at {@code offset}.
   *
   * @param unclaimed receives the forecasts of earlier events that were not taken
   */
  List<RecordedForecast> take(long offset, Consumer<RecordedForecast> unclaimed) {
    skipTo(offset, unclaimed);
    List<RecordedForecast> found = buffered.remove(offset);
    size -= found == null ? 0 : found.size();
    fill();
    return found == null ? List.of() : found;
  }

  /** Passes all remaining forecasts to {@code sink}. */
  void drain(Consumer<RecordedForecast> sink) {
    while (!buffered.isEmpty()) {
      removeFirst(sink);
    }
  }

  /** Returns up to {@code count} buffered forecasts, in the order of their events. */
  List<RecordedForecast> peek(int count) {
    List<RecordedForecast> next = new ArrayList<>(Math.min(count, size));
    for (List<RecordedForecast> ofEvent : buffered.values()) {
      if (next.size() >= count) {
        break;
      }
      next.addAll(ofEvent);
    }
    return next;
  }

  /** Returns the offset of the first event with a forecast; null if none is buffered. */
  @Nullable Long firstSource() {
    return buffered.isEmpty() ? null : buffered.firstKey();
  }

  private void skipTo(long offset, Consumer<RecordedForecast> unclaimed) {
    while (!buffered.isEmpty() && buffered.firstKey() < offset) {
      removeFirst(unclaimed);
    }
  }

  private void removeFirst(Consumer<RecordedForecast> sink) {
    List<RecordedForecast> first = buffered.pollFirstEntry().getValue();
    size -= first.size();
    first.forEach(sink);
    fill();
  }

  private void fill() {
    while (size < lookahead && forecasts.hasNext()) {
      RecordedForecast found = forecasts.next();
      buffered.computeIfAbsent(found.sourceOffset(), offset -> new ArrayList<>(1)).add(found);
      size++;
    }
  }
}
