package io.eddy.dataset.csv;

import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.series.Duplicates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampDetector;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads observations from a CSV file, plain or gzip. What the options do not state is detected:
 * encoding, separator, header, the columns of series, time and value, decimal separator and format
 * of the times. A file that can be read in more than one way is rejected, with the option that
 * decides.
 *
 * <p>A file has one line per time and series, or one column per series. An empty field or a word
 * such as NA is a missing value or covariate. A line without a value only provides future
 * covariates.
 *
 * <p>A format of times that the first lines show is used for the whole file if all its times
 * confirm it. If not, the file is read once more to detect the format from all of them.
 */
public final class CsvObservations {
  /** A file with many observations of equal times probably has a column of series. */
  private static final int MIN_ROWS_PER_REPEATED_TIME = 10;

  private final Path file;
  private final CsvOptions options;
  private final List<String> covariates;

  private CsvObservations(Path file, CsvOptions options, List<String> covariates) {
    this.file = file;
    this.options = options;
    this.covariates = covariates;
  }

  /** Reads a file without covariates; detects everything. */
  public static CsvData read(Path file) {
    return read(file, CsvOptions.DETECT, List.of());
  }

  /**
   * Reads a file.
   *
   * @param covariates columns of covariates
   * @throws InvalidRecordException if the file is invalid or has no observations; the message names
   *     file, line and column, or the option that is needed
   */
  public static CsvData read(Path file, CsvOptions options, List<String> covariates) {
    return new CsvObservations(file, options, List.copyOf(covariates)).read();
  }

  /** A complete reading of the file. */
  private record Reading(
      CsvDialect dialect,
      CsvLayout layout,
      TimeColumn times,
      NumberReader numbers,
      RowReader rows) {}

  private CsvData read() {
    TimestampFormat stated = options.times().format();
    if (!stated.equals(TimestampFormat.AUTO)) {
      return data(read(TimeColumn.of(stated, options.times())));
    }
    try {
      return data(read((TimeColumn) null));
    } catch (TimeColumn.UnconfirmedFormatException e) {
      if (!Files.isRegularFile(file)) {
        throw new InvalidRecordException(
            "%s: the format of the times cannot be told from the first lines; give"
                + " --timestamp-format",
            file);
      }
    }
    return data(read(TimeColumn.of(detect(), options.times())));
  }

  /**
   * Reads the file.
   *
   * @param known null to assume the format of the first times
   * @throws TimeColumn.UnconfirmedFormatException if other times do not confirm it
   */
  private Reading read(@Nullable TimeColumn known) {
    Reading[] reading = new Reading[1];
    CsvFile.read(
        file,
        options.text(),
        dialect -> {
          CsvLayout layout = ColumnDetector.detect(dialect, options.columns(), covariates);
          TimeColumn times =
              known == null ? TimeColumn.assumed(sample(dialect, layout), options.times()) : known;
          NumberReader numbers = new NumberReader(options.numbers(), dialect.separator());
          RowReader rows =
              new RowReader(
                  new RowReader.Plan(dialect, layout, covariates, options.columns().names()),
                  times,
                  numbers);
          reading[0] = new Reading(dialect, layout, times, numbers, rows);
          return rows;
        });
    return Objects.requireNonNull(reading[0]);
  }

  private static List<String> sample(CsvDialect dialect, CsvLayout layout) {
    List<String> times = new ArrayList<>();
    for (List<String> row : dialect.sample()) {
      if (row.size() >= dialect.header().names().size()) {
        times.add(layout.time(row));
      }
    }
    return times;
  }

  /** Detects the format of the times from all of them. */
  private TimestampFormat detect() {
    TimestampDetector detector = new TimestampDetector(TimestampSource.CSV);
    String[] column = {""};
    boolean[] hasRows = {false};
    CsvFile.read(
        file,
        options.text(),
        dialect -> {
          CsvLayout layout = ColumnDetector.detect(dialect, options.columns(), covariates);
          column[0] = CsvLayout.names(dialect.header(), layout.times());
          return row -> {
            if (row.isComment()) {
              RowReader.requireNoData(dialect, layout, row);
            } else if (CsvLine.hasData(dialect.header(), row)) {
              hasRows[0] = true;
              detector.add(layout.time(row.getFields()));
            }
          };
        });
    if (!hasRows[0]) {
      throw new InvalidRecordException("%s has no observations", file);
    }
    try {
      return detector.detect();
    } catch (InvalidTimestampException e) {
      throw new InvalidRecordException("%s, column %s: %s", file, column[0], e.reason());
    }
  }

  private CsvData data(Reading reading) {
    SeriesCollector collector = reading.rows().collector();
    Duplicates rule = options.duplicates();
    List<SeriesData> series = rule == null ? collector.toList() : collector.toList(rule);
    if (series.isEmpty()) {
      throw new InvalidRecordException("%s has no observations", file);
    }
    requireDecimal(reading);
    requireZone(reading);
    CsvSummary summary = summary(reading, series);
    requireDistinctTimes(reading, series.size(), summary.counts());
    return new CsvData(series, summary);
  }

  private void requireDecimal(Reading reading) {
    String doubt = reading.numbers().doubt();
    if (doubt != null) {
      throw new InvalidRecordException(
          "%s: the separator in numbers such as '%s' may be that of decimals or of thousands; give"
              + " --decimal %s if it is that of decimals; thousands separators are not read",
          file, doubt, reading.numbers().decimal());
    }
  }

  private void requireZone(Reading reading) {
    TimestampCounts counts = reading.times().counts();
    if (options.times().zone() == null && counts.isMixed()) {
      throw new InvalidRecordException(
          "%s, column %s: %,d times have a zone and %,d have none; give --zone for those without",
          file,
          CsvLayout.names(reading.dialect().header(), reading.layout().times()),
          counts.absolute(),
          counts.local());
    }
  }

  /** Rejects detected columns if many times occur several times. */
  private void requireDistinctTimes(Reading reading, int series, CsvSummary.Counts counts) {
    CsvLayout layout = reading.layout();
    List<String> ignored = layout.ignored(reading.dialect().header(), covariates);
    if (layout.isStated()
        || !layout.series().isEmpty()
        || (ignored.isEmpty() && !layout.isWide())) {
      return;
    }
    if (counts.duplicates() * MIN_ROWS_PER_REPEATED_TIME > counts.observations()) {
      CsvHeader header = reading.dialect().header();
      throw new InvalidRecordException(
          "%s: %,d of %,d times occur several times, so that a column probably tells series apart;"
              + " the header is %s. Name the columns, for example --columns"
              + " series=COLUMN,timestamp=%s,value=COLUMN",
          file,
          counts.duplicates() / series,
          counts.observations() / series,
          header.describe(),
          CsvLayout.names(header, layout.times()));
    }
  }

  private CsvSummary summary(Reading reading, List<SeriesData> series) {
    CsvHeader header = reading.dialect().header();
    CsvLayout layout = reading.layout();
    boolean isOnly = layout.series().isEmpty() && !layout.isWide();
    return new CsvSummary(
        String.valueOf(file.getFileName()),
        new CsvSummary.Columns(
            layout.series().isEmpty() ? null : CsvLayout.names(header, layout.series()),
            isOnly ? RowReader.onlyName(header, options.columns().names()) : null,
            CsvLayout.names(header, layout.times()),
            layout.values().stream().map(header::name).toList(),
            layout.ignored(header, covariates)),
        new CsvSummary.Text(
            reading.dialect().separator(),
            reading.numbers().decimal(),
            reading.dialect().skipped()),
        new CsvSummary.Times(
            reading.times().format(),
            !options.times().format().equals(TimestampFormat.AUTO),
            options.times().zone(),
            reading.times().counts()),
        reading.rows().counts(series));
  }
}
