package io.eddy.series;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Choice of the interval of a new model.
 *
 * @param interval as requested; null to detect it
 * @param isAnchored whether steps start where the request says and not where the data are
 * @param zone of the calendar
 */
public record IntervalChoice(@Nullable Interval interval, boolean isAnchored, ZoneId zone) {
  /** Detects the interval; days and months start in UTC. */
  public static final IntervalChoice DETECTED = detected(LocalTimes.UTC);

  public IntervalChoice {
    zone = interval == null || interval.isFixed() ? LocalTimes.normalized(zone) : interval.zone();
  }

  /** Detects the interval. */
  public static IntervalChoice detected(ZoneId zone) {
    return new IntervalChoice(null, false, zone);
  }

  /** Chooses an interval as it is. */
  public static IntervalChoice of(Interval interval) {
    return new IntervalChoice(interval, true, interval.zone());
  }

  /**
   * Parses the text form of an interval.
   *
   * @param zone of the calendar, unless the text has one
   * @throws IllegalArgumentException saying what was expected
   */
  public static IntervalChoice parse(String text, ZoneId zone) {
    return new IntervalChoice(Interval.parse(text, zone), text.contains("/"), zone);
  }

  /**
   * Returns the interval for data.
   *
   * @throws IllegalArgumentException if it has to be detected, and the data are irregular
   */
  public Interval resolve(IntervalDetector data) {
    if (interval == null) {
      return data.detect(zone).required();
    }
    return isAnchored ? interval : data.anchored(interval);
  }
}
