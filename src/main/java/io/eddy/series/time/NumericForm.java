package io.eddy.series.time;

import java.time.YearMonth;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forms of time as a number. A number fits a form if it is a time from 1990 up to 2100 in it.
 * Digits of a month or a date fit from 1900 on, because they show by themselves what they are. Days
 * since 1970 fit up to the year 2060 only, where spreadsheet serial days begin.
 */
enum NumericForm {
  SECONDS("s"),
  MILLISECONDS("ms"),
  MICROSECONDS("us"),
  NANOSECONDS("ns"),
  YEARS("yyyy"),
  MONTHS("yyyyMM"),
  DATES("yyyyMMdd"),
  DATE_HOURS("yyyyMMddHH"),
  DATE_MINUTES("yyyyMMddHHmm"),
  DATE_SECONDS("yyyyMMddHHmmss"),
  DATE_MILLISECONDS("yyyyMMddHHmmssSSS"),
  DAYS("days"),
  SERIAL_DAYS("excel");

  /**
   * In a column whose other numbers are milliseconds, a number from here on is one, too: it is a
   * time in April 1970. Smaller ones may be seconds.
   */
  static final long MIN_EARLY_MS = 10_000_000_000L;

  private static final int FIRST_DAY = 7_305;
  private static final int FIRST_SERIAL_DAY = 32_874;
  private static final int END_SERIAL_DAY = 73_051;

  private final String id;

  NumericForm(String id) {
    this.id = id;
  }

  TimestampFormat format() {
    return TimestampFormat.of(id);
  }

  /** Returns the forms that a number fits. */
  static Set<NumericForm> of(long number) {
    Set<NumericForm> forms = EnumSet.noneOf(NumericForm.class);
    Arrays.stream(values()).filter(form -> form.fits(number)).forEach(forms::add);
    return forms;
  }

  /** Returns the form other than milliseconds that a number fits; null if none exists. */
  static @Nullable NumericForm otherThanMilliseconds(long number) {
    for (NumericForm form : values()) {
      if (form != MILLISECONDS && form.fits(number)) {
        return form;
      }
    }
    return null;
  }

  /** Returns the form that a number with a fraction fits; null if none exists. */
  static @Nullable NumericForm of(double number) {
    for (NumericForm form : values()) {
      if (form.fits(number)) {
        return form;
      }
    }
    return null;
  }

  boolean fits(long number) {
    return switch (this) {
      case SECONDS, MILLISECONDS, MICROSECONDS, NANOSECONDS -> unit().isPlausible(number);
      case DAYS -> number >= FIRST_DAY && number < FIRST_SERIAL_DAY;
      case SERIAL_DAYS -> number >= FIRST_SERIAL_DAY && number < END_SERIAL_DAY;
      case YEARS -> number >= 1990 && number < 2100;
      case MONTHS -> isMonth(number);
      case DATES -> isDate(number);
      case DATE_HOURS -> number % 100 < 24 && isDate(number / 100);
      case DATE_MINUTES -> isMinute(number);
      case DATE_SECONDS -> number % 100 < 60 && isMinute(number / 100);
      case DATE_MILLISECONDS -> number / 1000 % 100 < 60 && isMinute(number / 100_000);
    };
  }

  /** Returns whether a number with a fraction fits. Only units and serial days have fractions. */
  boolean fits(double number) {
    return switch (this) {
      case SECONDS, MILLISECONDS, MICROSECONDS, NANOSECONDS -> unit().isPlausible(number);
      case SERIAL_DAYS -> number >= FIRST_SERIAL_DAY && number < END_SERIAL_DAY;
      default -> false;
    };
  }

  private EpochUnit unit() {
    return switch (this) {
      case SECONDS -> EpochUnit.S;
      case MICROSECONDS -> EpochUnit.US;
      case NANOSECONDS -> EpochUnit.NS;
      default -> EpochUnit.MS;
    };
  }

  private static boolean isMonth(long number) {
    return number >= 190_001 && number < 210_000 && number % 100 >= 1 && number % 100 <= 12;
  }

  private static boolean isDate(long number) {
    return isMonth(number / 100)
        && number % 100 >= 1
        && YearMonth.of((int) (number / 10_000), (int) (number / 100 % 100))
            .isValidDay((int) (number % 100));
  }

  private static boolean isMinute(long number) {
    return number % 100 < 60 && number / 100 % 100 < 24 && isDate(number / 10_000);
  }
}
