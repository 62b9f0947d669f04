package io.eddy.kafka.simulation;

import io.eddy.dataset.ObservationSource;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.series.Observation;
import java.time.InstantSource;

/** Publishes the observations of a source when they are due, until a stop is requested. */
public final class Simulation {
  private final ObservationSource source;
  private final TopicEnd end;
  private final SimulationClock clock;
  private final InstantSource wallClock;
  private long events;
  private long lastMs = Long.MIN_VALUE;

  /** Waits; returns true as soon as a stop is requested. */
  @FunctionalInterface
  public interface Pause {
    boolean await(long durationMs);
  }

  /** Receives the progress after each step. */
  @FunctionalInterface
  public interface Progress {
    void published(long events, long eventTimeMs);
  }

  /**
   * Creates a simulation.
   *
   * @param end events that it contains are not published again
   */
  public Simulation(
      ObservationSource source, TopicEnd end, SimulationClock clock, InstantSource wallClock) {
    this.source = source;
    this.end = end;
    this.clock = clock;
    this.wallClock = wallClock;
  }

  /** Publishes until {@code pause} returns true. */
  public void run(EventPublisher publisher, FaultInjector faults, Pause pause, Progress progress) {
    while (!pause.await(Math.max(0, clock.dueMs(source.nextMs()) - wallClock.millis()))) {
      long stepMs = source.nextMs();
      for (Observation observation : source.next()) {
        if (!end.contains(observation)) {
          events += faults.publish(observation, publisher);
        }
      }
      events += faults.publishDelayed(publisher);
      lastMs = stepMs;
      progress.published(events, stepMs);
    }
    publisher.flush();
  }

  /** Returns the number of published events. */
  public long events() {
    return events;
  }

  /** Returns the time of the last step, epoch milliseconds; {@link Long#MIN_VALUE} for none. */
  public long lastMs() {
    return lastMs;
  }
}
