package io.eddy.series.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes epoch milliseconds as text or numbers, such that {@link TimestampReader} reads them. */
public final class TimestampWriter {
  private static final double DAY_MS = 86_400_000;
  private static final long EXCEL_DAYS = 25_569;

  private final TimestampFormat format;
  private final @Nullable ZoneId zone;
  private final @Nullable TimestampPattern pattern;
  private final TimestampReader reader;

  /**
   * Creates a writer.
   *
   * @param zone zone of local times; null if it is not set
   */
  public TimestampWriter(TimestampFormat format, @Nullable ZoneId zone) {
    this.format = format;
    this.zone = zone;
    pattern = format.pattern() == null ? null : TimestampPattern.of(format.pattern());
    reader = new TimestampReader(format, zone, TimestampSource.EVENT);
  }

  /**
   * Returns a time as a Long, Double or String.
   *
   * @throws IllegalArgumentException if the format has no representation of the time
   */
  public Object write(long ms) {
    try {
      Object written = convert(ms);
      if (read(written) == ms) {
        return written;
      }
    } catch (InvalidTimestampException e) {
      throw cannotWrite(ms, e.reason());
    } catch (ArithmeticException e) {
      throw cannotWrite(ms, "out of range");
    }
    throw cannotWrite(ms, "its precision or its zone does not allow it");
  }

  private IllegalArgumentException cannotWrite(long ms, String why) {
    return new IllegalArgumentException(
        "cannot write the time %s as %s: %s"
            .formatted(Instant.ofEpochMilli(ms), format.description(), why));
  }

  private long read(Object written) {
    if (written instanceof Long number) {
      return reader.ofInteger(number);
    }
    return written instanceof Double number
        ? reader.ofFraction(number)
        : reader.ofText((String) written);
  }

  private Object convert(long ms) {
    return switch (format.kind()) {
      case AUTO -> EpochUnit.MS.isPlausible(ms) ? (Object) ms : Instant.ofEpochMilli(ms).toString();
      case ISO_8601 -> Instant.ofEpochMilli(ms).toString();
      case RFC_1123 ->
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC));
      case S -> ms % 1000 == 0 ? (Object) (ms / 1000) : (Object) (ms / 1e3);
      case MS -> ms;
      case US -> EpochUnit.US.ofMs(ms);
      case NS -> EpochUnit.NS.ofMs(ms);
      case DAYS -> local(ms).toLocalDate().toEpochDay();
      case EXCEL -> local(ms).toInstant(ZoneOffset.UTC).toEpochMilli() / DAY_MS + EXCEL_DAYS;
      case PATTERN -> pattern(ms);
    };
  }

  private LocalDateTime local(long ms) {
    return Instant.ofEpochMilli(ms).atZone(zone == null ? ZoneOffset.UTC : zone).toLocalDateTime();
  }

  private String pattern(long ms) {
    TimestampPattern compiled = pattern == null ? TimestampPattern.of("yyyy") : pattern;
    return compiled.format(local(ms), zone == null ? ZoneOffset.UTC : zone);
  }
}
