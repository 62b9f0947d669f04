package io.eddy.dataset.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;
import io.eddy.series.Observation;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;

/** A line of a CSV file. Error messages name file, line and column. */
public record CsvLine(CsvHeader header, CsvRecord record) {
  private static final int MAX_QUOTED = 60;

  /** Returns the number of the line, from 1. */
  public long number() {
    return record.getStartingLineNumber();
  }

  private String field(int column) {
    if (record.getFieldCount() != header.names().size()) {
      throw columns(header, record);
    }
    return record.getField(column).strip();
  }

  /**
   * Returns whether a line has data. Blank fields after the last column do not count.
   *
   * @throws InvalidRecordException if it does not have as many columns as the header
   */
  static boolean hasData(CsvHeader header, CsvRecord record) {
    int columns = header.names().size();
    if (isBlank(record, 0)) {
      return false;
    }
    if (record.getFieldCount() < columns || !isBlank(record, columns)) {
      throw columns(header, record);
    }
    return true;
  }

  /** Returns whether all fields from an index on are blank. */
  private static boolean isBlank(CsvRecord record, int from) {
    for (int i = from; i < record.getFieldCount(); i++) {
      if (!record.getField(i).isBlank()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the exception for a line that does not have as many columns as the header. */
  private static InvalidRecordException columns(CsvHeader header, CsvRecord record) {
    boolean isLonger = record.getFieldCount() > header.names().size();
    return new InvalidRecordException(
        "%s line %d: expected %d columns, got %d%s",
        header.file(),
        record.getStartingLineNumber(),
        header.names().size(),
        record.getFieldCount(),
        isLonger
            ? "; a field that contains the separator, such as a decimal comma, must be in double quotes"
            : "");
  }

  /** Returns whether the field is empty or a word such as NA. */
  public boolean isMissing(int column) {
    return MissingWords.isMissing(field(column));
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
    String text = field(column);
    if (!NumberText.isNumber(text)) {
      throw invalid(column, "a number");
    }
    double number = NumberText.parse(text);
    if (!Observation.isInRange(number)) {
      throw invalid(column, "a number within ±1e35");
    }
    return number;
  }

  /** Returns a time in epoch milliseconds; UTC without a zone. */
  public long time(int column) {
    try {
      return new TimestampReader(TimestampFormat.AUTO, null, TimestampSource.CSV)
          .ofText(field(column));
    } catch (InvalidTimestampException e) {
      throw invalid(column, "an ISO-8601 time or epoch milliseconds");
    }
  }

  /** Returns the exception for an invalid field. */
  public InvalidRecordException invalid(int column, String expected) {
    return new InvalidRecordException(
        "%s line %d, column %s: expected %s, got %s",
        header.file(), number(), header.name(column), expected, quote(field(column)));
  }

  /** Returns a text in quotes, shortened. */
  static String quote(String text) {
    return text.length() <= MAX_QUOTED
        ? "'" + text + "'"
        : "'%s…' (%,d characters)".formatted(text.substring(0, MAX_QUOTED), text.length());
  }
}
