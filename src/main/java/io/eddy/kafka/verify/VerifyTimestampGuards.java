package io.eddy.kafka.verify;

import io.eddy.admission.TimestampGuard;
import io.eddy.admission.TimestampGuard.Decision;
import io.eddy.admission.TimestampGuard.Kind;
import io.eddy.admission.TimestampGuardKey;
import io.eddy.admission.TimestampGuardState;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Replays the timestamp guards of one partition's series. */
final class VerifyTimestampGuards {
  private final TimestampGuard guard;
  private final DeadLetterIndex.Partition deadLetters;
  private final Map<String, TimestampGuardState> states = new HashMap<>();

  VerifyTimestampGuards(TimestampGuard guard, DeadLetterIndex.Partition deadLetters) {
    this.guard = guard;
    this.deadLetters = deadLetters;
  }

  /**
   * Checks an observation's timestamp. If events of its series were deleted, so that the result
   * cannot be computed, derives it from the dead letters and the forecasts.
   *
   * @param replay the series before the observation; null if none exists
   * @param isComplete whether no earlier event of the series can have been deleted
   * @param found the observation's forecasts
   */
  Decision check(
      Observation observation,
      long offset,
      @Nullable SeriesReplay replay,
      boolean isComplete,
      List<RecordedForecast> found) {
    if (!guard.isEnabled()) {
      return Decision.ACCEPTED;
    }
    boolean isDeadLettered = found.isEmpty() && deadLetters.contains(offset, observation);
    if (replay == null ? !isComplete : !replay.isPositionKnown()) {
      return isDeadLettered ? new Decision(Kind.REJECTED, null) : Decision.ACCEPTED;
    }
    long newestMs = replay == null ? TimestampGuardState.NONE : replay.newestMs();
    long timestampMs = observation.timestampMs();
    TimestampGuardState state = states.get(observation.series());
    Decision result = guard.check(state, newestMs, timestampMs);
    if (state != null || !guard.needsState(newestMs, timestampMs)) {
      return result;
    }
    if (isDeadLettered) {
      return new Decision(Kind.REJECTED, null);
    }
    return timestampMs > newestMs
        ? new Decision(Kind.JUMPED, null)
        : found.isEmpty() ? Decision.ACCEPTED : new Decision(Kind.RESET, null);
  }

  /** Stores the guard's state after an observation. */
  void update(Observation observation, Decision result) {
    if (result.state() != null) {
      states.put(observation.series(), Objects.requireNonNull(result.state()));
    }
  }

  /** Returns the series with a state. */
  Set<String> series() {
    return states.keySet();
  }

  /** Writes the state of a series to its parts. */
  void putInto(String series, InMemorySeriesStore parts) {
    TimestampGuardState state = states.get(series);
    if (state != null) {
      parts.put(TimestampGuardKey.TIMESTAMP_GUARD, state);
    }
  }

  /** Moves a series to another partition. */
  void moveTo(String series, VerifyTimestampGuards other) {
    TimestampGuardState state = states.remove(series);
    if (state != null) {
      other.states.put(series, state);
    }
  }

  /** Removes a deleted series. */
  void remove(String series) {
    states.remove(series);
  }
}
