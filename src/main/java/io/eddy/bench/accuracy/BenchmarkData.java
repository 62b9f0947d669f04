package io.eddy.bench.accuracy;

import io.eddy.dataset.CsvFile;
import io.eddy.dataset.CsvHeader;
import io.eddy.dataset.CsvLine;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Data sets that forecasters are compared by, read from one folder as their publishers gave them:
 * each file plain, or gzip with {@code .gz} behind its name.
 */
public final class BenchmarkData {
  /** M4 tells no usable time of its values; they stand from here on, an hour apart. */
  private static final Instant M4_BEGIN = Instant.parse("2000-01-01T00:00:00Z");

  private static final int TAXI_HEADER_LINES = 3;

  private final Path folder;

  /** Data sets of a folder. */
  public BenchmarkData(Path folder) {
    this.folder = folder;
  }

  /**
   * The hourly series of the M4 competition, a value an hour: those to learn from with those to
   * forecast behind them.
   *
   * @param horizon how many there are to forecast
   */
  public List<SeriesData> m4Hourly(int horizon) {
    String source = "M4 competition, Mcompetitions/M4-methods on GitHub, Dataset";
    Map<String, double[]> train = rows(file("Hourly-train.csv", source + "/Train"));
    Path testFile = file("Hourly-test.csv", source + "/Test");
    Map<String, double[]> test = rows(testFile);
    return train.entrySet().stream()
        .map(
            one -> {
              double[] future = test.getOrDefault(one.getKey(), new double[0]);
              if (future.length != horizon) {
                throw new InvalidRecordException(
                    "%s: expected %d values of series %s, got %d",
                    testFile, horizon, one.getKey(), future.length);
              }
              return hourly(one.getKey(), one.getValue(), future);
            })
        .toList();
  }

  private static SeriesData hourly(String name, double[] past, double[] future) {
    double[] values = Arrays.copyOf(past, past.length + future.length);
    System.arraycopy(future, 0, values, past.length, future.length);
    long[] times = new long[values.length];
    Arrays.setAll(times, i -> M4_BEGIN.plus(Duration.ofHours(i)).toEpochMilli());
    return new SeriesData(name, times, values);
  }

  /** A series a line: its name, then its values, then nothing. */
  private static Map<String, double[]> rows(Path file) {
    Map<String, double[]> rows = new LinkedHashMap<>();
    CsvFile.read(
        file,
        "V1, V2, …",
        header ->
            line -> {
              int columns = header.names().size();
              int size = 0;
              while (size + 1 < columns && !line.isMissing(size + 1)) {
                size++;
              }
              for (int column = size + 1; column < columns; column++) {
                if (!line.isMissing(column)) {
                  throw line.invalid(column, "nothing behind a value that is missing");
                }
              }
              double[] values = new double[size];
              Arrays.setAll(values, i -> line.number(i + 1));
              rows.put(line.name(0), values);
            });
    return rows;
  }

  /** Passengers of New York's taxis, a value each half-hour. */
  public SeriesData nycTaxi() {
    Path file =
        file(
            "nyc_taxi_full.csv",
            "New York taxi passengers, numenta/htmresearch on GitHub,"
                + " projects/sequence_prediction/continuous_sequence/data");
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(
        file,
        "timestamp and passenger_count",
        header -> {
          int time = header.column("timestamp");
          int value = header.column("passenger_count");
          return line -> {
            if (line.record().getStartingLineNumber() > TAXI_HEADER_LINES) {
              collector.add(new Observation("nyc-taxi", line.time(time), line.number(value)));
            }
          };
        });
    return collector.toList().stream()
        .findFirst()
        .orElseThrow(() -> new InvalidRecordException("%s holds no values", file));
  }

  /** Six loads and the oil temperature (OT) of an electricity transformer, a value an hour. */
  public List<SeriesData> ettH1() {
    return ett("ETTh1.csv");
  }

  /** The same transformer, a value each quarter of an hour. */
  public List<SeriesData> ettM1() {
    return ett("ETTm1.csv");
  }

  /** A series a column. */
  private List<SeriesData> ett(String name) {
    Path file =
        file(name, "Electricity Transformer Dataset, zhouhaoyi/ETDataset on GitHub, ETT-small");
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(file, "date and a column for each series", header -> columns(header, collector));
    List<SeriesData> series = collector.toList();
    if (series.isEmpty()) {
      throw new InvalidRecordException("%s holds no values", file);
    }
    return series;
  }

  private static Consumer<CsvLine> columns(CsvHeader header, SeriesCollector collector) {
    int time = header.column("date");
    List<String> names = header.names();
    return line -> {
      for (int column = 0; column < names.size(); column++) {
        if (column != time) {
          collector.add(new Observation(names.get(column), line.time(time), line.number(column)));
        }
      }
    };
  }

  /** A file, plain or gzip. */
  private Path file(String name, String source) {
    for (String ending : new String[] {"", ".gz"}) {
      Path file = folder.resolve(name + ending);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new InvalidRecordException(
        "%s holds neither %s nor %s.gz: put it there as it is published (%s)",
        folder, name, name, source);
  }
}
