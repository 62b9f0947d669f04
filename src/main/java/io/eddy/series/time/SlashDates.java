package io.eddy.series.time;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates that end with the year, such as {@code 31/12/2024 23:00}, with the order of day and month
 * that fits all of them.
 */
final class SlashDates {
  private static final Pattern DATE =
      Pattern.compile(
          "\\s*(?<first>\\d{1,2})(?<separator>[/.-])(?<second>\\d{1,2})\\k<separator>\\d{4}"
              + "(?<time> \\d{1,2}:\\d{2}(?<seconds>:\\d{2}(?<fraction>\\.\\d{1,9})?)?"
              + "(?<half> [AaPp][Mm])?)?\\s*");

  private final Part times = new Part();
  private final Part seconds = new Part();
  private final Part fractions = new Part();
  private final Part halves = new Part();
  private long count;
  private char separator;
  private boolean isMixed;
  private boolean hasDayFirst;
  private boolean hasMonthFirst;

  /** A part that some or all of the dates have. */
  private static final class Part {
    private long count;
    private int length;
    private boolean hasSeveralLengths;

    void add(@Nullable String text) {
      if (text != null) {
        hasSeveralLengths |= count > 0 && text.length() != length;
        length = text.length();
        count++;
      }
    }

    /** Returns the pattern of this part, in brackets if not all of a number of dates have it. */
    String pattern(String pattern, long of) {
      return count == 0 ? "" : count == of ? pattern : '[' + pattern + ']';
    }
  }

  /** Adds a text; returns whether it is such a date. */
  boolean add(String text) {
    Matcher date = DATE.matcher(text);
    if (!date.matches()) {
      return false;
    }
    char found = date.group("separator").charAt(0);
    isMixed |= count > 0 && found != separator;
    separator = found;
    hasDayFirst |= Integer.parseInt(date.group("first")) > 12;
    hasMonthFirst |= Integer.parseInt(date.group("second")) > 12;
    times.add(date.group("time"));
    seconds.add(date.group("seconds"));
    fractions.add(date.group("fraction"));
    halves.add(date.group("half"));
    count++;
    return true;
  }

  long count() {
    return count;
  }

  /** Returns the patterns that fit all dates. */
  List<TimestampFormat> formats() {
    isMixed |= fractions.hasSeveralLengths || (halves.count > 0 && halves.count < times.count);
    List<TimestampFormat> formats = new ArrayList<>();
    if (!isMixed && !hasMonthFirst) {
      formats.add(format("d%1$sM%1$syyyy"));
    }
    // With points, the day is first everywhere.
    if (!isMixed && !hasDayFirst && separator != '.') {
      formats.add(format("M%1$sd%1$syyyy"));
    }
    return formats;
  }

  private TimestampFormat format(String date) {
    String fraction = '.' + "S".repeat(Math.max(1, fractions.length - 1));
    String second = ":ss" + fractions.pattern(fraction, seconds.count);
    String time =
        (halves.count > 0 ? " h:mm" : " H:mm")
            + seconds.pattern(second, times.count)
            + halves.pattern(" a", times.count);
    return TimestampFormat.ofPattern(date.formatted(separator) + times.pattern(time, count));
  }
}
