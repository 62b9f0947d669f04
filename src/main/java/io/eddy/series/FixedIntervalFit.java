package io.eddy.series;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Fits a fixed interval to the distances between observations.
 *
 * <p>The center is the middle of the most frequent distances, those within 5 % of each other. If
 * the distances are exact multiples of it, it is the interval. Otherwise the interval is the mean
 * of the distances of about one step, in which scatter cancels out, rounded to a whole number of
 * days, hours, minutes, seconds or fractions of a second, the largest unit that is close. Distances
 * fit if they are within a quarter of a step of a multiple.
 */
final class FixedIntervalFit {
  private static final double CLUSTER = 1.05;
  private static final double EXACT_SHARE = 0.5;
  private static final double SCATTER = 0.25;
  private static final double MIN_FIT = 0.8;
  private static final double MIN_SINGLE = 1.0 / 3;
  private static final double ROUNDING = 0.005;
  private static final double MAX_ROUNDING = 0.02;
  private static final double MANY_COLLISIONS = 0.02;
  private static final long DAY_MS = 86_400_000;
  private static final long MIN_CALENDAR_MS = 20 * 3_600_000L;

  /** Largest difference of a local day, or several, from a multiple of 24 hours. */
  private static final long CLOCK_CHANGE_MS = 5_400_000;

  private static final long[] UNITS_MS = {DAY_MS, 3_600_000, 60_000, 1000, 100, 10, 1};

  private final long[] distancesMs;
  private final long centerMs;
  private final boolean isExact;
  private final double clusterShare;

  private FixedIntervalFit(
      long[] distancesMs, long centerMs, boolean isExact, double clusterShare) {
    this.distancesMs = distancesMs;
    this.centerMs = centerMs;
    this.isExact = isExact;
    this.clusterShare = clusterShare;
  }

  /**
   * Finds the center of the most frequent distances.
   *
   * @param distancesMs at least one, above 0, ascending; not copied
   */
  static FixedIntervalFit of(long[] distancesMs) {
    int bestFrom = 0;
    int bestSize = 0;
    int to = 0;
    for (int from = 0; from < distancesMs.length; from++) {
      while (to < distancesMs.length && distancesMs[to] <= CLUSTER * distancesMs[from]) {
        to++;
      }
      if (to - from > bestSize) {
        bestFrom = from;
        bestSize = to - from;
      }
    }
    long[] cluster = Arrays.copyOfRange(distancesMs, bestFrom, bestFrom + bestSize);
    long modeMs = mode(cluster);
    boolean isExact = count(cluster, modeMs) >= EXACT_SHARE * cluster.length;
    return new FixedIntervalFit(
        distancesMs,
        isExact ? modeMs : cluster[cluster.length / 2],
        isExact,
        (double) bestSize / distancesMs.length);
  }

  /** Returns the most frequent value of an ascending array, the smallest of several. */
  static long mode(long[] ascending) {
    long mode = ascending[0];
    int best = 0;
    int run = 0;
    for (int i = 0; i < ascending.length; i++) {
      run = i > 0 && ascending[i] == ascending[i - 1] ? run + 1 : 1;
      if (run > best) {
        best = run;
        mode = ascending[i];
      }
    }
    return mode;
  }

  private static long count(long[] values, long value) {
    return Arrays.stream(values).filter(other -> other == value).count();
  }

  /** Returns whether the usual distance is about a day or longer. */
  boolean isAboutDay() {
    return centerMs >= MIN_CALENDAR_MS;
  }

  /** Returns whether the usual distance is about a number of local days. */
  boolean isCalendar() {
    if (!isAboutDay()) {
      return false;
    }
    long days = Math.max(1, Math.round((double) centerMs / DAY_MS));
    boolean isWholeDays = Math.abs(centerMs - days * DAY_MS) <= CLOCK_CHANGE_MS;
    return isWholeDays || !isExact || clusterShare < EXACT_SHARE;
  }

  /**
   * Returns the fixed interval, or that the times are irregular.
   *
   * @param times of each series, ascending
   */
  DetectedInterval detected(List<long[]> times) {
    double exactFit = share(distanceMs -> distanceMs % centerMs == 0);
    if (isExact && exactFit >= MIN_FIT && singleShare(centerMs) >= MIN_SINGLE) {
      double single = singleShare(centerMs);
      return new DetectedInterval(
          Interval.ofMillis(centerMs),
          single,
          "%s: %s of the distances between observations are one step"
              .formatted(Duration.ofMillis(centerMs), percent(single)),
          null);
    }
    long roundedMs = rounded();
    double fit = share(distanceMs -> fits(distanceMs, roundedMs));
    double single = singleShare(roundedMs);
    if (fit < MIN_FIT || single < MIN_SINGLE) {
      return irregular(fit, roundedMs);
    }
    return new DetectedInterval(
        Interval.ofMillis(roundedMs),
        single,
        "%s, rounded: the distances between observations are %s to %s"
            .formatted(
                Duration.ofMillis(roundedMs), quantile(roundedMs, 0.05), quantile(roundedMs, 0.95)),
        collisions(times, Interval.ofMillis(roundedMs)));
  }

  private DetectedInterval irregular(double fit, long stepMs) {
    return DetectedInterval.none(
        "irregular times: the most frequent distance between observations is about %s, but only"
                .formatted(Duration.ofMillis(stepMs))
            + " %s of the distances are multiples of it and %s are one step; set --interval"
                .formatted(percent(fit), percent(singleShare(stepMs))));
  }

  private long rounded() {
    double sum = 0;
    long count = 0;
    long leastMs = Long.MAX_VALUE;
    long mostMs = 0;
    for (long distanceMs : distancesMs) {
      if (fits(distanceMs, centerMs) && steps(distanceMs, centerMs) == 1) {
        sum += distanceMs;
        count++;
        leastMs = Math.min(leastMs, distanceMs);
        mostMs = Math.max(mostMs, distanceMs);
      }
    }
    double mean = sum / count;
    double tolerance =
        Math.max(
            ROUNDING * mean, Math.min(MAX_ROUNDING * mean, (double) (mostMs - leastMs) / count));
    for (long unitMs : UNITS_MS) {
      long roundedMs = Math.round(mean / unitMs) * unitMs;
      if (roundedMs > 0 && Math.abs(mean - roundedMs) <= tolerance) {
        return roundedMs;
      }
    }
    return Math.max(1, Math.round(mean));
  }

  private static long steps(long distanceMs, long stepMs) {
    return Math.round((double) distanceMs / stepMs);
  }

  private static boolean fits(long distanceMs, long stepMs) {
    long steps = steps(distanceMs, stepMs);
    return steps >= 1 && Math.abs(distanceMs - steps * stepMs) <= SCATTER * stepMs;
  }

  private interface Condition {
    boolean holds(long distanceMs);
  }

  private double share(Condition condition) {
    long count = 0;
    for (long distanceMs : distancesMs) {
      count += condition.holds(distanceMs) ? 1 : 0;
    }
    return (double) count / distancesMs.length;
  }

  private double singleShare(long stepMs) {
    return share(distanceMs -> fits(distanceMs, stepMs) && steps(distanceMs, stepMs) == 1);
  }

  private Duration quantile(long stepMs, double level) {
    long[] single =
        Arrays.stream(distancesMs)
            .filter(distanceMs -> fits(distanceMs, stepMs) && steps(distanceMs, stepMs) == 1)
            .toArray();
    return Duration.ofMillis(single[(int) (level * (single.length - 1))]);
  }

  /** Returns a warning if the times scatter around the starts of steps, else null. */
  private static @Nullable String collisions(List<long[]> times, Interval interval) {
    long collisions = 0;
    long distances = 0;
    for (long[] series : times) {
      for (int i = 1; i < series.length; i++) {
        distances++;
        collisions += interval.stepOf(series[i]) == interval.stepOf(series[i - 1]) ? 1 : 0;
      }
    }
    double share = (double) collisions / distances;
    return share < MANY_COLLISIONS
        ? null
        : "%s of the observations are in the step of another one, because the times scatter"
                .formatted(percent(share))
            + " around the starts of the steps of %s".formatted(interval);
  }

  static String percent(double share) {
    double percent = 100 * share;
    return percent > 99 && percent < 100
        ? "more than 99 %"
        : String.format(Locale.ROOT, "%.0f %%", percent);
  }
}
