package io.eddy.kafka.simulation;

import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.simulation.Simulation.Pause;
import io.eddy.kafka.topics.BrokerException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the requested events. An outage of the broker interrupts it: it then plans again from
 * the end of the topic.
 */
public final class SimulationRun {
  private static final long RETRY_PERIOD_MS = 5_000;

  private final Target target;
  private final SimulationRequest request;
  private final FaultInjector faults;
  private long events;
  private long lastMs = Long.MIN_VALUE;
  private boolean isStarted;

  /**
   * The topic of the events.
   *
   * @param client Kafka client settings, including {@code bootstrap.servers}
   */
  public record Target(Map<String, Object> client, EventMapping mapping, String topic) {}

  /** Receives the progress. */
  public interface Listener extends Simulation.Progress {
    /** The events are planned; called again after an outage. */
    void planned(SimulationPlan plan, TopicEnd end);

    /** The broker cannot be reached; the simulation tries again. */
    void interrupted(BrokerException outage);
  }

  public SimulationRun(Target target, SimulationRequest request, FaultInjector faults) {
    this.target = target;
    this.request = request;
    this.faults = faults;
  }

  /**
   * Publishes until {@code pause} returns true, or to the end of event time.
   *
   * @throws BrokerException if the broker cannot be reached at the start, or rejects the events
   */
  public void run(Pause pause, Listener listener) {
    while (!publish(pause, listener)) {
      if (pause.await(RETRY_PERIOD_MS)) {
        return;
      }
    }
  }

  /** Publishes until an outage of the broker; returns whether it has ended before one. */
  private boolean publish(Pause pause, Listener listener) {
    Simulation simulation = null;
    try (EventPublisher publisher =
        new EventPublisher(
            target.client(), target.mapping().withCovariates(List.of()), target.topic())) {
      TopicEnd end = TopicEnd.read(target.client(), target.topic(), target.mapping());
      SimulationPlan plan = SimulationPlan.of(request, end, System.currentTimeMillis());
      listener.planned(plan, end);
      simulation = new Simulation(plan.source(), end, plan.clock(), InstantSource.system());
      isStarted = true;
      Length length = new Length(plan.firstMs(), request.schedule().length(), listener);
      simulation.run(
          publisher, faults, durationMs -> pause.await(durationMs) || length.isReached(), length);
      return true;
    } catch (BrokerException e) {
      if (!isStarted || !isRetriable(e)) {
        throw e;
      }
      listener.interrupted(e);
      return false;
    } finally {
      if (simulation != null) {
        events += simulation.events();
        lastMs = Math.max(lastMs, simulation.lastMs());
      }
    }
  }

  /** Returns false if the broker answered that it does not accept the events. */
  private static boolean isRetriable(BrokerException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of published events. */
  public long events() {
    return events;
  }

  /** Returns the time of the last event, epoch milliseconds; {@link Long#MIN_VALUE} for none. */
  public long lastMs() {
    return lastMs;
  }

  /** Compares the progress of event time with the requested length, and passes it on. */
  private static final class Length implements Simulation.Progress {
    private final long firstMs;
    private final @Nullable Duration length;
    private final Simulation.Progress next;
    private long eventMs;

    Length(long firstMs, @Nullable Duration length, Simulation.Progress next) {
      this.firstMs = firstMs;
      this.length = length;
      this.next = next;
      eventMs = firstMs;
    }

    @Override
    public void published(long events, long eventTimeMs) {
      eventMs = eventTimeMs;
      next.published(events, eventTimeMs);
    }

    boolean isReached() {
      return length != null && eventMs - firstMs >= length.toMillis();
    }
  }
}
