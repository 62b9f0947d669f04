package io.eddy.dataset.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.StepCounts;
import io.eddy.series.Covariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.InvalidTimestampException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the lines of a CSV file into a collector of observations. */
final class RowReader implements Consumer<CsvRecord> {
  /** Maximum length of the name of a series on topics. */
  private static final int MAX_NAME_BYTES = 1024;

  private static final int MAX_BYTES_PER_CHAR = 3;

  /** Columns to read, and their formats. */
  record Plan(
      CsvDialect dialect, CsvLayout layout, List<String> covariates, ColumnOptions.Names names) {}

  private final CsvDialect dialect;
  private final CsvHeader header;
  private final CsvLayout layout;
  private final int[] seriesColumns;
  private final int[] timeColumns;
  private final int[] valueColumns;
  private final int[] constantColumns;
  private final String[] constants;

  /** Names of series by column of values, or endings of names if there are columns of series. */
  private final String[] valueNames;

  private final Map<String, Integer> covariates = new TreeMap<>();
  private final ColumnOptions.Names names;
  private final TimeColumn times;
  private final NumberReader numbers;
  private final SeriesCollector collector = new SeriesCollector();
  private long line;
  private long firstRow;
  private long rows;
  private long missingValues;

  RowReader(Plan plan, TimeColumn times, NumberReader numbers) {
    dialect = plan.dialect();
    header = dialect.header();
    names = plan.names();
    layout = plan.layout();
    constantColumns = indexes(layout.constant());
    constants = new String[constantColumns.length];
    seriesColumns = indexes(plan.layout().series());
    timeColumns = indexes(plan.layout().times());
    valueColumns = indexes(plan.layout().values());
    valueNames = valueNames(plan.layout());
    plan.covariates().forEach(name -> covariates.put(name, header.column(name)));
    this.times = times;
    this.numbers = numbers;
  }

  private static int[] indexes(List<Integer> columns) {
    return columns.stream().mapToInt(Integer::intValue).toArray();
  }

  private String[] valueNames(CsvLayout layout) {
    String[] endings = new String[valueColumns.length];
    for (int i = 0; i < endings.length; i++) {
      String column = header.name(valueColumns[i]);
      if (seriesColumns.length > 0) {
        endings[i] = layout.isWide() ? names.separator() + column : "";
      } else {
        endings[i] = layout.isWide() ? column : onlyName(header, names);
      }
    }
    return endings;
  }

  /** Returns the name of the only series: the stated one, or that of the file. */
  static String onlyName(CsvHeader header, ColumnOptions.Names names) {
    if (names.only() != null) {
      return names.only();
    }
    String file = String.valueOf(header.file().getFileName());
    return file.replaceFirst("(?i)(\\.(csv|tsv|txt|dat|gz))+$", "");
  }

  @Override
  public void accept(CsvRecord row) {
    line = row.getStartingLineNumber();
    if (row.isComment()) {
      requireNoData(dialect, layout, row);
      return;
    }
    if (!CsvLine.hasData(header, row)) {
      return;
    }
    if (rows++ == 0) {
      firstRow = line;
    }
    read(row);
  }

  /** Rejects a line that begins with # and is complete: the series may have that name. */
  static void requireNoData(CsvDialect dialect, CsvLayout layout, CsvRecord comment) {
    CsvHeader header = dialect.header();
    List<String> fields = CsvDialect.fields("#" + comment.getField(0), dialect.separator());
    if (fields.size() == header.names().size()
        && ColumnContents.isTimeOrNumber(layout.time(fields))
        && ColumnContents.isTimeOrNumber(fields.get(layout.values().get(0)).strip())) {
      throw new InvalidRecordException(
          "%s line %d begins with # and has all columns: quote its first field if it is data, or"
              + " remove the line if it is a comment",
          header.file(), comment.getStartingLineNumber());
    }
  }

  /** Rejects a file of which a column that seemed constant tells series apart. */
  private void requireConstant(CsvRecord row) {
    for (int i = 0; i < constantColumns.length; i++) {
      String text = row.getField(constantColumns[i]);
      if (rows == 1) {
        constants[i] = text;
      } else if (!text.equals(constants[i])) {
        throw new InvalidRecordException(
            "%s line %d: %s",
            header.file(),
            line,
            ColumnDetector.severalSeries(header, List.of(constantColumns[i]), layout));
      }
    }
  }

  private void read(CsvRecord row) {
    requireConstant(row);
    long timestampMs = time(row);
    String series = seriesColumns.length == 0 ? "" : series(row);
    Covariates known = covariates(row);
    for (int i = 0; i < valueColumns.length; i++) {
      String name = valueNames[i].isEmpty() ? series : series + valueNames[i];
      double value = number(row, valueColumns[i]);
      if (!Double.isNaN(value)) {
        collector.add(new Observation(name, timestampMs, value, known));
      } else {
        missingValues++;
        if (!known.isEmpty()) {
          collector.addFutureCovariates(name, timestampMs, known);
        }
      }
    }
  }

  private long time(CsvRecord row) {
    String text =
        timeColumns.length == 1
            ? row.getField(timeColumns[0]).strip()
            : layout.time(row.getFields());
    try {
      return times.read(text);
    } catch (InvalidTimestampException e) {
      throw text.isBlank()
          ? invalid(timeColumns[0], "a time", "", advice(text))
          : new InvalidRecordException(
              "%s line %d, column %s: %s: %s%s",
              header.file(),
              line,
              CsvLayout.names(header, layout.times()),
              e.reason(),
              CsvLine.quote(text),
              advice(text));
    }
  }

  private String series(CsvRecord row) {
    if (seriesColumns.length == 1) {
      return checkedName(row.getField(seriesColumns[0]).strip(), seriesColumns[0]);
    }
    StringBuilder name = new StringBuilder();
    for (int column : seriesColumns) {
      String part = row.getField(column).strip();
      if (part.isEmpty()) {
        throw invalid(column, "a name", part);
      }
      if (part.contains(names.separator())) {
        throw invalid(
            column,
            "a part of a name without the separator '%s' (events.key-separator)"
                .formatted(names.separator()),
            part);
      }
      name.append(name.isEmpty() ? "" : names.separator()).append(part);
    }
    return checkedName(name.toString(), seriesColumns[0]);
  }

  private String checkedName(String name, int column) {
    if (name.isEmpty()) {
      throw invalid(column, "a name", name);
    }
    if (name.length() > MAX_NAME_BYTES / MAX_BYTES_PER_CHAR
        && name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw invalid(column, "a name of at most %d bytes".formatted(MAX_NAME_BYTES), name);
    }
    return name;
  }

  /** Returns a number, or NaN if it is missing. */
  private double number(CsvRecord row, int column) {
    String text = row.getField(column).strip();
    double number;
    try {
      number = numbers.read(text);
    } catch (NumberFormatException e) {
      throw invalid(column, String.valueOf(e.getMessage()), text, advice(text));
    }
    if (Double.isInfinite(number)) {
      throw invalid(column, "a finite number", text);
    }
    if (!Double.isNaN(number) && !Observation.isInRange(number)) {
      throw invalid(column, "a number within ±1e35", text);
    }
    return number;
  }

  private Covariates covariates(CsvRecord row) {
    if (covariates.isEmpty()) {
      return Covariates.NONE;
    }
    Map<String, Double> values = new TreeMap<>();
    covariates.forEach(
        (name, column) -> {
          double value = number(row, column);
          if (!Double.isNaN(value)) {
            values.put(name, value);
          }
        });
    return new Covariates(values);
  }

  private InvalidRecordException invalid(int column, String expected, String text) {
    return invalid(column, expected, text, "");
  }

  private InvalidRecordException invalid(int column, String expected, String text, String advice) {
    return new InvalidRecordException(
        "%s line %d, column %s: expected %s, got %s%s",
        header.file(), line, header.name(column), expected, CsvLine.quote(text), advice);
  }

  private String advice(String text) {
    boolean isWord = text.chars().noneMatch(Character::isDigit);
    return line == firstRow && isWord ? "; if this line has units or types, remove it" : "";
  }

  SeriesCollector collector() {
    return collector;
  }

  /**
   * Returns the numbers of what was read.
   *
   * @param kept series after the choice among duplicates
   */
  CsvSummary.Counts counts(List<SeriesData> kept) {
    long observations = collector.size();
    long size = kept.stream().mapToLong(SeriesData::size).sum();
    return new CsvSummary.Counts(
        rows,
        observations,
        observations - size + StepCounts.duplicates(kept),
        missingValues,
        numbers.roundedIntegers());
  }
}
