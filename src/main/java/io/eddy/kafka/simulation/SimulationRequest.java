package io.eddy.kafka.simulation;

import io.eddy.dataset.SeriesData;
import io.eddy.series.Interval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wanted events. A value that is null follows from the events that the topic already contains.
 *
 * @param replay the series to replay; without series, sensors are simulated
 */
public record SimulationRequest(Replay replay, Sensors sensors, Schedule schedule) {
  /**
   * Series to replay.
   *
   * @param zone in which days and months start
   */
  public record Replay(List<SeriesData> series, ZoneId zone) {
    /** No series. */
    public static final Replay NONE = new Replay(List.of(), ZoneOffset.UTC);
  }

  /**
   * The simulated sensors.
   *
   * @param interval time between two events of a sensor, or of a replayed series
   */
  public record Sensors(@Nullable Integer count, @Nullable Interval interval, long seed) {}

  /**
   * The event times, and when their events are published.
   *
   * @param history event time that is published at once
   * @param start time of the first event if the topic is empty
   * @param length event time after which the simulation ends; null for never
   */
  public record Schedule(
      Pace pace, Duration history, @Nullable Instant start, @Nullable Duration length) {}

  /**
   * Speed of event time; one interval per second if both values are null.
   *
   * @param speed multiple of real time, above 0; infinite for no limit
   * @param eventsPerSecond events of all series together
   */
  public record Pace(@Nullable Double speed, @Nullable Double eventsPerSecond) {
    /** Returns the multiple of real time for a number of series. */
    double speed(Interval interval, int series) {
      if (speed != null) {
        return speed;
      }
      double stepsPerSecond = eventsPerSecond == null ? 1 : eventsPerSecond / series;
      return stepsPerSecond * interval.meanLength().toMillis() / 1000;
    }
  }

  boolean isReplay() {
    return !replay.series().isEmpty();
  }
}
