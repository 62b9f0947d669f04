package io.eddy.forecast.alert;

import io.eddy.forecast.Forecast;
import io.eddy.series.Interval;
import java.time.Duration;

/** A length of time in a rule: a duration, or a number of steps. */
sealed interface Span {
  /** Returns the number of steps, at least 1, of an interval. */
  long steps(Interval interval);

  /** Returns the number of steps of a forecast, from 1 to its horizon, that the span covers. */
  int stepsOf(Forecast forecast);

  /** Returns the span in the language of rules. */
  @Override
  String toString();

  /** A duration. */
  record Time(Duration length) implements Span {
    @Override
    public long steps(Interval interval) {
      return Math.max(1, -Math.floorDiv(-length.toMillis(), interval.meanLength().toMillis()));
    }

    @Override
    public int stepsOf(Forecast forecast) {
      int horizon = forecast.horizon();
      long fixedMs = forecast.origin().interval().fixedMs();
      if (fixedMs > 0) {
        return (int) Math.max(1, Math.min(horizon, length.toMillis() / fixedMs));
      }
      long endMs = forecast.origin().timestampMs() + length.toMillis();
      int steps = 1;
      while (steps < horizon && forecast.timestampMs(steps + 1) <= endMs) {
        steps++;
      }
      return steps;
    }

    @Override
    public String toString() {
      return length.toString();
    }
  }

  /** A number of steps. */
  record Steps(long count) implements Span {
    @Override
    public long steps(Interval interval) {
      return count;
    }

    @Override
    public int stepsOf(Forecast forecast) {
      return (int) Math.min(count, forecast.horizon());
    }

    @Override
    public String toString() {
      return count + (count == 1 ? " step" : " steps");
    }
  }
}
