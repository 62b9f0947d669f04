package io.eddy.kafka.stream;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations by fixed bounds. Thread-safe; recording allocates nothing. */
public final class Histogram {
  private final double[] boundsSeconds;
  private final long[] boundsNs;
  private final LongAdder[] counts;
  private final LongAdder sumNs = new LongAdder();

  /**
   * The contents at one time.
   *
   * @param boundsSeconds upper bounds, inclusive; the last one is infinite
   * @param counts number of durations above the previous bound up to this one
   */
  public record Snapshot(List<Double> boundsSeconds, List<Long> counts, double sumSeconds) {}

  private Histogram(double... finiteBoundsSeconds) {
    int bounds = finiteBoundsSeconds.length;
    boundsSeconds = Arrays.copyOf(finiteBoundsSeconds, bounds + 1);
    boundsSeconds[bounds] = Double.POSITIVE_INFINITY;
    boundsNs =
        Arrays.stream(finiteBoundsSeconds).mapToLong(bound -> Math.round(bound * 1e9)).toArray();
    counts = Stream.generate(LongAdder::new).limit(bounds + 1).toArray(LongAdder[]::new);
  }

  /** Creates a histogram from 2 µs to 100 ms. */
  static Histogram ofProcessing() {
    return new Histogram(
        2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1);
  }

  /** Creates a histogram from 5 ms to 5 min. */
  static Histogram ofLatency() {
    return new Histogram(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300);
  }

  void recordNs(long durationNs) {
    long duration = Math.max(0, durationNs);
    int bucket = 0;
    while (bucket < boundsNs.length && duration > boundsNs[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumNs.add(duration);
  }

  public Snapshot snapshot() {
    return new Snapshot(
        Arrays.stream(boundsSeconds).boxed().toList(),
        Arrays.stream(counts).map(LongAdder::sum).toList(),
        sumNs.sum() * 1e-9);
  }
}
