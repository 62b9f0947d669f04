package io.eddy.kafka.simulation;

import io.eddy.kafka.event.EventPublisher;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Publishes observations with faults: anomalous values for one to six observations, events that
 * arrive one to five steps late, and events that cannot be decoded. Used by one thread.
 */
public final class FaultInjector {
  private static final int MAX_ANOMALY_STEPS = 6;
  private static final int MAX_DELAY_STEPS = 5;

  private final Shares shares;
  private final SplittableRandom random;
  private final Map<String, Anomaly> anomalies = new HashMap<>();
  private final List<Delayed> delayed = new ArrayList<>();

  /**
   * Shares of the observations with a fault, 0 to 1 each.
   *
   * @param anomalies observations at which an anomaly begins
   * @param late observations that are published late
   * @param invalid events that are published in addition and cannot be decoded
   */
  public record Shares(double anomalies, double late, double invalid) {
    public static final Shares NONE = new Shares(0, 0, 0);
  }

  private record Anomaly(double factor, int remaining) {}

  private record Delayed(Observation observation, int steps) {}

  public FaultInjector(Shares shares, long seed) {
    this.shares = shares;
    random = new SplittableRandom(seed);
  }

  /** Publishes an observation, with faults or later; returns the number of events published. */
  int publish(Observation observation, EventPublisher publisher) {
    int published = 0;
    if (isHit(shares.invalid())) {
      publisher.sendInvalid(observation);
      published++;
    }
    Observation sent = withAnomaly(observation);
    if (isHit(shares.late())) {
      delayed.add(new Delayed(sent, 1 + random.nextInt(MAX_DELAY_STEPS)));
    } else {
      publisher.send(sent);
      published++;
    }
    return published;
  }

  /** Publishes the late observations that are due after a step; returns their number. */
  int publishDelayed(EventPublisher publisher) {
    int published = 0;
    List<Delayed> waiting = new ArrayList<>();
    for (Iterator<Delayed> all = delayed.iterator(); all.hasNext(); ) {
      Delayed next = all.next();
      all.remove();
      if (next.steps() == 0) {
        publisher.send(next.observation());
        published++;
      } else {
        waiting.add(new Delayed(next.observation(), next.steps() - 1));
      }
    }
    delayed.addAll(waiting);
    return published;
  }

  private Observation withAnomaly(Observation observation) {
    String series = observation.series();
    Anomaly anomaly = anomalies.get(series);
    if (anomaly == null) {
      if (!isHit(shares.anomalies())) {
        return observation;
      }
      anomaly = newAnomaly();
    }
    if (anomaly.remaining() > 1) {
      anomalies.put(series, new Anomaly(anomaly.factor(), anomaly.remaining() - 1));
    } else {
      anomalies.remove(series);
    }
    return observation.withValue(
        StrictMath.rint(observation.value() * anomaly.factor() * 1000) / 1000);
  }

  private Anomaly newAnomaly() {
    double factor =
        random.nextBoolean() ? random.nextDouble(1.5, 3.0) : random.nextDouble(0.1, 0.6);
    return new Anomaly(factor, 1 + random.nextInt(MAX_ANOMALY_STEPS));
  }

  /** Draws only for a share above 0, so that one kind of fault does not change the others. */
  private boolean isHit(double share) {
    return share > 0 && random.nextDouble() < share;
  }
}
