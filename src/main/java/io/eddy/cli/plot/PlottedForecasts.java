package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The last forecasts of one series that follow each other without overlap, for a picture: of the
 * first series that has any.
 */
public final class PlottedForecasts {
  private static final int COUNT = 6;

  private final Map<String, SeriesData> candidates = new HashMap<>();
  private final Deque<Forecast> forecasts = new ArrayDeque<>();

  public PlottedForecasts(List<SeriesData> candidates) {
    candidates.forEach(one -> this.candidates.put(one.name(), one));
  }

  /** Takes a forecast; one that reaches beyond the data is not shown. */
  public void add(Forecast forecast) {
    String name = forecast.origin().series();
    SeriesData series = candidates.get(name);
    if (series == null || end(forecast) > series.timestampsMs()[series.size() - 1]) {
      return;
    }
    if (forecasts.isEmpty() || follows(forecast, forecasts.getLast())) {
      forecasts.add(forecast);
      if (forecasts.size() > COUNT) {
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
   * The picture.
   *
   * @throws IllegalArgumentException where there is nothing to show
   */
  public String svg() {
    if (forecasts.isEmpty()) {
      throw new IllegalArgumentException("no forecast lies whole in the data: nothing to plot");
    }
    List<Forecast> shown = List.copyOf(forecasts);
    Forecast first = shown.get(0);
    SeriesData series = Objects.requireNonNull(candidates.get(first.origin().series()));
    return new ForecastPlot(series, shown, 2 * first.horizon()).svg();
  }
}
