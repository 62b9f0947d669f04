package io.eddy.cli;

import io.eddy.codec.SeriesData;
import io.eddy.forecast.Forecast;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last forecasts of one series that follow each other without overlap, for a picture. */
final class PlottedForecasts {
  private static final int COUNT = 6;

  private final SeriesData series;
  private final Deque<Forecast> forecasts = new ArrayDeque<>();

  PlottedForecasts(SeriesData series) {
    this.series = series;
  }

  /** Takes a forecast; one of another series, or that reaches beyond the data, is not shown. */
  void add(Forecast forecast) {
    long endMs = series.timestampsMs()[series.size() - 1];
    if (forecast.origin().series().equals(series.name())
        && forecast.timestampMs(forecast.horizon()) <= endMs
        && (forecasts.isEmpty() || end(forecasts.getLast()) <= forecast.origin().timestampMs())) {
      forecasts.add(forecast);
      if (forecasts.size() > COUNT) {
        forecasts.removeFirst();
      }
    }
  }

  private static long end(Forecast forecast) {
    return forecast.timestampMs(forecast.horizon());
  }

  /**
   * The picture.
   *
   * @throws IllegalArgumentException where there is nothing to show
   */
  String svg() {
    if (forecasts.isEmpty()) {
      throw new IllegalArgumentException(
          "series %s has no forecast whole in the data to plot: name another by --series"
              .formatted(series.name()));
    }
    List<Forecast> shown = List.copyOf(forecasts);
    return new ForecastPlot(series, shown, 2 * shown.get(0).horizon()).svg();
  }
}
