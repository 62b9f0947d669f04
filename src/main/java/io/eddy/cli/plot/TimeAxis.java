package io.eddy.cli.plot;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round times to mark on an axis, in UTC. */
final class TimeAxis {
  private static final List<Duration> DISTANCES =
      List.of(
          Duration.ofMillis(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1),
          Duration.ofDays(2),
          Duration.ofDays(4),
          Duration.ofDays(7),
          Duration.ofDays(14),
          Duration.ofDays(28),
          Duration.ofDays(91),
          Duration.ofDays(364),
          Duration.ofDays(3640));
  private static final DateTimeFormatter DAY = format("MMM d");
  private static final DateTimeFormatter MINUTE = format("MMM d HH:mm");
  private static final DateTimeFormatter YEAR = format("MMM d, yyyy");
  private static final DateTimeFormatter SECOND = format("HH:mm:ss.SSS");

  private final long fromMs;
  private final long toMs;
  private final Duration distance;

  /** An axis with at most {@code most} marks, as far as there is a round distance. */
  TimeAxis(long fromMs, long toMs, int most) {
    this.fromMs = fromMs;
    this.toMs = toMs;
    distance =
        DISTANCES.stream()
            .filter(one -> (toMs - fromMs) / one.toMillis() < most)
            .findFirst()
            .orElse(Duration.ofMillis(Math.max(1, (toMs - fromMs) / most)));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Times of the marks, epoch milliseconds. */
  List<Long> marks() {
    List<Long> marks = new ArrayList<>();
    long each = distance.toMillis();
    for (long time = -Math.floorDiv(-fromMs, each) * each; time <= toMs; time += each) {
      marks.add(time);
    }
    return marks;
  }

  /** What stands below a mark. */
  String label(long timeMs) {
    DateTimeFormatter format = MINUTE;
    if (distance.compareTo(Duration.ofDays(28)) > 0) {
      format = YEAR;
    } else if (distance.compareTo(Duration.ofDays(1)) >= 0) {
      format = DAY;
    } else if (distance.compareTo(Duration.ofMinutes(1)) < 0) {
      format = SECOND;
    }
    return format.format(Instant.ofEpochMilli(timeMs));
  }
}
