package io.eddy.series.time;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Detects the format of a column or field from all its values.
 *
 * <p>Whole numbers have the form in which all of them are times from 1990 up to 2100, digits of
 * dates from 1900 up to 2100, or years from 1600 up to 2200. Milliseconds of which at least half
 * are such times may go back to April 1970. Any others, such as row numbers, are rejected.
 *
 * <p>Dates such as {@code 31/12/2024} have the order of day and month that fits all of them, and
 * are rejected if both do.
 */
public final class TimestampDetector {
  private final TimestampSource source;
  private final IsoScanner iso = new IsoScanner();
  private final SlashDates slashes = new SlashDates();
  private final Set<NumericForm> forms = EnumSet.allOf(NumericForm.class);
  private final Map<NumericForm, Long> fits = new EnumMap<>(NumericForm.class);
  private @Nullable NumericForm single;
  private long numbers;
  private long fractions;
  private long isoTexts;
  private long namedTexts;
  private long others;
  private String otherShape = "";
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean areYears = true;

  /** Creates a detector without values. */
  public TimestampDetector(TimestampSource source) {
    this.source = source;
  }

  /** Adds a text; blank text is ignored. */
  public void add(String text) {
    String number = TimeNumber.normalized(text);
    if (number != null) {
      addNumber(number);
    } else if (!text.isBlank()) {
      addWords(text);
    }
  }

  private void addNumber(String number) {
    try {
      if (TimeNumber.isInteger(number)) {
        add(Long.parseLong(number));
        return;
      }
    } catch (NumberFormatException e) {
      // More than 64 bits: a time in no unit, which the next statement records.
    }
    add(Double.parseDouble(number));
  }

  private void addWords(String text) {
    if (iso.scan(text) == null) {
      isoTexts++;
    } else if (slashes.add(text)) {
      // Counted there.
    } else if (isRfc(text)) {
      namedTexts++;
    } else {
      others++;
      otherShape = otherShape.isEmpty() ? TextShape.of(text) : otherShape;
    }
  }

  private static boolean isRfc(String text) {
    try {
      var unused =
          new TimestampReader(TimestampFormat.RFC_1123, null, TimestampSource.CSV).ofText(text);
      return true;
    } catch (InvalidTimestampException e) {
      return false;
    }
  }

  /** Adds a whole number. */
  public void add(long number) {
    numbers++;
    range((double) number);
    areYears &= number >= 1600 && number < 2200;
    if (single != null && single.fits(number)) {
      fits.merge(single, 1L, Long::sum);
      return;
    }
    Set<NumericForm> fitting = NumericForm.of(number);
    fitting.forEach(form -> fits.merge(form, 1L, Long::sum));
    forms.retainAll(fitting);
    single = forms.size() == 1 ? forms.iterator().next() : null;
  }

  /** Adds a number with a fraction. */
  public void add(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
      add((long) number);
      return;
    }
    numbers++;
    fractions++;
    range(number);
    areYears = false;
    NumericForm form = NumericForm.of(number);
    if (form != null) {
      fits.merge(form, 1L, Long::sum);
    }
    forms.removeIf(candidate -> candidate != form);
    single = forms.size() == 1 ? form : null;
  }

  private void range(double number) {
    min = Math.min(min, number);
    max = Math.max(max, number);
  }

  /**
   * Returns the format.
   *
   * @throws InvalidTimestampException if there are no values, or their format is mixed, ambiguous,
   *     or unknown
   */
  public TimestampFormat detect() {
    Map<String, Long> kinds = kinds();
    if (kinds.isEmpty()) {
      throw unknown(others == 0 ? "no times" : "text of the shape " + otherShape);
    }
    if (kinds.size() > 1) {
      throw unknown(
          kinds.entrySet().stream()
              .map(kind -> "%d %s".formatted(kind.getValue(), kind.getKey()))
              .collect(Collectors.joining(" and ")));
    }
    if (numbers > 0) {
      return number();
    }
    return isoTexts > 0
        ? TimestampFormat.ISO_8601
        : namedTexts > 0 ? TimestampFormat.RFC_1123 : slashDates();
  }

  private Map<String, Long> kinds() {
    Map<String, Long> kinds = new LinkedHashMap<>();
    put(kinds, "numbers", numbers);
    put(kinds, "ISO-8601 times", isoTexts);
    put(kinds, "RFC 1123 times", namedTexts);
    put(kinds, "dates such as 31/12/2024", slashes.count());
    return kinds;
  }

  private static void put(Map<String, Long> kinds, String name, long count) {
    if (count > 0) {
      kinds.put(name, count);
    }
  }

  private TimestampFormat slashDates() {
    List<TimestampFormat> formats = slashes.formats();
    if (formats.size() == 1) {
      return formats.get(0);
    }
    throw formats.isEmpty()
        ? unknown("dates in which neither day nor month is always first")
        : unknown("dates that are read as both " + names(formats));
  }

  private TimestampFormat number() {
    Set<NumericForm> fitting = EnumSet.copyOf(forms);
    if (areYears) {
      return TimestampFormat.of("yyyy");
    }
    fitting.remove(NumericForm.DAYS);
    if (fitting.size() == 1) {
      return fitting.iterator().next().format();
    }
    if (fitting.size() > 1) {
      throw unknown("numbers that look like both " + names(formats(fitting)));
    }
    if (areEarlyMilliseconds()) {
      return TimestampFormat.MS;
    }
    throw unknown(describeNumbers());
  }

  /** Returns whether the numbers are milliseconds, some of which are before 1990. */
  private boolean areEarlyMilliseconds() {
    long fitting = fits.getOrDefault(NumericForm.MILLISECONDS, 0L);
    return fits.size() == 1
        && 2 * fitting >= numbers
        && min >= NumericForm.MIN_EARLY_MS
        && EpochUnit.MS.isPlausible(max);
  }

  private String describeNumbers() {
    String fitting =
        fits.entrySet().stream()
            .map(
                fit ->
                    "%d that look like %s"
                        .formatted(fit.getValue(), fit.getKey().format().description()))
            .collect(Collectors.joining(", "));
    if (!fitting.isEmpty() && !forms.contains(NumericForm.DAYS)) {
      return "%d numbers: %s".formatted(numbers, fitting);
    }
    return forms.contains(NumericForm.DAYS) && fractions == 0
        ? "numbers that look like row numbers or days since 1970"
        : "numbers that are no times from 1990 to 2100 in any unit, such as row numbers";
  }

  private static List<TimestampFormat> formats(Set<NumericForm> forms) {
    List<TimestampFormat> formats = new ArrayList<>();
    forms.forEach(form -> formats.add(form.format()));
    return formats;
  }

  private static String names(List<TimestampFormat> formats) {
    return formats.stream().map(TimestampFormat::id).collect(Collectors.joining(" and "));
  }

  private InvalidTimestampException unknown(String found) {
    return new InvalidTimestampException(
        "the format of the times is not known: found %s; set %s to %s, or a pattern such as MMM yyyy"
            .formatted(found, source.formatSetting(), TimestampFormat.explicitIds()));
  }

  /** Returns the shape of the first text that is no time; null if there is none. */
  public @Nullable String otherShape() {
    return otherShape.isEmpty() ? null : otherShape;
  }
}
