package io.eddy.series;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Detects the interval of data from the times of their observations. Tolerates missing steps,
 * duplicates and times that scatter around a regular interval; the same times give the same
 * interval, whether they come from a file or a topic.
 *
 * <p>Distances of about a day or more are compared as local dates, so that months, quarters, years,
 * weeks, business days and days with a change of the clock are found. Shorter ones are compared as
 * durations, see {@link FixedIntervalFit}. Times that fit no interval are irregular.
 */
public final class IntervalDetector {
  private static final int MAX_TIMES_OF_SERIES = 2_000;
  private static final int MAX_TIMES = 500_000;

  private final List<long[]> times = new ArrayList<>();
  private int size;

  /**
   * Creates a detector of some series.
   *
   * @param times of each series, as in {@link #add}
   */
  public static IntervalDetector of(Stream<long[]> times) {
    IntervalDetector detector = new IntervalDetector();
    times.forEach(detector::add);
    return detector;
  }

  /**
   * Adds the times of one series.
   *
   * @param timesMs epoch milliseconds, in any order; the earliest {@value #MAX_TIMES_OF_SERIES}
   *     count
   */
  public void add(long[] timesMs) {
    if (size >= MAX_TIMES) {
      return;
    }
    long[] distinct =
        LongStream.of(timesMs).sorted().distinct().limit(MAX_TIMES_OF_SERIES).toArray();
    times.add(distinct);
    size += distinct.length;
  }

  /**
   * Detects the interval.
   *
   * @param zone in which days and months start
   */
  public DetectedInterval detect(ZoneId zone) {
    long[] distancesMs = distancesMs();
    if (distancesMs.length == 0) {
      return DetectedInterval.none(
          "no series has two observations at different times: the interval is unknown;"
              + " set --interval");
    }
    FixedIntervalFit fixed = FixedIntervalFit.of(distancesMs);
    CalendarFit calendar = new CalendarFit(times, LocalTimes.normalized(zone));
    DetectedInterval found = fixed.isCalendar() ? calendar.detect() : fixed.detected(times);
    if (found == null) {
      return fixed.detected(times);
    }
    DetectedInterval other =
        found.interval() == null && fixed.isAboutDay() ? calendar.detect() : null;
    return other == null ? found : other;
  }

  /**
   * Returns an interval of several days or months whose steps start where the data are: on the
   * weekday or month of most observations. Any other interval is returned as it is.
   */
  public Interval anchored(Interval interval) {
    return new CalendarFit(times, interval.zone()).anchored(interval);
  }

  private long[] distancesMs() {
    return times.stream()
        .flatMapToLong(
            series -> LongStream.range(1, series.length).map(i -> distanceMs(series, (int) i)))
        .sorted()
        .toArray();
  }

  private static long distanceMs(long[] series, int i) {
    return series[i] - series[i - 1];
  }
}
