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
 * Observations of a CSV file: columns {@code series}, {@code timestamp}, {@code value} in any
 * order, and those of covariates that are named, others passed over; plain or gzip. Times are
 * ISO-8601 (UTC where they name no zone) or epoch milliseconds. A value that is empty, NA or NaN is
 * a measurement that is missing; a covariate that is one of these is missing. The covariates of a
 * line without a value tell of what is known ahead, and of nothing else.
 */
public final class CsvObservations {
  private CsvObservations() {}

  /** Reads the whole file, by series and in order of time, without covariates. */
  public static List<SeriesData> readSeries(Path file) {
    return readSeries(file, List.of());
  }

  /**
   * Reads the whole file, by series and in order of time.
   *
   * @param covariates columns to read beside
   * @throws InvalidRecordException that names file, line and column where it is not of that form
   */
  public static List<SeriesData> readSeries(Path file, List<String> covariates) {
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(
        file, "series, timestamp and value", header -> lines(header, covariates, collector));
    return collector.toList();
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
      Covariates planned = covariates(line, columns);
      if (!planned.isEmpty()) {
        collector.addPlan(line.name(series), line.time(timestamp), planned);
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
