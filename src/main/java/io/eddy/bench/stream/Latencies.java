package io.eddy.bench.stream;

import java.util.Arrays;

/**
 * Percentiles of the time from an event to its committed result, in milliseconds.
 *
 * @param count number of events
 */
public record Latencies(double p50, double p99, double p999, int count) {
  /**
   * Computes percentiles: the smallest time that at least that part of the times does not exceed.
   *
   * @param timesNs not modified
   * @param skipped number of times at the beginning that are left out
   */
  static Latencies of(long[] timesNs, int skipped) {
    if (skipped >= timesNs.length) {
      throw new IllegalArgumentException(
          "skipped: expected less than %d, got %d".formatted(timesNs.length, skipped));
    }
    long[] sorted = Arrays.copyOfRange(timesNs, skipped, timesNs.length);
    Arrays.sort(sorted);
    return new Latencies(
        percentile(sorted, 0.5),
        percentile(sorted, 0.99),
        percentile(sorted, 0.999),
        sorted.length);
  }

  private static double percentile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(1, rank) - 1] / 1e6;
  }
}
