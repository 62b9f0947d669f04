package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.series.Sampling;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Collects forecasts for a plot: the last consecutive forecasts, without overlap, of the first
 * series that has any.
 */
public final class PlottedForecasts {
  private static final int MAX_FORECASTS = 6;

  private final Sampling sampling;
  private final Map<String, SeriesData> candidates = new HashMap<>();
  private final Deque<Forecast> forecasts = new ArrayDeque<>();

  /**
   * Creates an empty collection.
   *
   * @param sampling of the model
   * @param candidates series that may be plotted
   */
  public PlottedForecasts(Sampling sampling, List<SeriesData> candidates) {
    this.sampling = sampling;
    candidates.forEach(series -> this.candidates.put(series.name(), series));
  }

  /** Adds a forecast. Forecasts that extend beyond the data are ignored. */
  public void add(Forecast forecast) {
    String name = forecast.origin().series();
    SeriesData series = candidates.get(name);
    if (series == null || end(forecast) > series.timestampsMs()[series.size() - 1]) {
      return;
    }
    if (forecasts.isEmpty() || follows(forecast, forecasts.getLast())) {
      forecasts.add(forecast);
      if (forecasts.size() > MAX_FORECASTS) {
        forecasts.removeFirst();
      }
    }
  }

  private static boolean follows(Forecast forecast, Forecast last) {
    return forecast.origin().series().equals(last.origin().series())
        && forecast.origin().timestampMs() >= end(last);
  }

  private static long end(Forecast forecast) {
    return forecast.timestampMs(forecast.horizon());
  }

  /**
   * Returns the SVG document.
   *
   * @throws IllegalArgumentException if there are no forecasts
   */
  public String svg(PlotText text) {
    if (forecasts.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to plot: no forecast horizon ends within the data");
    }
    List<Forecast> shown = List.copyOf(forecasts);
    Forecast first = shown.get(0);
    SeriesData series = Objects.requireNonNull(candidates.get(first.origin().series()));
    return new ForecastPlot(PlottedSeries.of(series, sampling), shown, text, 2 * first.horizon())
        .svg();
  }
}
