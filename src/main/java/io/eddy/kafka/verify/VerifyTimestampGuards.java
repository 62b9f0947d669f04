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

/** The clocks of one partition's series, as an audit follows them. */
final class VerifyTimestampGuards {
  private final TimestampGuard rule;
  private final ActivationVisibility.Dead dead;
  private final Map<String, TimestampGuardState> marks = new HashMap<>();

  VerifyTimestampGuards(TimestampGuard rule, ActivationVisibility.Dead dead) {
    this.rule = rule;
    this.dead = dead;
  }

  /**
   * What comes of an observation. Where events of its series are no longer kept, so that this does
   * not follow from them, what was made of it tells.
   *
   * @param replay of the series before it; null where it is the first of it
   * @param isWhole whether no earlier event of the series can have been deleted
   * @param found its forecasts
   */
  Judgement judge(
      Observation observation,
      long offset,
      @Nullable SeriesReplay replay,
      boolean isWhole,
      List<RecordedForecast> found) {
    if (!rule.isOn()) {
      return Judgement.GOES_ON;
    }
    boolean isDead = found.isEmpty() && dead.contains(offset, observation);
    if (replay == null ? !isWhole : !replay.isPlaced()) {
      return isDead ? new Judgement(Kind.DOUBTED, null) : Judgement.GOES_ON;
    }
    long newestMs = replay == null ? TimestampGuardState.NONE : replay.newestMs();
    long timeMs = observation.timestampMs();
    TimestampGuardState mark = marks.get(observation.series());
    Judgement judged = rule.judge(mark, newestMs, timeMs);
    if (mark != null || !rule.isFar(newestMs, timeMs)) {
      return judged;
    }
    if (isDead) {
      return new Judgement(Kind.DOUBTED, null);
    }
    return timeMs > newestMs
        ? new Judgement(Kind.LEAPS, null)
        : found.isEmpty() ? Judgement.GOES_ON : new Judgement(Kind.RETURNS, null);
  }

  /** Remembers what a judgement says is to be remembered. */
  void keep(Observation observation, Judgement judged) {
    if (judged.mark() != null) {
      marks.put(observation.series(), Objects.requireNonNull(judged.mark()));
    }
  }

  /** Forgets a series that is no longer there. */
  void forget(String series) {
    marks.remove(series);
  }
}
