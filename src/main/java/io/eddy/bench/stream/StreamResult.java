package io.eddy.bench.stream;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The result of a benchmark.
 *
 * @param bytes sizes of the records, which are the same for both streams
 * @param rounds all rounds
 */
public record StreamResult(RecordBytes bytes, List<StreamRound> rounds) {
  public StreamResult {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("rounds: expected at least one");
    }
  }

  /**
   * Mean sizes in bytes of the values that Eddy writes per event.
   *
   * @param seriesState to the state store
   * @param otherState to the window store
   * @param result forecast
   * @param broker on the broker's disk in changelog and forecast topics, compressed, with keys and
   *     the overhead of records
   */
  public record RecordBytes(double seriesState, double otherState, double result, double broker) {}

  /** Returns the median of Eddy's values. */
  public double eddy(ToDoubleFunction<StreamTurn> value) {
    return median(round -> value.applyAsDouble(round.eddy()));
  }

  /** Returns the median of the bare topology's values. */
  public double bare(ToDoubleFunction<StreamTurn> value) {
    return median(round -> value.applyAsDouble(round.bare()));
  }

  /** Returns the median of the rounds' ratios of Eddy's value to the bare topology's. */
  public double ratio(ToDoubleFunction<StreamTurn> value) {
    return median(round -> value.applyAsDouble(round.eddy()) / value.applyAsDouble(round.bare()));
  }

  /** Returns the median of the rounds' values; the mean of the middle two of an even number. */
  private double median(ToDoubleFunction<StreamRound> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
