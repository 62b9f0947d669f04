package io.eddy.dataset;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.regex.Pattern;

/** One line of a CSV file, with the coordinates that an error names. */
public record CsvLine(CsvHeader header, CsvRecord record) {
  private static final Set<String> MISSING = Set.of("", "NA", "NaN", "nan", "null");

  /** A decimal number, or a word for one that is not finite: less than Java's parser takes. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?((\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|Infinity)");

  String field(int column) {
    if (record.getFieldCount() != header.names().size()) {
      throw new InvalidRecordException(
          "%s line %d: expected %d columns, got %d",
          header.file(),
          record.getStartingLineNumber(),
          header.names().size(),
          record.getFieldCount());
    }
    return record.getField(column);
  }

  /** Whether the field is empty, NA or NaN. */
  public boolean isMissing(int column) {
    return MISSING.contains(field(column).strip());
  }

  public String name(int column) {
    String name = field(column);
    if (name.isEmpty()) {
      throw wrong(column, "a name");
    }
    return name;
  }

  public double number(int column) {
    String text = field(column).strip();
    if (!NUMBER.matcher(text).matches()) {
      throw wrong(column, "a number");
    }
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw wrong(column, "a finite number");
    }
    if (!Observation.isInRange(number)) {
      throw wrong(column, "a number within ±1e35");
    }
    return number;
  }

  /** ISO-8601, UTC where it names no zone, or epoch milliseconds. */
  public long time(int column) {
    String text = field(column).strip();
    try {
      if (text.chars().allMatch(Character::isDigit)) {
        return Long.parseLong(text);
      }
      String iso = text.indexOf(':') < 0 ? text + "T00:00" : text.replace(' ', 'T');
      boolean hasZone = iso.endsWith("Z") || iso.matches(".*[+-]\\d\\d(:?\\d\\d)?");
      return hasZone && iso.indexOf('T') > 0
          ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      throw wrong(column, "an ISO-8601 time or epoch milliseconds");
    }
  }

  public InvalidRecordException wrong(int column, String expected) {
    return new InvalidRecordException(
        "%s line %d, column %s: expected %s, got '%s'",
        header.file(),
        record.getStartingLineNumber(),
        header.names().get(column),
        expected,
        field(column));
  }
}
