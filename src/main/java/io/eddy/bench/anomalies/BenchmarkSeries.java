package io.eddy.bench.anomalies;

import io.eddy.forecast.anomaly.AnomalyDetector;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A file of the benchmark: the lines {@code timestamp,value} after a header. */
final class BenchmarkSeries {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int TIME_LENGTH = 19;

  /** Rows from which the interval is taken. */
  private static final int INTERVAL_ROWS = 50;

  private final List<String> timestamps;
  private final long[] timesMs;
  private final double[] values;

  private BenchmarkSeries(List<String> timestamps, long[] timesMs, double[] values) {
    this.timestamps = timestamps;
    this.timesMs = timesMs;
    this.values = values;
  }

  /** Returns the timestamps as in the file. */
  List<String> timestamps() {
    return timestamps;
  }

  /** Reads a file. */
  static BenchmarkSeries read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> timestamps = new ArrayList<>(lines.size());
    long[] timesMs = new long[Math.max(0, lines.size() - 1)];
    double[] values = new double[timesMs.length];
    for (int i = 0; i < values.length; i++) {
      String[] fields = lines.get(i + 1).split(",", -1);
      try {
        timestamps.add(fields[0]);
        timesMs[i] = timeMs(fields[0]);
        values[i] = Double.parseDouble(fields[1]);
      } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
        throw new InvalidRecordException(
            "%s, line %d: expected timestamp,value such as 2014-04-01 00:00:00,20.5, got '%s'",
            file, i + 2, lines.get(i + 1));
      }
    }
    return new BenchmarkSeries(timestamps, timesMs, values);
  }

  private static long timeMs(String text) {
    String seconds = text.length() > TIME_LENGTH ? text.substring(0, TIME_LENGTH) : text;
    return LocalDateTime.parse(seconds, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Returns the median interval between the first rows, in milliseconds. */
  long intervalMs() {
    long[] differences = new long[Math.max(0, Math.min(timesMs.length, INTERVAL_ROWS) - 1)];
    Arrays.setAll(differences, i -> timesMs[i + 1] - timesMs[i]);
    Arrays.sort(differences);
    return differences.length == 0 ? 1 : Math.max(1, differences[differences.length / 2]);
  }

  /** Returns the scores of all rows, each from the rows before it and itself. */
  double[] scores() {
    AnomalyDetector detector =
        new AnomalyDetector(
            new AnomalySettings(intervalMs(), AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS));
    double[] scores = new double[values.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = detector.observe(timesMs[i], values[i]).score();
    }
    return scores;
  }
}
