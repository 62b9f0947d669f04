package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import io.eddy.series.Interval;
import java.time.ZoneId;

/** Reads options that are an interval. */
public final class IntervalOption {
  private IntervalOption() {}

  /**
   * Returns the interval that an option states.
   *
   * @param option name of the option, for messages
   * @param zone of a calendar period whose text has none
   */
  public static Interval parse(String option, String text, ZoneId zone) {
    try {
      return Interval.parse(text, zone);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          option + ": " + String.valueOf(e.getMessage()).replaceFirst("^interval: ", ""));
    }
  }
}
