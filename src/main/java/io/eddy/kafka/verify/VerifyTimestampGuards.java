package io.eddy.kafka.verify;

import io.eddy.admission.TimestampGuard;
import io.eddy.admission.TimestampGuard.Judgement;
import io.eddy.admission.TimestampGuard.Kind;
import io.eddy.admission.TimestampGuardState;
import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
   * @param replay the series before the observation; null if there is none
   * @param isComplete whether no earlier event of the series can have been deleted
   * @param found the observation's forecasts
   */
  Judgement check(
      Observation observation,
      long offset,
      @Nullable SeriesReplay replay,
      boolean isComplete,
      List<RecordedForecast> found) {
    if (!guard.isOn()) {
      return Judgement.GOES_ON;
    }
    boolean isDeadLettered = found.isEmpty() && deadLetters.contains(offset, observation);
    if (replay == null ? !isComplete : !replay.isPositionKnown()) {
      return isDeadLettered ? new Judgement(Kind.DOUBTED, null) : Judgement.GOES_ON;
    }
    long newestMs = replay == null ? TimestampGuardState.NONE : replay.newestMs();
    long timestampMs = observation.timestampMs();
    TimestampGuardState state = states.get(observation.series());
    Judgement result = guard.judge(state, newestMs, timestampMs);
    if (state != null || !guard.isFar(newestMs, timestampMs)) {
      return result;
    }
    if (isDeadLettered) {
      return new Judgement(Kind.DOUBTED, null);
    }
    return timestampMs > newestMs
        ? new Judgement(Kind.LEAPS, null)
        : found.isEmpty() ? Judgement.GOES_ON : new Judgement(Kind.RETURNS, null);
  }

  /** Stores the guard's state after an observation. */
  void update(Observation observation, Judgement result) {
    if (result.mark() != null) {
      states.put(observation.series(), Objects.requireNonNull(result.mark()));
    }
  }

  /** Removes a deleted series. */
  void remove(String series) {
    states.remove(series);
  }
}
