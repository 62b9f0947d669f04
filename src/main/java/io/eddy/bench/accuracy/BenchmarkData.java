package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvFile;
import io.eddy.dataset.csv.CsvHeader;
import io.eddy.dataset.csv.CsvLine;
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
 * Reads public data sets from a folder, in the format of their publishers; each file plain or
 * compressed, with {@code .gz} appended to its name.
 */
public final class BenchmarkData {
  /** Time of the first M4 value; M4 publishes no usable times. Values are an hour apart. */
  private static final Instant M4_BEGIN = Instant.parse("2000-01-01T00:00:00Z");

  private static final int TAXI_HEADER_LINES = 3;

  private final Path folder;

  /** Creates a reader of a folder. */
  public BenchmarkData(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the hourly series of the M4 competition, the training values followed by the test values.
   *
   * @param horizon number of test values
   */
  public List<SeriesData> m4Hourly(int horizon) {
    String source = "M4 competition, Mcompetitions/M4-methods on GitHub, Dataset";
    Map<String, double[]> train = rows(file("Hourly-train.csv", source + "/Train"));
    Path testFile = file("Hourly-test.csv", source + "/Test");
    Map<String, double[]> test = rows(testFile);
    return train.entrySet().stream()
        .map(
            entry -> {
              double[] future = test.getOrDefault(entry.getKey(), new double[0]);
              if (future.length != horizon) {
                throw new InvalidRecordException(
                    "%s: expected %d values of series %s, got %d",
                    testFile, horizon, entry.getKey(), future.length);
              }
              return hourly(entry.getKey(), entry.getValue(), future);
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

  /** Reads one series per line: its name, its values, then empty columns. */
  private static Map<String, double[]> rows(Path file) {
    Map<String, double[]> rows = new LinkedHashMap<>();
    CsvFile.read(
        file,
        header ->
            line -> {
              int columns = header.names().size();
              int size = 0;
              while (size + 1 < columns && !line.isMissing(size + 1)) {
                size++;
              }
              for (int column = size + 1; column < columns; column++) {
                if (!line.isMissing(column)) {
                  throw line.invalid(column, "an empty column after the first empty one");
                }
              }
              double[] values = new double[size];
              Arrays.setAll(values, i -> line.number(i + 1));
              rows.put(line.name(0), values);
            });
    return rows;
  }

  /** Reads the passengers of New York's taxis, one value per half-hour. */
  public SeriesData nycTaxi() {
    Path file =
        file(
            "nyc_taxi_full.csv",
            "New York taxi passengers, numenta/htmresearch on GitHub,"
                + " projects/sequence_prediction/continuous_sequence/data");
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(
        file,
        header -> {
          int time = header.column("timestamp");
          int value = header.column("passenger_count");
          return line -> {
            if (line.number() > TAXI_HEADER_LINES) {
              collector.add(new Observation("nyc-taxi", line.time(time), line.number(value)));
            }
          };
        });
    return collector.toList().stream()
        .findFirst()
        .orElseThrow(() -> new InvalidRecordException("%s: no values", file));
  }

  /** Reads six loads and the oil temperature (OT) of an electricity transformer, hourly. */
  public List<SeriesData> ettH1() {
    return ett("ETTh1.csv");
  }

  /** Reads the loads and the oil temperature of the transformer, one value per 15 minutes. */
  public List<SeriesData> ettM1() {
    return ett("ETTm1.csv");
  }

  /** Reads one series per column. */
  private List<SeriesData> ett(String name) {
    Path file =
        file(name, "Electricity Transformer Dataset, zhouhaoyi/ETDataset on GitHub, ETT-small");
    SeriesCollector collector = new SeriesCollector();
    CsvFile.read(file, header -> columns(header, collector));
    List<SeriesData> series = collector.toList();
    if (series.isEmpty()) {
      throw new InvalidRecordException("%s: no values", file);
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

  /** Returns a file, plain or compressed. */
  private Path file(String name, String source) {
    for (String ending : new String[] {"", ".gz"}) {
      Path file = folder.resolve(name + ending);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new InvalidRecordException(
        "%s: neither %s nor %s.gz found; put the published file there (%s)",
        folder, name, name, source);
  }
}
