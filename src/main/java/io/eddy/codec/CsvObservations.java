package io.eddy.codec;

import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Observations of a CSV file: columns {@code series}, {@code timestamp}, {@code value} in any
 * order, others passed over; plain or gzip. Times are ISO-8601 (UTC where they name no zone) or
 * epoch milliseconds. A value that is empty, NA or NaN is a measurement that is missing, and is
 * skipped.
 */
public final class CsvObservations {
  private CsvObservations() {}

  /** Reads the whole file, by series and in order of time. */
  public static List<SeriesData> readSeries(Path file) {
    SeriesCollector collector = new SeriesCollector();
    read(file, collector::add);
    return collector.toList();
  }

  /**
   * Reads the file line by line.
   *
   * @throws InvalidRecordException that names file, line and column where it is not of that form
   */
  public static void read(Path file, Consumer<Observation> sink) {
    CsvFile.read(file, "series, timestamp and value", header -> lines(header, sink));
  }

  private static Consumer<CsvLine> lines(CsvHeader header, Consumer<Observation> sink) {
    int series = header.column("series");
    int timestamp = header.column("timestamp");
    int value = header.column("value");
    return line -> {
      if (!line.isMissing(value)) {
        sink.accept(new Observation(line.name(series), line.time(timestamp), line.number(value)));
      }
    };
  }
}
