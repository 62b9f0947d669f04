package io.eddy.dataset.csv;

import io.eddy.series.Duplicates;
import org.jspecify.annotations.Nullable;

/**
 * Options for reading a CSV file.
 *
 * @param duplicates which of several observations of a series and time counts; null to keep all
 */
public record CsvOptions(
    TextOptions text,
    ColumnOptions columns,
    NumberOptions numbers,
    TimeOptions times,
    @Nullable Duplicates duplicates) {
  /** Detects everything. */
  public static final CsvOptions DETECT =
      new CsvOptions(
          TextOptions.DETECT, ColumnOptions.DETECT, NumberOptions.DETECT, TimeOptions.DETECT, null);

  /** Returns these options with a rule for duplicates. */
  public CsvOptions with(Duplicates rule) {
    return new CsvOptions(text, columns, numbers, times, rule);
  }
}
