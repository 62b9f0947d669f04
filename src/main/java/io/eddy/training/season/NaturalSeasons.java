package io.eddy.training.season;

import io.eddy.series.Interval;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * The seasons that calendar and working life give to data of an interval: a minute, an hour, a day,
 * a week, and for intervals from a day on a year.
 */
public final class NaturalSeasons {
  /** Maximum length in steps. */
  static final int MAX_STEPS = 10_000;

  private static final List<Duration> FIXED =
      List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

  private static final Duration DAY = Duration.ofDays(1);
  private static final double YEAR_DAYS = 365.25;

  private NaturalSeasons() {}

  /** Returns the numbers of steps of the seasons, at least 2 each, ascending. */
  public static List<Integer> of(Interval interval) {
    TreeSet<Integer> seasons = new TreeSet<>(interval.seasons());
    Duration step = interval.meanLength();
    if (interval.isFixed()) {
      for (Duration season : FIXED) {
        if (season.toMillis() % step.toMillis() == 0) {
          seasons.add((int) Math.min(Integer.MAX_VALUE, season.dividedBy(step)));
        }
      }
    }
    if (step.compareTo(DAY) >= 0) {
      seasons.add((int) Math.round(YEAR_DAYS * DAY.toMillis() / step.toMillis()));
    }
    return seasons.stream().filter(steps -> steps >= 2 && steps <= MAX_STEPS).toList();
  }
}
