package io.eddy.bench.stream;

import org.jspecify.annotations.Nullable;

/**
 * Measurements of one stream in one turn.
 *
 * @param eventsPerSecond processed and committed
 * @param cpuNs user and system CPU time of the stream's processes per event
 * @param brokerCpuNs user and system CPU time of the broker per event
 * @param latencies null if not measured
 */
public record StreamTurn(
    double eventsPerSecond, double cpuNs, double brokerCpuNs, @Nullable Latencies latencies) {

  /**
   * The counts at a time.
   *
   * @param timeNs {@link System#nanoTime}
   * @param events committed since the start of the stream
   */
  record Mark(long timeNs, long events, long cpuNs, long brokerCpuNs) {
    /** Returns the measurements since an earlier mark, without latencies. */
    StreamTurn since(Mark begin) {
      double count = events - begin.events;
      if (count <= 0) {
        throw new IllegalArgumentException("expected events between the marks");
      }
      return new StreamTurn(
          count * 1e9 / (timeNs - begin.timeNs),
          (cpuNs - begin.cpuNs) / count,
          (brokerCpuNs - begin.brokerCpuNs) / count,
          null);
    }
  }

  /** Returns a copy with latencies. */
  StreamTurn withLatencies(Latencies measured) {
    return new StreamTurn(eventsPerSecond, cpuNs, brokerCpuNs, measured);
  }
}
