package io.eddy.stream;

import io.eddy.series.ClockMark;
import io.eddy.series.ClockRule;
import io.eddy.series.ClockRule.Judgement;
import io.eddy.series.ClockRule.Kind;
import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The clocks of one partition's series, as an audit follows them. */
final class AuditedClocks {
  private final ClockRule rule;
  private final Arrivals.Dead dead;
  private final Map<String, ClockMark> marks = new HashMap<>();

  AuditedClocks(ClockRule rule, Arrivals.Dead dead) {
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
      List<FoundForecast> found) {
    if (!rule.isOn()) {
      return Judgement.GOES_ON;
    }
    boolean isDead = found.isEmpty() && dead.contains(offset, observation);
    if (replay == null ? !isWhole : !replay.isPlaced()) {
      return isDead ? new Judgement(Kind.DOUBTED, null) : Judgement.GOES_ON;
    }
    long newestMs = replay == null ? ClockMark.NONE : replay.newestMs();
    long timeMs = observation.timestampMs();
    ClockMark mark = marks.get(observation.series());
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
