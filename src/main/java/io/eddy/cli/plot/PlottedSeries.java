package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Duration;

/** The actual values of a series on its model's sampling grid; NaN where a step has none. */
public final class PlottedSeries {
  private final String name;
  private final Sampling sampling;
  private final long firstStep;
  private final double[] values;

  private PlottedSeries(String name, Sampling sampling, long firstStep, double[] values) {
    this.name = name;
    this.sampling = sampling;
    this.firstStep = firstStep;
    this.values = values;
  }

  /** Aggregates observations to the steps of a model. */
  public static PlottedSeries of(SeriesData data, Sampling sampling) {
    if (data.size() == 0) {
      return new PlottedSeries(data.name(), sampling, 0, new double[0]);
    }
    SteppedSeries steps = data.stepped(sampling);
    return new PlottedSeries(data.name(), sampling, steps.firstStep(), steps.values());
  }

  String name() {
    return name;
  }

  /** Returns the start of the step that is {@code steps} after the one that contains a time. */
  long plusSteps(long timeMs, long steps) {
    return sampling.interval().plusSteps(timeMs, steps);
  }

  /** Returns the length of a number of steps as text: {@code 24 h}, {@code 12 × P1M}. */
  String lengthOf(int steps) {
    Interval interval = sampling.interval();
    return interval.isFixed()
        ? PlotText.duration(Duration.ofMillis(steps * interval.fixedMs()))
        : "%d × %s".formatted(steps, interval);
  }

  /** Returns the value of the step that contains a time; NaN if it has none. */
  double at(long timeMs) {
    long index = sampling.stepOf(timeMs) - firstStep;
    return index < 0 || index >= values.length ? Double.NaN : values[(int) index];
  }

  /** Returns the start of the last step; {@link Long#MIN_VALUE} without any. */
  private long lastMs() {
    return values.length == 0 ? Long.MIN_VALUE : sampling.startMs(firstStep + values.length - 1);
  }

  /** Returns whether the series extends to the end of a forecast's horizon. */
  public boolean covers(Forecast forecast) {
    return forecast.timestampMs(forecast.horizon()) <= lastMs();
  }

  /** Returns the start of the step that contains a time. */
  long stepStartMs(long timeMs) {
    return sampling.startMs(sampling.stepOf(timeMs));
  }

  /**
   * Returns the seasonal naive forecast: the value of the last known season at the same place.
   *
   * @param step steps after the origin, from 1
   * @param seasonSteps length of the season; 0 for the naive forecast, the value of the origin
   */
  double seasonalNaive(long originMs, int step, int seasonSteps) {
    long back = seasonSteps == 0 ? 0 : (long) seasonSteps * ((step - 1) / seasonSteps + 1) - step;
    return at(plusSteps(originMs, -back));
  }
}
