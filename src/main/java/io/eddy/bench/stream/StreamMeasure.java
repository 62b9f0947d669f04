package io.eddy.bench.stream;

import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** A figure of the report. */
enum StreamMeasure {
  EVENTS_PER_SECOND("eventsPerSecond", "events/s", "%,.0f", StreamTurn::eventsPerSecond),
  CPU("cpuUs", "CPU of the stream per event, µs", "%.1f", turn -> turn.cpuNs() / 1e3),
  BROKER_CPU(
      "brokerCpuUs", "CPU of the broker per event, µs", "%.1f", turn -> turn.brokerCpuNs() / 1e3),
  P50("p50Ms", "event to committed result, p50, ms", "%.1f", turn -> latencies(turn).p50()),
  P99("p99Ms", "event to committed result, p99, ms", "%.1f", turn -> latencies(turn).p99()),
  P999("p999Ms", "event to committed result, p99.9, ms", "%.1f", turn -> latencies(turn).p999());

  private final String key;
  private final String label;
  private final String format;

  @SuppressWarnings("ImmutableEnumChecker")
  private final ToDoubleFunction<StreamTurn> value;

  StreamMeasure(String key, String label, String format, ToDoubleFunction<StreamTurn> value) {
    this.key = key;
    this.label = label;
    this.format = format;
    this.value = value;
  }

  private static Latencies latencies(StreamTurn turn) {
    return Objects.requireNonNull(turn.latencies(), "not measured");
  }

  /** Returns the name in JSON. */
  String key() {
    return key;
  }

  /** Returns the name with its unit. */
  String label() {
    return label;
  }

  ToDoubleFunction<StreamTurn> value() {
    return value;
  }

  String format(double number) {
    return format.formatted(number);
  }

  /** Returns whether a turn has this figure. */
  boolean isMeasured(StreamTurn turn) {
    return turn.latencies() != null || compareTo(P50) < 0;
  }
}
