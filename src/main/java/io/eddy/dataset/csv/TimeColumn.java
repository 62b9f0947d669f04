package io.eddy.dataset.csv;

import io.eddy.series.time.EpochUnit;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampDetector;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of a file.
 *
 * <p>If the format is assumed from the first lines, every time must confirm it: an epoch must lie
 * between 1990 and 2100 in its unit, and a text must have the form. Otherwise the format has to be
 * detected from all times.
 */
final class TimeColumn {
  private static final int MAX_DIGITS = 18;

  /** Thrown if a time does not confirm the assumed format. */
  static final class UnconfirmedFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnconfirmedFormatException() {
      super(null, null, false, false);
    }
  }

  private final TimestampReader reader;
  private final @Nullable EpochUnit unit;
  private final boolean isAssumed;

  private TimeColumn(TimestampFormat format, TimeOptions options, boolean isAssumed) {
    reader = new TimestampReader(format, options.zone(), TimestampSource.CSV);
    unit = format.kind().unit();
    this.isAssumed = isAssumed;
  }

  /** Reads times of a known format. */
  static TimeColumn of(TimestampFormat format, TimeOptions options) {
    return new TimeColumn(format, options, false);
  }

  /**
   * Reads times of the format of the first ones.
   *
   * @throws UnconfirmedFormatException if they do not have a format that further times can confirm
   */
  static TimeColumn assumed(List<String> first, TimeOptions options) {
    TimestampDetector detector = new TimestampDetector(TimestampSource.CSV);
    first.forEach(detector::add);
    TimestampFormat format;
    try {
      format = detector.detect();
    } catch (InvalidTimestampException e) {
      throw new UnconfirmedFormatException();
    }
    return switch (format.kind()) {
      case ISO_8601, RFC_1123, PATTERN, S, MS, US, NS -> new TimeColumn(format, options, true);
      case AUTO, DAYS, EXCEL -> throw new UnconfirmedFormatException();
    };
  }

  /**
   * Reads a text without blanks at its ends.
   *
   * @throws InvalidTimestampException if it is no time of the format
   * @throws UnconfirmedFormatException if it does not confirm the assumed format
   */
  long read(String text) {
    long number = unit == null ? -1 : digits(text);
    if (isAssumed && unit != null && !isPlausible(number, text, unit)) {
      throw new UnconfirmedFormatException();
    }
    try {
      return number < 0 ? reader.ofText(text) : reader.ofInteger(number);
    } catch (InvalidTimestampException e) {
      if (isAssumed) {
        throw new UnconfirmedFormatException();
      }
      throw e;
    }
  }

  /** Returns a number of decimal digits; -1 if the text is none. */
  private static long digits(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static boolean isPlausible(long number, String text, EpochUnit unit) {
    try {
      return number >= 0 ? unit.isPlausible(number) : unit.isPlausible(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  TimestampFormat format() {
    return reader.format();
  }

  TimestampCounts counts() {
    return reader.counts();
  }
}
