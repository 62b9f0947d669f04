package io.eddy.dataset.csv;

import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampFormat;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Summary of how a CSV file was read.
 *
 * @param file its name
 */
public record CsvSummary(String file, Columns columns, Text text, Times times, Counts counts) {
  /**
   * The columns that were read.
   *
   * @param series names joined by +; null if there is one series, or one per column
   * @param only name of the series, if no column has it; otherwise null
   * @param timestamp names joined by +
   * @param values columns of values
   * @param ignored columns that were not read
   */
  public record Columns(
      @Nullable String series,
      @Nullable String only,
      String timestamp,
      List<String> values,
      List<String> ignored) {}

  /**
   * The text.
   *
   * @param decimal decimal separator; 0 if no number has one
   * @param skippedLines lines after the header that hold further names, or units
   */
  public record Text(char separator, char decimal, List<Long> skippedLines) {}

  /**
   * The times.
   *
   * @param isFormatStated whether the user has stated the format
   * @param zone zone of the times that state none; null if it was not stated
   */
  public record Times(
      TimestampFormat format,
      boolean isFormatStated,
      @Nullable ZoneId zone,
      TimestampCounts counts) {}

  /**
   * Numbers of lines.
   *
   * @param rows lines of data
   * @param observations values
   * @param duplicates observations whose series and time an earlier one has
   * @param missingValues missing values
   * @param roundedIntegers integers beyond ±2^53 that were rounded to a float64
   */
  public record Counts(
      long rows, long observations, long duplicates, long missingValues, long roundedIntegers) {}
}
