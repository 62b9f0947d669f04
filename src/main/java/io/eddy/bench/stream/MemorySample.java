package io.eddy.bench.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sample of the memory of a forecaster and of its metrics.
 *
 * @param residentBytes resident memory of the process
 * @param heapBytes heap in use, garbage included
 * @param openFiles open file descriptors
 * @param lag events that wait, as the metrics report it
 * @param metricLines lines of a scrape
 */
record MemorySample(long residentBytes, long heapBytes, int openFiles, long lag, int metricLines) {
  private static final int TIMEOUT_MS = 20_000;

  /** Reads the process's figures from the system, and its metrics. */
  static MemorySample of(long pid, URI metrics) throws IOException {
    List<String> lines = scrape(metrics).lines().filter(line -> !line.startsWith("#")).toList();
    return new MemorySample(
        residentBytes(pid),
        (long) sum(lines, "jvm_memory_used_bytes{area=\"heap\""),
        openFiles(pid),
        (long) sum(lines, "eddy_event_lag_records"),
        lines.size());
  }

  private static String scrape(URI metrics) throws IOException {
    var connection = metrics.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    try (InputStream body = connection.getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static double sum(List<String> lines, String metric) {
    return lines.stream()
        .filter(line -> line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static long residentBytes(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow(() -> new IOException("the system does not report the resident memory"));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static int openFiles(long pid) {
    String[] files = Path.of("/proc/" + pid + "/fd").toFile().list();
    return files == null ? 0 : files.length;
  }
}
