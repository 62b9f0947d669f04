package io.eddy.admission;

import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guards the timestamps of several series, for replays without series' states. */
public final class SeriesTimestampGuards {
  private final TimestampGuard guard;
  private final Map<String, Series> series = new HashMap<>();

  private static final class Series {
    long newestMs = TimestampGuardState.NONE;
    @Nullable TimestampGuardState state;
  }

  public SeriesTimestampGuards(TimestampGuard guard) {
    this.guard = guard;
  }

  /** Removes a series that was deleted. */
  public void remove(String name) {
    series.remove(name);
  }

  /** Checks the next observation of its series and applies the decision. */
  public TimestampGuard.Kind next(Observation observation) {
    Series present = series.computeIfAbsent(observation.series(), name -> new Series());
    TimestampGuard.Decision decision =
        guard.check(present.state, present.newestMs, observation.timestampMs());
    present.state = decision.state() == null ? present.state : decision.state();
    present.newestMs =
        switch (decision.kind()) {
          case REJECTED -> present.newestMs;
          case RESET -> observation.timestampMs();
          case ACCEPTED, STARTED, JUMPED -> Math.max(present.newestMs, observation.timestampMs());
        };
    return decision.kind();
  }
}
