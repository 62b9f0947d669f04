package io.eddy.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of equal length. Step 0 starts at the epoch.
 *
 * @param lengthMs length of a step
 */
record FixedInterval(long lengthMs) implements Interval {
  private static final List<Duration> SEASONS = List.of(Duration.ofDays(1), Duration.ofDays(7));

  FixedInterval {
    if (lengthMs < 1) {
      throw new IllegalArgumentException(
          "interval: expected at least PT0.001S, got " + Duration.ofMillis(lengthMs));
    }
  }

  @Override
  public long stepOf(long timestampMs) {
    return Math.floorDiv(timestampMs, lengthMs);
  }

  @Override
  public long startMs(long step) {
    return step * lengthMs;
  }

  @Override
  public Duration meanLength() {
    return Duration.ofMillis(lengthMs);
  }

  @Override
  public ZoneId zone() {
    return LocalTimes.UTC;
  }

  @Override
  public List<Integer> seasons() {
    List<Integer> steps = new ArrayList<>();
    for (Duration season : SEASONS) {
      if (season.toMillis() % lengthMs == 0 && season.toMillis() / lengthMs > 1) {
        steps.add((int) (season.toMillis() / lengthMs));
      }
    }
    return steps;
  }

  @Override
  public long fixedMs() {
    return lengthMs;
  }

  @Override
  public long plusSteps(long timestampMs, long steps) {
    return timestampMs + steps * lengthMs;
  }

  @Override
  public Interval startingOn(LocalDate date) {
    throw new IllegalArgumentException(
        "interval: expected a calendar period for steps that start on a date, got " + this);
  }

  @Override
  public String toString() {
    return Duration.ofMillis(lengthMs).toString();
  }
}
