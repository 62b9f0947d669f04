package io.eddy.bench.stream;

import io.eddy.kafka.event.EventFormat;
import java.time.Duration;
import java.util.List;

/**
 * The options of a measurement.
 *
 * @param load the events
 * @param streams the two streams
 * @param latency the measurement of latencies
 * @param rounds rounds of one turn of each stream
 */
public record StreamPlan(Load load, Streams streams, Latency latency, int rounds) {
  /**
   * The events.
   *
   * @param keys number of series
   * @param events number of events of a turn
   * @param warmUp number of events that each stream processes before it is suspended for the first
   *     time, and again before the first turn
   * @param topic of the events
   */
  public record Load(int keys, long events, long warmUp, EventTopic topic) {}

  /**
   * The topic of the events.
   *
   * @param partitions number of partitions
   * @param format of the events
   */
  public record EventTopic(int partitions, EventFormat format) {}

  /**
   * The streams.
   *
   * @param threads stream threads of a process
   * @param instances processes of a stream
   * @param settings of Eddy, as {@code key=value}, for both
   */
  public record Streams(int threads, int instances, List<String> settings) {
    public Streams {
      settings = List.copyOf(settings);
    }
  }

  /**
   * The measurement of latencies, after that of the events per second.
   *
   * @param rate events per second
   * @param length zero for none
   */
  public record Latency(int rate, Duration length) {
    /** Returns the number of events. */
    public int count() {
      return (int) Math.min(Integer.MAX_VALUE, rate * length.toMillis() / 1000);
    }
  }

  /** Returns a copy without the measurement of latencies. */
  public StreamPlan withoutLatency() {
    return new StreamPlan(load, streams, new Latency(latency.rate(), Duration.ZERO), rounds);
  }
}
