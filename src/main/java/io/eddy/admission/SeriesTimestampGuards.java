package io.eddy.admission;

import io.eddy.series.Observation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The clocks of several series, watched by a rule without a stream. Used by one thread. */
public final class SeriesTimestampGuards {
  private final TimestampGuard rule;
  private final Map<String, Clock> clocks = new HashMap<>();

  private static final class Clock {
    long newestMs = TimestampGuardState.NONE;
    @Nullable TimestampGuardState mark;
  }

  public SeriesTimestampGuards(TimestampGuard rule) {
    this.rule = rule;
  }

  /** Forgets a series, which was deleted. */
  public void remove(String series) {
    clocks.remove(series);
  }

  /** What comes of the next observation of its series. */
  public TimestampGuard.Kind next(Observation observation) {
    Clock clock = clocks.computeIfAbsent(observation.series(), series -> new Clock());
    TimestampGuard.Judgement judged =
        rule.judge(clock.mark, clock.newestMs, observation.timestampMs());
    clock.mark = judged.mark() == null ? clock.mark : judged.mark();
    clock.newestMs =
        switch (judged.kind()) {
          case DOUBTED -> clock.newestMs;
          case RETURNS -> observation.timestampMs();
          case GOES_ON, BEGINS, LEAPS -> Math.max(clock.newestMs, observation.timestampMs());
        };
    return judged.kind();
  }
}
