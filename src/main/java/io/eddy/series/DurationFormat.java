package io.eddy.series;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses durations: {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d} and {@code 1w},
 * several units one after another ({@code 1h30m}), and ISO-8601 ({@code PT10M}, {@code P1D}, {@code
 * P1W}).
 */
public final class DurationFormat {
  /** The accepted forms, to complete the sentence "expected …". */
  public static final String DESCRIPTION = "a duration such as 30s, 10m, 2h, 1d, 1w or PT10M";

  /** Why periods of months and years are not accepted, and what to use instead. */
  public static final String NO_CALENDAR =
      "months and years have no fixed length; use days or weeks, such as 30d";

  private static final Pattern SHORT =
      Pattern.compile(
          "(?:(\\d{1,12})w)?(?:(\\d{1,12})d)?(?:(\\d{1,12})h)?(?:(\\d{1,12})m)?"
              + "(?:(\\d{1,12})s)?(?:(\\d{1,12})ms)?");
  private static final long[] UNIT_MS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1};
  private static final Pattern ISO_WEEKS =
      Pattern.compile("P(\\d{1,9})W", Pattern.CASE_INSENSITIVE);
  private static final Pattern CALENDAR =
      Pattern.compile("-?P[^T]*\\d[YM].*|.*\\d\\s*(mo|months?|y|years?)", Pattern.CASE_INSENSITIVE);

  private DurationFormat() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Duration parse(String text) {
    try {
      Matcher matcher = SHORT.matcher(text);
      if (!text.isEmpty() && matcher.matches()) {
        long sum = 0;
        for (int i = 0; i < UNIT_MS.length; i++) {
          if (matcher.group(i + 1) != null) {
            long part = Math.multiplyExact(Long.parseLong(matcher.group(i + 1)), UNIT_MS[i]);
            sum = Math.addExact(sum, part);
          }
        }
        return Duration.ofMillis(sum);
      }
      Matcher weeks = ISO_WEEKS.matcher(text);
      if (weeks.matches()) {
        return Duration.ofDays(7 * Long.parseLong(weeks.group(1)));
      }
      return Duration.parse(text);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("expected a shorter duration, got '" + text + "'", e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(reason(text), e);
    }
  }

  private static String reason(String text) {
    if (isCalendarPeriod(text)) {
      return "%s, got '%s'".formatted(NO_CALENDAR, text);
    }
    if (isNumber(text)) {
      return "expected a unit after the number, such as %sm for minutes, got '%s'"
          .formatted(text, text);
    }
    return "expected %s, got '%s'".formatted(DESCRIPTION, text);
  }

  /** Returns whether a text is a period of months or years. */
  public static boolean isCalendarPeriod(String text) {
    return CALENDAR.matcher(text).matches();
  }

  private static boolean isNumber(String text) {
    try {
      return new BigDecimal(text).signum() >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
