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

/** A line of a CSV file. Error messages name file, line and column. */
public record CsvLine(CsvHeader header, CsvRecord record) {
  private static final Set<String> MISSING = Set.of("", "NA", "NaN", "nan", "null");

  /** A decimal number or infinity; stricter than {@link Double#parseDouble}. */
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

  /** Returns whether the field is empty, NA, NaN or null. */
  public boolean isMissing(int column) {
    return MISSING.contains(field(column).strip());
  }

  /** Returns a field that must not be empty. */
  public String name(int column) {
    String name = field(column);
    if (name.isEmpty()) {
      throw invalid(column, "a name");
    }
    return name;
  }

  /** Returns a finite number. */
  public double number(int column) {
    String text = field(column).strip();
    if (!NUMBER.matcher(text).matches()) {
      throw invalid(column, "a number");
    }
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw invalid(column, "a finite number");
    }
    if (!Observation.isInRange(number)) {
      throw invalid(column, "a number within ±1e35");
    }
    return number;
  }

  /** Returns a timestamp in epoch milliseconds, from ISO-8601 (UTC without a zone) or digits. */
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
      throw invalid(column, "an ISO-8601 time or epoch milliseconds");
    }
  }

  /** Returns the exception for an invalid field. */
  public InvalidRecordException invalid(int column, String expected) {
    return new InvalidRecordException(
        "%s line %d, column %s: expected %s, got '%s'",
        header.file(),
        record.getStartingLineNumber(),
        header.names().get(column),
        expected,
        field(column));
  }
}
