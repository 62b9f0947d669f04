package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * Steps of the days from Monday to Friday. Saturday and Sunday belong to the step of the Friday
 * before them. A holiday is a step without an observation.
 *
 * @param zone in which a day starts
 */
record BusinessDayInterval(ZoneId zone) implements Interval {
  static final String TEXT = "business-day";

  private static final int WEEK = 7;
  private static final int STEPS_OF_WEEK = 5;

  /** Days from Monday to 1970-01-01, a Thursday, whose step is 0. */
  private static final int THURSDAY = 3;

  BusinessDayInterval {
    zone = LocalTimes.normalized(zone);
  }

  @Override
  public long stepOf(long timestampMs) {
    long day = LocalTimes.epochDay(timestampMs, zone) + THURSDAY;
    return STEPS_OF_WEEK * Math.floorDiv(day, WEEK)
        + Math.min(STEPS_OF_WEEK - 1, Math.floorMod(day, WEEK))
        - THURSDAY;
  }

  @Override
  public long startMs(long step) {
    long day = step + THURSDAY;
    long epochDay =
        WEEK * Math.floorDiv(day, STEPS_OF_WEEK) + Math.floorMod(day, STEPS_OF_WEEK) - THURSDAY;
    return LocalTimes.startOfDayMs(LocalDate.ofEpochDay(epochDay), zone);
  }

  @Override
  public Duration meanLength() {
    return Duration.ofDays(WEEK).dividedBy(STEPS_OF_WEEK);
  }

  @Override
  public List<Integer> seasons() {
    return List.of(STEPS_OF_WEEK);
  }

  @Override
  public Interval startingOn(LocalDate date) {
    return this;
  }

  @Override
  public String toString() {
    return IntervalFormat.format(TEXT, null, zone);
  }
}
