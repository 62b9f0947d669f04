package io.eddy.series.time;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import org.jspecify.annotations.Nullable;

/**
 * Scanner of ISO-8601 times and their usual variants, without allocation for times with an offset.
 *
 * <pre>
 * date   2024-01-31 | 2024/1/31 | 2024.01.31 | 20240131 | 2024-01 | 2024-W05-3 | 2024W053
 *        | 2024-031 | 2024031T… | 2024Q1 | 2024-Q1 | Q1 2024 | 2024M01 | 2024-S2 | H2 2024
 * time   08 | 08:00 | 8:00 PM | 0800 | 08:00:00 | 080000, the seconds with .fraction or ,fraction
 * zone   Z | UTC | GMT | +01 | +0100 | +01:00 | [Europe/Paris] | +01:00[Europe/Paris] | Europe/Paris
 * </pre>
 *
 * The date and the time are separated by T, t or blanks; digits may follow a basic date without a
 * separator, as in 20240131080000Z.
 */
final class IsoScanner {
  /** No offset. */
  static final int NONE = Integer.MIN_VALUE;

  private static final int MAX_OFFSET_S = 18 * 3600;
  private static final String NOT_ISO = "";
  private static final String NO_DATE = "a date or time of day that does not exist";
  private static final String BAD_ZONE =
      "an unknown zone: expected an offset such as +01:00 or a name such as Europe/Paris";

  private String text = "";
  private int at;
  private int end;

  private long epochDay;
  private boolean needsTime;
  private int second;
  private int nano;
  private int offset;

  /** Whether the time is in UTC by name, as Z, so that any zone may follow in brackets. */
  private boolean isUtc;

  private @Nullable ZoneId region;

  /** Returns the seconds from 1970-01-01T00:00 to the local time. */
  long localSecond() {
    return epochDay * 86_400 + second;
  }

  /** Returns the fraction of the second in nanoseconds. */
  int nano() {
    return nano;
  }

  /** Returns the offset in seconds, or {@link #NONE}. */
  int offset() {
    return offset;
  }

  /** Returns the named zone; null if none is given. */
  @Nullable ZoneId region() {
    return region;
  }

  /**
   * Scans a text.
   *
   * @return null if it is a time, an empty text if it has another form, otherwise the problem
   */
  @Nullable String scan(String text) {
    begin(text);
    String problem = date();
    if (problem == null) {
      problem = time();
    }
    if (problem == null && (at < end || needsTime)) {
      problem = needsTime ? NOT_ISO : zone();
    }
    return problem == null && at < end ? NOT_ISO : problem;
  }

  private void begin(String text) {
    this.text = text;
    at = 0;
    end = text.length();
    while (end > 0 && isBlank(end - 1)) {
      end--;
    }
    skipBlanks();
    needsTime = false;
    second = 0;
    nano = 0;
    offset = NONE;
    isUtc = false;
    region = null;
  }

  private @Nullable String date() {
    int start = at;
    if (isPeriod(peek(0))) {
      return leadingPeriod();
    }
    int digits = digits(at);
    if (digits == 4) {
      return extendedDate();
    }
    if (digits != 8 && digits != 7 && digits != 12 && digits != 14) {
      return NOT_ISO;
    }
    int year = number(4);
    if (digits == 7) {
      needsTime = !isTimeNext(start + 7);
      return ordinal(year, number(3));
    }
    return calendar(year, number(2), number(2));
  }

  private @Nullable String extendedDate() {
    int year = number(4);
    int letter = isPeriod(peek(0)) ? 0 : 1;
    if (isPeriod(peek(letter)) && (letter == 0 || " -/:".indexOf(peek(0)) >= 0)) {
      at += letter;
      int month = monthOfPeriod();
      return month == 0 || at < end ? NOT_ISO : calendar(year, month, 1);
    }
    char separator = peek(0);
    if (separator == 'W' || separator == 'w') {
      at++;
      return week(year, false);
    }
    if (separator != '-' && separator != '/' && separator != '.') {
      return NOT_ISO;
    }
    at++;
    if (separator == '-' && (peek(0) == 'W' || peek(0) == 'w')) {
      at++;
      return week(year, true);
    }
    int digits = digits(at);
    if (digits == 3 && separator == '-') {
      return ordinal(year, number(3));
    }
    if (digits < 1 || digits > 2) {
      return NOT_ISO;
    }
    int month = number(digits);
    if (peek(0) != separator || digits(at + 1) == 0) {
      return at == end && separator != '.' ? calendar(year, month, 1) : NOT_ISO;
    }
    at++;
    digits = digits(at);
    return digits > 2 ? NOT_ISO : calendar(year, month, number(digits));
  }

  private static boolean isPeriod(char letter) {
    return "QqMmSsHh".indexOf(letter) >= 0;
  }

  /** Reads a period before its year, such as Q1 2024. */
  private @Nullable String leadingPeriod() {
    int month = monthOfPeriod();
    if (month == 0 || " -/".indexOf(peek(0)) < 0 || digits(at + 1) != 4) {
      return NOT_ISO;
    }
    at++;
    int year = number(4);
    return at < end ? NOT_ISO : calendar(year, month, 1);
  }

  /**
   * Reads a quarter (Q), month (M) or half year (S or H) with its number; returns its first month,
   * or 0 if it is none.
   */
  private int monthOfPeriod() {
    char letter = Character.toUpperCase(peek(0));
    at++;
    int digits = digits(at);
    if (digits == 0 || digits > 2) {
      return 0;
    }
    int number = number(digits);
    int months = letter == 'Q' ? 3 : letter == 'M' ? 1 : 6;
    return number >= 1 && number <= 12 / months ? (number - 1) * months + 1 : 0;
  }

  private @Nullable String calendar(int year, int month, int day) {
    if (month < 1 || month > 12 || day < 1 || day > 31 || (day > 28 && day > days(year, month))) {
      return NO_DATE;
    }
    // Days from 1970-01-01, for years that begin in March.
    long y = month > 2 ? year : year - 1L;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    epochDay =
        era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    return null;
  }

  private static int days(int year, int month) {
    return YearMonth.of(year, month).lengthOfMonth();
  }

  private @Nullable String ordinal(int year, int day) {
    if (day < 1 || day > Year.of(year).length()) {
      return NO_DATE;
    }
    epochDay = LocalDate.ofYearDay(year, day).toEpochDay();
    return null;
  }

  private @Nullable String week(int year, boolean isExtended) {
    int digits = digits(at);
    int day = 1;
    if (isExtended ? digits != 2 : digits != 2 && digits != 3) {
      return NOT_ISO;
    }
    int week = number(2);
    if (digits == 3) {
      day = number(1);
    } else if (isExtended && peek(0) == '-' && digits(at + 1) == 1) {
      at++;
      day = number(1);
    }
    try {
      LocalDate first = LocalDate.of(year, 1, 4).with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, week);
      epochDay = first.toEpochDay() - first.getDayOfWeek().getValue() + day;
      return day < 1 || day > 7 || first.get(IsoFields.WEEK_BASED_YEAR) != year ? NO_DATE : null;
    } catch (DateTimeException e) {
      return NO_DATE;
    }
  }

  private boolean isTimeNext(int index) {
    return index < end && (text.charAt(index) == 'T' || text.charAt(index) == 't');
  }

  private @Nullable String time() {
    if (peek(0) == 'T' || peek(0) == 't') {
      at++;
      return digits(at) == 0 ? NOT_ISO : clock();
    }
    if (isDigit(at)) {
      return clock();
    }
    int start = at;
    skipBlanks();
    return at > start && isDigit(at) ? clock() : null;
  }

  private @Nullable String clock() {
    int digits = digits(at);
    if (digits != 1 && digits != 2 && digits != 4 && digits != 6) {
      return NOT_ISO;
    }
    if (digits == 1 && peek(1) != ':') {
      return NOT_ISO;
    }
    int hour = number(Math.min(2, digits));
    int minute = 0;
    int seconds = 0;
    boolean hasSeconds = digits == 6;
    if (digits >= 4) {
      minute = number(2);
      seconds = hasSeconds ? number(2) : 0;
    } else if (peek(0) == ':') {
      at++;
      if (digits(at) != 2) {
        return NOT_ISO;
      }
      minute = number(2);
      if (peek(0) == ':') {
        at++;
        if (digits(at) != 2) {
          return NOT_ISO;
        }
        seconds = number(2);
        hasSeconds = true;
      }
    }
    if (hasSeconds && (peek(0) == '.' || peek(0) == ',')) {
      at++;
      if (!isDigit(at)) {
        return NOT_ISO;
      }
      fraction();
    }
    int half = halfOfDay();
    if (half != NONE) {
      if (hour < 1 || hour > 12) {
        return NO_DATE;
      }
      hour = hour % 12 + half;
    }
    return timeOfDay(hour, minute, seconds);
  }

  private @Nullable String timeOfDay(int hour, int minute, int seconds) {
    boolean isLeapSecond = seconds == 60 && minute == 59;
    boolean isEndOfDay = hour == 24 && minute == 0 && seconds == 0 && nano == 0;
    if ((hour > 23 && !isEndOfDay) || minute > 59 || (seconds > 59 && !isLeapSecond)) {
      return NO_DATE;
    }
    second = hour * 3600 + minute * 60 + Math.min(59, seconds);
    return null;
  }

  private void fraction() {
    int scale = 100_000_000;
    for (; isDigit(at); at++) {
      nano += (text.charAt(at) - '0') * scale;
      scale /= 10;
    }
  }

  /** Reads AM or PM; returns the hours to add, or {@link #NONE}. */
  private int halfOfDay() {
    int index = at;
    while (index < end && isBlank(index)) {
      index++;
    }
    boolean isHalf =
        index + 2 == end
            && (text.charAt(index + 1) == 'M' || text.charAt(index + 1) == 'm')
            && "AaPp".indexOf(text.charAt(index)) >= 0;
    if (!isHalf) {
      return NONE;
    }
    at = end;
    return text.charAt(index) == 'A' || text.charAt(index) == 'a' ? 0 : 12;
  }

  private @Nullable String zone() {
    skipBlanks();
    String problem = null;
    char c = peek(0);
    if (c == '+' || c == '-' || c == '\u2212') {
      problem = offsetOf(c == '+' ? 1 : -1);
    } else if (Character.isLetter(c)) {
      problem = name();
    }
    if (problem != null) {
      return problem;
    }
    skipBlanks();
    return peek(0) == '[' ? bracketed() : abbreviation();
  }

  private @Nullable String offsetOf(int sign) {
    at++;
    int digits = digits(at);
    if (digits != 1 && digits != 2 && digits != 4 && digits != 6) {
      return NOT_ISO;
    }
    int hour = number(Math.min(2, digits));
    int minute = digits >= 4 ? number(2) : 0;
    int seconds = digits == 6 ? number(2) : 0;
    for (int part = 0; part < 2 && digits <= 2 && peek(0) == ':'; part++) {
      at++;
      if (digits(at) != 2) {
        return NOT_ISO;
      }
      minute = part == 0 ? number(2) : minute;
      seconds = part == 1 ? number(2) : seconds;
    }
    int total = hour * 3600 + minute * 60 + seconds;
    if (minute > 59 || seconds > 59 || total > MAX_OFFSET_S) {
      return BAD_ZONE;
    }
    offset = sign * total;
    return null;
  }

  /** Reads Z, UTC or GMT, perhaps followed by an offset, or the name of a zone. */
  private @Nullable String name() {
    int start = at;
    boolean isPath = false;
    while (at < end && (isNamePart(peek(0)) || (isPath && (peek(0) == '-' || peek(0) == '+')))) {
      isPath |= peek(0) == '/';
      at++;
    }
    int length = at - start;
    isUtc =
        (length == 1 && (peekAt(start) == 'Z' || peekAt(start) == 'z'))
            || (length == 3
                && (text.regionMatches(true, start, "UTC", 0, 3)
                    || text.regionMatches(true, start, "GMT", 0, 3)));
    if (!isUtc) {
      return regionOf(text.substring(start, at));
    }
    offset = 0;
    if (length == 3 && (peek(0) == '+' || peek(0) == '-')) {
      isUtc = false;
      return offsetOf(peek(0) == '+' ? 1 : -1);
    }
    return null;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '/' || c == '_';
  }

  private @Nullable String regionOf(String name) {
    if (name.indexOf('/') < 0) {
      return BAD_ZONE;
    }
    try {
      region = ZoneId.of(name);
      return null;
    } catch (DateTimeException e) {
      return BAD_ZONE;
    }
  }

  /** Reads a zone in brackets, which must agree with the offset if there is one. */
  private @Nullable String bracketed() {
    int close = text.indexOf(']', at);
    if (close < 0) {
      return NOT_ISO;
    }
    try {
      ZoneId zone = ZoneId.of(text.substring(at + 1, close));
      at = close + 1;
      if (offset == NONE) {
        region = zone;
      } else if (!isUtc && !isOffsetOf(zone)) {
        return "an offset that its zone does not have at this time";
      }
      return null;
    } catch (DateTimeException e) {
      return BAD_ZONE;
    }
  }

  private boolean isOffsetOf(ZoneId zone) {
    Instant instant = Instant.ofEpochSecond(localSecond() - offset);
    return zone.getRules().getOffset(instant).getTotalSeconds() == offset;
  }

  /** Skips an abbreviation such as CET after an offset. */
  private @Nullable String abbreviation() {
    if (offset == NONE || at == end) {
      return null;
    }
    while (at < end && text.charAt(at) >= 'A' && text.charAt(at) <= 'Z') {
      at++;
    }
    return null;
  }

  private void skipBlanks() {
    while (at < end && isBlank(at)) {
      at++;
    }
  }

  private boolean isBlank(int index) {
    char c = text.charAt(index);
    return c <= ' ' || c == '\u00a0' || c == '\u202f';
  }

  private char peek(int ahead) {
    return at + ahead < end ? text.charAt(at + ahead) : 0;
  }

  private char peekAt(int index) {
    return text.charAt(index);
  }

  private boolean isDigit(int index) {
    return index < end && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  /** Returns the number of digits from an index on. */
  private int digits(int index) {
    int to = index;
    while (isDigit(to)) {
      to++;
    }
    return to - index;
  }

  /** Reads a number of digits that were counted before. */
  private int number(int digits) {
    int number = 0;
    for (int i = 0; i < digits; i++) {
      number = number * 10 + text.charAt(at++) - '0';
    }
    return number;
  }
}
