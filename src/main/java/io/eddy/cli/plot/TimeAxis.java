package io.eddy.cli.plot;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A horizontal axis of time with marks at round times in UTC. */
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
  private static final DateTimeFormatter FULL = format("yyyy-MM-dd HH:mm");
  private static final DateTimeFormatter YEAR = format("MMM d, yyyy");
  private static final DateTimeFormatter SECOND = format("HH:mm:ss.SSS");
  private static final int LABEL_MARGIN = 50;
  private static final String LINE = "#999";

  private final long fromMs;
  private final long toMs;
  private final Duration distance;

  /** Creates an axis with at most {@code maxMarks} marks, if there is such a round distance. */
  TimeAxis(long fromMs, long toMs, int maxMarks) {
    this.fromMs = fromMs;
    this.toMs = toMs;
    distance =
        DISTANCES.stream()
            .filter(candidate -> (toMs - fromMs) / candidate.toMillis() < maxMarks)
            .findFirst()
            .orElse(Duration.ofMillis(Math.max(1, (toMs - fromMs) / maxMarks)));
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Formats a time to the minute, in UTC. */
  static String formatMinute(long timeMs) {
    return FULL.format(Instant.ofEpochMilli(timeMs));
  }

  /** Draws the line of the axis, its marks and their labels. */
  void draw(Svg svg, PlotArea area) {
    LinearScale scale = area.horizontal(fromMs, toMs);
    for (long time : marks()) {
      double x = scale.pixel(time);
      svg.verticalLine(x, area.bottom(), area.bottom() + 5, LINE);
      String anchor = x > area.width() - LABEL_MARGIN ? Svg.END : Svg.MIDDLE;
      svg.text(x, area.bottom() + 22, anchor, label(time));
    }
    svg.horizontalLine(area.left(), area.right(), area.bottom(), LINE);
    svg.horizontalTitle(title());
  }

  /** Returns the name of the axis: the years, unless the marks have them, and the zone. */
  String title() {
    int first = Instant.ofEpochMilli(fromMs).atZone(ZoneOffset.UTC).getYear();
    int last = Instant.ofEpochMilli(toMs).atZone(ZoneOffset.UTC).getYear();
    if (distance.compareTo(Duration.ofDays(28)) > 0) {
      return "time in UTC";
    }
    return "time in UTC, " + (first == last ? first : first + "–" + last) + day();
  }

  /** Returns the day, if the marks do not have it. */
  private String day() {
    return distance.compareTo(Duration.ofMinutes(1)) < 0
        ? ", " + DAY.format(Instant.ofEpochMilli(fromMs))
        : "";
  }

  /** Returns the times of the marks in epoch milliseconds. */
  List<Long> marks() {
    List<Long> marks = new ArrayList<>();
    long step = distance.toMillis();
    for (long time = -Math.floorDiv(-fromMs, step) * step; time <= toMs; time += step) {
      marks.add(time);
    }
    return marks;
  }

  /** Returns the label of a mark. */
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
