package io.eddy.dataset;

import io.eddy.series.Interval;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Replays a data set without an end: all observations once, then its last part again and again,
 * with timestamps that continue and seasons that stay in phase.
 *
 * <p>At a fixed interval the last whole weeks are repeated; of a data set shorter than a week the
 * last whole days, and one shorter than a day as a whole. On a calendar the last whole number of
 * the longest season that the data cover is repeated, such as years of months or weeks of days;
 * then a time keeps its distance from the start of its step, so that the last day of a month
 * becomes the last day of another.
 */
public final class RepeatedObservations implements ObservationSource {
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final List<Observation> observations = new ArrayList<>();
  private final Interval interval;

  /** Index of the first observation that is repeated. */
  private final int loopStart;

  /** Length of the repeated part, in the unit of positions. */
  private final long period;

  private long shift;
  private int index;

  /**
   * Creates a source.
   *
   * @param interval of the observations of a series
   * @param firstMs time from which it replays, epoch milliseconds
   * @throws IllegalArgumentException if there are no observations
   */
  public RepeatedObservations(List<SeriesData> series, Interval interval, long firstMs) {
    this.interval = interval;
    series.forEach(data -> observations.addAll(data.observations()));
    if (observations.isEmpty()) {
      throw new IllegalArgumentException("no observations to replay");
    }
    observations.sort(Comparator.comparingLong(Observation::timestampMs));
    long last = position(observations.size() - 1);
    long span = last - position(0) + (interval.isFixed() ? interval.fixedMs() : 1);
    period = interval.isFixed() ? wholeDays(span) : wholeSeasons(span);
    loopStart = first(observation -> position(observation) > last - period);
    seek(firstMs, last);
  }

  /** Returns the position of a time: the time itself at a fixed interval, else its step. */
  private long position(long timeMs) {
    return interval.isFixed() ? timeMs : interval.stepOf(timeMs);
  }

  private long position(int observation) {
    return position(observations.get(observation).timestampMs());
  }

  private static long wholeDays(long spanMs) {
    long unitMs = spanMs >= 7 * DAY_MS ? 7 * DAY_MS : spanMs >= DAY_MS ? DAY_MS : spanMs;
    return spanMs / unitMs * unitMs;
  }

  private long wholeSeasons(long steps) {
    long season =
        interval.seasons().stream().filter(length -> length <= steps).reduce((a, b) -> b).orElse(1);
    return steps / season * season;
  }

  private void seek(long firstMs, long last) {
    long ahead = position(firstMs) - last;
    shift = ahead > 0 ? (ahead + period - 1) / period * period : 0;
    index = first(observation -> timeMs(observation) >= firstMs);
    wrap();
  }

  /** Returns the index of the first observation that fulfils a condition, as all later ones do. */
  private int first(IntPredicate condition) {
    int low = 0;
    int high = observations.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (condition.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Returns the time at which an observation is replayed next. */
  private long timeMs(int observation) {
    long timeMs = observations.get(observation).timestampMs();
    if (interval.isFixed() || shift == 0) {
      return timeMs + shift;
    }
    long step = interval.stepOf(timeMs);
    long startMs = interval.startMs(step + shift);
    long lengthMs = interval.startMs(step + shift + 1) - startMs;
    long offsetMs = timeMs - interval.startMs(step);
    return startMs + (offsetMs < lengthMs ? offsetMs : Math.max(0, lengthMs - DAY_MS));
  }

  @Override
  public long nextMs() {
    return timeMs(index);
  }

  @Override
  public List<Observation> next() {
    long timeMs = nextMs();
    List<Observation> step = new ArrayList<>();
    while (nextMs() == timeMs) {
      step.add(observations.get(index).withTimestampMs(timeMs));
      index++;
      wrap();
    }
    return step;
  }

  private void wrap() {
    if (index == observations.size()) {
      index = loopStart;
      shift += period;
    }
  }
}
