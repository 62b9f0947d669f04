package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import java.util.List;

/**
 * Plots consecutive forecasts of a series as SVG: medians and quantile bands with the measured
 * values before and after the forecast origins.
 */
public final class ForecastPlot {
  private static final PlotArea AREA = new PlotArea(960, 360, 70, 940, 46, 324);
  private static final int MAX_TIME_MARKS = 8;
  private static final double MARGIN = 0.06;
  private static final String MEASURED = "#2b3a4a";
  private static final String NEW_WEIGHTS = "#2a6fb0";
  private static final String ORIGIN = "#bbb";
  private static final String MEDIAN = "#d2600b";
  private static final String BAND = "#f28e2b";
  private static final double BAND_OPACITY = 0.2;

  private final SeriesData series;
  private final List<Forecast> forecasts;
  private final long fromMs;
  private final long toMs;
  private final Range range = new Range();
  private final LinearScale x;
  private final LinearScale y;

  /** The smallest and the largest of some values. */
  private static final class Range {
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    void include(double value) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }

    void widen() {
      double margin = Math.max(1e-9, MARGIN * (high - low));
      low -= margin;
      high += margin;
    }
  }

  /**
   * Creates a plot.
   *
   * @param forecasts at least one, in order of time
   * @param historySteps steps shown before the first forecast
   */
  public ForecastPlot(SeriesData series, List<Forecast> forecasts, int historySteps) {
    this.series = series;
    this.forecasts = forecasts;
    Forecast last = forecasts.get(forecasts.size() - 1);
    fromMs = firstOriginMs() - historySteps * last.origin().intervalMs();
    toMs = last.timestampMs(last.horizon());
    for (int i = 0; i < series.size(); i++) {
      if (series.timestampsMs()[i] >= fromMs && series.timestampsMs()[i] <= toMs) {
        range.include(series.values()[i]);
      }
    }
    for (Forecast forecast : forecasts) {
      for (float value : forecast.values()) {
        range.include(value);
      }
    }
    range.widen();
    x = AREA.horizontal(fromMs, toMs);
    y = AREA.vertical(range.low, range.high);
  }

  private long firstOriginMs() {
    return forecasts.get(0).origin().timestampMs();
  }

  private boolean isSingle() {
    return forecasts.size() == 1;
  }

  /** Returns the SVG document. */
  public String svg() {
    Svg svg = new Svg(AREA);
    svg.title(AREA.left(), series.name() + ": " + title());
    new ValueAxis(range.low, range.high).draw(svg, AREA);
    new TimeAxis(fromMs, toMs, MAX_TIME_MARKS).draw(svg, AREA);
    for (int i = 0; i < forecasts.size(); i++) {
      drawBands(svg, forecasts.get(i));
      drawOrigin(
          svg, forecasts.get(i), i > 0 && !isSameVersion(forecasts.get(i), forecasts.get(i - 1)));
    }
    svg.curve(measured(fromMs, isSingle() ? firstOriginMs() : toMs), MEASURED);
    if (isSingle()) {
      svg.dashedCurve(measured(firstOriginMs(), toMs), MEASURED);
    }
    forecasts.forEach(forecast -> svg.curve(median(forecast), MEDIAN));
    drawLegend(svg);
    return svg.document();
  }

  private String title() {
    String ahead = forecasts.get(0).horizon() + " steps ahead from ";
    return isSingle()
        ? ahead + TimeAxis.formatMinute(firstOriginMs()) + " UTC"
        : ahead + "each of %d origins, UTC".formatted(forecasts.size());
  }

  /** Draws an area for each pair of levels around the median, the widest first. */
  private void drawBands(Svg svg, Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    for (int k = 0; k < levels / 2; k++) {
      SvgPath path = atOrigin(forecast);
      for (int step = 1; step <= forecast.horizon(); step++) {
        add(path, forecast.timestampMs(step), forecast.value(step, k));
      }
      for (int step = forecast.horizon(); step >= 1; step--) {
        add(path, forecast.timestampMs(step), forecast.value(step, levels - 1 - k));
      }
      path.close();
      svg.area(path, BAND, BAND_OPACITY);
    }
  }

  private static boolean isSameVersion(Forecast forecast, Forecast previous) {
    return forecast.origin().served().version().equals(previous.origin().served().version());
  }

  /** Marks a forecast origin, and a change of weights at it. */
  private void drawOrigin(Svg svg, Forecast forecast, boolean hasNewWeights) {
    double origin = x.pixel(forecast.origin().timestampMs());
    svg.dashedVerticalLine(
        origin, AREA.top(), AREA.bottom(), hasNewWeights ? NEW_WEIGHTS : ORIGIN, "1 3");
    if (hasNewWeights) {
      svg.label(origin + 4, AREA.top() + 10, NEW_WEIGHTS, "new weights");
    }
  }

  /** Returns a path that starts at the value of the forecast origin, if it is known. */
  private SvgPath atOrigin(Forecast forecast) {
    long time = forecast.origin().timestampMs();
    return measured(time, time);
  }

  private SvgPath measured(long beginMs, long endMs) {
    SvgPath path = new SvgPath();
    for (int i = 0; i < series.size(); i++) {
      long time = series.timestampsMs()[i];
      if (time >= beginMs && time <= endMs) {
        add(path, time, series.values()[i]);
      }
    }
    return path;
  }

  private SvgPath median(Forecast forecast) {
    SvgPath path = atOrigin(forecast);
    for (int step = 1; step <= forecast.horizon(); step++) {
      add(path, forecast.timestampMs(step), forecast.median(step));
    }
    return path;
  }

  private void add(SvgPath path, long timeMs, double value) {
    path.add(x.pixel(timeMs), y.pixel(value));
  }

  private void drawLegend(Svg svg) {
    List<Double> levels = forecasts.get(0).quantileLevels();
    String bands =
        levels.size() < 2
            ? ""
            : ", bands from %s to %s".formatted(levels.get(0), levels.get(levels.size() - 1));
    String after = isSingle() ? " <tspan fill=\"%s\">┄ actual</tspan>".formatted(MEASURED) : "";
    svg.markup(
        AREA.right(),
        24,
        Svg.END,
        "<tspan fill=\"%s\">— measured</tspan>%s <tspan fill=\"%s\">— %s%s</tspan>"
            .formatted(MEASURED, after, MEDIAN, levels.isEmpty() ? "forecast" : "median", bands));
  }
}
