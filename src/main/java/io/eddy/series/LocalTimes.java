package io.eddy.series;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Local dates and times of epoch milliseconds. */
final class LocalTimes {
  static final ZoneId UTC = ZoneOffset.UTC;

  private static final long DAY_MS = 86_400_000;

  private LocalTimes() {}

  /** Returns {@link #UTC} for every zone whose local time is always UTC, else the zone itself. */
  static ZoneId normalized(ZoneId zone) {
    return zone.normalized().equals(UTC) ? UTC : zone;
  }

  /**
   * Returns the local time as the epoch milliseconds of the same time in UTC. The zone's rules are
   * those of the JDK.
   */
  static long localMs(long timestampMs, ZoneId zone) {
    return zone.equals(UTC)
        ? timestampMs
        : timestampMs
            + 1000L
                * zone.getRules().getOffset(Instant.ofEpochMilli(timestampMs)).getTotalSeconds();
  }

  /** Returns the local date as a number of days since 1970-01-01. */
  static long epochDay(long timestampMs, ZoneId zone) {
    return Math.floorDiv(localMs(timestampMs, zone), DAY_MS);
  }

  /** Returns the first time of a local date, epoch milliseconds. */
  static long startOfDayMs(LocalDate date, ZoneId zone) {
    return date.atStartOfDay(zone).toInstant().toEpochMilli();
  }
}
