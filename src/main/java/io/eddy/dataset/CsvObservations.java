package io.eddy.dataset;

import io.eddy.series.Covariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads observations from a CSV file, plain or gzip, with the columns {@code series}, {@code
 * timestamp}, {@code value} and the requested covariates in any order; other columns are ignored.
 * Timestamps are ISO-8601 (UTC without a zone) or epoch milliseconds. An empty field, NA or NaN is
 * a missing value or covariate. A line without a value only provides future covariates.
 */
public final class CsvObservations {
  private CsvObservations() {}

  /** Reads all series, each sorted by time, without covariates. */
  public static List<SeriesData> readSeries(Path file) {
    return readSeries(file, List.of());
  }

  /**
   * Reads all series, each sorted by time.
   *
   * @param covariates columns of covariates
   * @throws InvalidRecordException if the file is invalid or has no observations; the message names
   *     file, line and column
   */
  public static List<SeriesData> readSeries(Path file, List<String> covariates) {
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(
        file, "series, timestamp and value", header -> lines(header, covariates, collector));
    List<SeriesData> series = collector.toList();
    if (series.isEmpty()) {
      throw new InvalidRecordException("%s has no observations", file);
    }
    return series;
  }

  private static Consumer<CsvLine> lines(
      CsvHeader header, List<String> covariates, SeriesCollector collector) {
    int series = header.column("series");
    int timestamp = header.column("timestamp");
    int value = header.column("value");
    Map<String, Integer> columns = new TreeMap<>();
    covariates.forEach(name -> columns.put(name, header.column(name)));
    return line -> {
      if (!line.isMissing(value)) {
        collector.add(
            new Observation(
                line.name(series),
                line.time(timestamp),
                line.number(value),
                covariates(line, columns)));
        return;
      }
      Covariates future = covariates(line, columns);
      if (!future.isEmpty()) {
        collector.addFutureCovariates(line.name(series), line.time(timestamp), future);
      }
    };
  }

  private static Covariates covariates(CsvLine line, Map<String, Integer> columns) {
    if (columns.isEmpty()) {
      return Covariates.NONE;
    }
    Map<String, Double> values = new TreeMap<>();
    columns.forEach(
        (name, column) -> {
          if (!line.isMissing(column)) {
            values.put(name, line.number(column));
          }
        });
    return new Covariates(values);
  }
}
