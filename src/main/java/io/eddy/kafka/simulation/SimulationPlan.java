package io.eddy.kafka.simulation;

import io.eddy.dataset.ObservationSource;
import io.eddy.dataset.RepeatedObservations;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.synthetic.SensorGenerator;
import io.eddy.dataset.synthetic.SensorSource;
import io.eddy.kafka.simulation.SimulationRequest.Schedule;
import io.eddy.kafka.simulation.SimulationRequest.Sensors;
import io.eddy.series.Interval;
import io.eddy.series.IntervalDetector;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The events to publish, and when.
 *
 * @param series number of series
 * @param interval time between two events of a series
 * @param firstMs event time at which the simulation begins, epoch milliseconds: the last one of the
 *     topic, if it has events
 */
public record SimulationPlan(
    ObservationSource source, SimulationClock clock, int series, Interval interval, long firstMs) {
  private static final int DEFAULT_SERIES = 50;
  private static final Interval DEFAULT_INTERVAL = Interval.of(Duration.ofHours(1));

  /** Plans events that continue where the topic ends. */
  static SimulationPlan of(SimulationRequest request, TopicEnd end, long nowMs) {
    Interval interval = interval(request, end);
    int series = series(request, end);
    double speed = request.schedule().pace().speed(interval, series);
    boolean isRealTime = speed == 1;
    boolean followsClock = isRealTime && !request.isReplay();
    long firstMs =
        firstMs(request, end, isRealTime ? OptionalLong.of(nowMs) : OptionalLong.empty());
    long historyMs = request.schedule().history().toMillis();
    if (followsClock) {
      firstMs = Math.max(firstMs, nowMs - Math.max(historyMs, interval.meanLength().toMillis()));
    }
    ObservationSource source =
        request.isReplay()
            ? new RepeatedObservations(request.replay().series(), interval, firstMs)
            : new SensorSource(series, interval.meanLength(), request.sensors().seed(), firstMs);
    long pacedFromMs =
        firstMs + (end.lastMs().isPresent() ? interval.meanLength().toMillis() : historyMs);
    SimulationClock clock =
        followsClock
            ? SimulationClock.realTime()
            : SimulationClock.accelerated(speed, pacedFromMs, nowMs);
    return new SimulationPlan(source, clock, series, interval, firstMs);
  }

  private static Interval interval(SimulationRequest request, TopicEnd end) {
    Interval given = request.sensors().interval();
    if (given != null) {
      return given;
    }
    if (request.isReplay()) {
      return IntervalDetector.of(request.replay().series().stream().map(SeriesData::timestampsMs))
          .detect(request.replay().zone())
          .required();
    }
    OptionalLong found = end.intervalMs();
    return found.isPresent() ? Interval.ofMillis(found.getAsLong()) : DEFAULT_INTERVAL;
  }

  private static int series(SimulationRequest request, TopicEnd end) {
    if (request.isReplay()) {
      return request.replay().series().size();
    }
    Sensors sensors = request.sensors();
    if (sensors.count() != null) {
      return sensors.count();
    }
    int found = end.series("sensor-").size();
    return found == 0 ? DEFAULT_SERIES : found;
  }

  /**
   * Returns the time at which the events begin.
   *
   * @param nowMs the clock's time, for events in real time
   */
  private static long firstMs(SimulationRequest request, TopicEnd end, OptionalLong nowMs) {
    if (end.lastMs().isPresent()) {
      return end.lastMs().getAsLong();
    }
    Schedule schedule = request.schedule();
    if (schedule.start() != null) {
      return schedule.start().toEpochMilli();
    }
    return firstMs(request.replay().series())
        .orElseGet(
            () ->
                nowMs.isPresent()
                    ? nowMs.getAsLong() - schedule.history().toMillis()
                    : SensorGenerator.START_MS);
  }

  private static OptionalLong firstMs(List<SeriesData> data) {
    return data.stream()
        .filter(series -> series.size() > 0)
        .mapToLong(series -> series.timestampsMs()[0])
        .min();
  }

  /** Returns whether the events continue those of the topic. */
  public boolean continues(TopicEnd end) {
    return end.lastMs().equals(OptionalLong.of(firstMs));
  }
}
