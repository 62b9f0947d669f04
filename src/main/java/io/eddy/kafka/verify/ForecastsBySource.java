package io.eddy.kafka.verify;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The forecasts of a partition, handed out by the event that gave them. They stand in the order of
 * their events, so looking a little ahead suffices; what stands elsewhere comes to light too.
 */
final class ForecastsBySource {
  private final Iterator<RecordedForecast> forecasts;
  private final int reach;
  private final NavigableMap<Long, List<RecordedForecast>> waiting = new TreeMap<>();
  private int size;

  /**
   * Forecasts.
   *
   * @param forecasts in the order of the topic
   * @param reach how many wait at a time
   */
  ForecastsBySource(Iterator<RecordedForecast> forecasts, int reach) {
    this.forecasts = forecasts;
    this.reach = reach;
    fill();
  }

  /**
   * Takes the forecasts of the event at {@code offset}.
   *
   * @param behind is given those of events before it that nothing took
   */
  List<RecordedForecast> take(long offset, Consumer<RecordedForecast> behind) {
    passOver(offset, behind);
    List<RecordedForecast> found = waiting.remove(offset);
    size -= found == null ? 0 : found.size();
    fill();
    return found == null ? List.of() : found;
  }

  /** Hands over what is left. */
  void drain(Consumer<RecordedForecast> rest) {
    while (!waiting.isEmpty()) {
      passFirst(rest);
    }
  }

  /** The next few that wait, by the order of their events. */
  List<RecordedForecast> next(int count) {
    List<RecordedForecast> next = new ArrayList<>(Math.min(count, size));
    for (List<RecordedForecast> one : waiting.values()) {
      if (next.size() >= count) {
        break;
      }
      next.addAll(one);
    }
    return next;
  }

  /** Offset of the first event that has a forecast; null where none waits. */
  @Nullable Long firstSource() {
    return waiting.isEmpty() ? null : waiting.firstKey();
  }

  private void passOver(long offset, Consumer<RecordedForecast> behind) {
    while (!waiting.isEmpty() && waiting.firstKey() < offset) {
      passFirst(behind);
    }
  }

  private void passFirst(Consumer<RecordedForecast> sink) {
    List<RecordedForecast> passed = waiting.pollFirstEntry().getValue();
    size -= passed.size();
    passed.forEach(sink);
    fill();
  }

  private void fill() {
    while (size < reach && forecasts.hasNext()) {
      RecordedForecast found = forecasts.next();
      waiting.computeIfAbsent(found.sourceOffset(), offset -> new ArrayList<>(1)).add(found);
      size++;
    }
  }
}
