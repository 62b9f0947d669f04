package io.eddy.bench.anomalies;

import io.eddy.series.InvalidRecordException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Scores every file of a folder of the Numenta Anomaly Benchmark. */
public final class AnomalyBenchmark {
  private AnomalyBenchmark() {}

  /** Number of files and rows, and the time that scoring took, without reading and writing. */
  public record Result(int files, long rows, double seconds) {}

  /**
   * Writes the scores of all CSV files under a folder.
   *
   * @param out folder for the scores, with the same relative names
   * @throws InvalidRecordException if a file is no series, or the folder has no file
   */
  public static Result run(Path data, Path out) {
    try (Stream<Path> found = Files.walk(data)) {
      List<Path> files = found.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
      if (files.isEmpty()) {
        throw new InvalidRecordException("%s has no .csv file", data);
      }
      long rows = 0;
      long ns = 0;
      for (Path file : files) {
        BenchmarkSeries series = BenchmarkSeries.read(file);
        long startNs = System.nanoTime();
        double[] scores = series.scores();
        ns += System.nanoTime() - startNs;
        rows += scores.length;
        write(out.resolve(data.relativize(file).toString()), series.timestamps(), scores);
      }
      return new Result(files.size(), rows, ns * 1e-9);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static void write(Path file, List<String> timestamps, double[] scores)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write("timestamp,anomaly_score\n");
      for (int i = 0; i < scores.length; i++) {
        writer.write(timestamps.get(i) + "," + scores[i] + "\n");
      }
    }
  }
}
