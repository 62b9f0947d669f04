package io.eddy.dataset;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Replays a data set without an end: all observations once, then its last whole weeks again and
 * again, with timestamps that continue. A data set shorter than a week repeats its last whole days,
 * and one shorter than a day is repeated as a whole, so that seasons continue in phase.
 */
public final class RepeatedObservations implements ObservationSource {
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final List<Observation> observations = new ArrayList<>();

  /** Index of the first observation that is repeated. */
  private final int loopStart;

  private final long periodMs;
  private long shiftMs;
  private int index;

  /**
   * Creates a source.
   *
   * @param interval time between two observations of a series
   * @param firstMs time from which it replays, epoch milliseconds
   * @throws IllegalArgumentException if there are no observations
   */
  public RepeatedObservations(List<SeriesData> series, Duration interval, long firstMs) {
    series.forEach(data -> observations.addAll(data.observations()));
    if (observations.isEmpty()) {
      throw new IllegalArgumentException("no observations to replay");
    }
    observations.sort(Comparator.comparingLong(Observation::timestampMs));
    long lastMs = observations.get(observations.size() - 1).timestampMs();
    long spanMs = lastMs - observations.get(0).timestampMs() + interval.toMillis();
    periodMs = wholePeriods(spanMs);
    loopStart = firstAfter(lastMs - periodMs);
    seek(firstMs, lastMs);
  }

  private static long wholePeriods(long spanMs) {
    long unitMs = spanMs >= 7 * DAY_MS ? 7 * DAY_MS : spanMs >= DAY_MS ? DAY_MS : spanMs;
    return spanMs / unitMs * unitMs;
  }

  private void seek(long firstMs, long lastMs) {
    if (firstMs > lastMs) {
      shiftMs = (firstMs - lastMs + periodMs - 1) / periodMs * periodMs;
    }
    index = firstAfter(firstMs - shiftMs - 1);
  }

  /** Returns the index of the first observation after a time. */
  private int firstAfter(long timeMs) {
    int low = 0;
    int high = observations.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (observations.get(middle).timestampMs() > timeMs) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public long nextMs() {
    return observations.get(index).timestampMs() + shiftMs;
  }

  @Override
  public List<Observation> next() {
    long timeMs = nextMs();
    List<Observation> step = new ArrayList<>();
    while (nextMs() == timeMs) {
      step.add(observations.get(index).withTimestampMs(timeMs));
      advance();
    }
    return step;
  }

  private void advance() {
    index++;
    if (index == observations.size()) {
      index = loopStart;
      shiftMs += periodMs;
    }
  }
}
