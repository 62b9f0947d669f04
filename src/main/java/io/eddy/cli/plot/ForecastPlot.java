package io.eddy.cli.plot;

import io.eddy.forecast.Forecast;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plots one forecast of a series, or consecutive ones, as SVG: intervals and medians, the seasonal
 * naive forecast, and the actual values before and after the forecast origins.
 */
public final class ForecastPlot {
  private static final PlotArea AREA = PlotArea.SLIDE;
  private static final int MAX_TIME_MARKS = 8;
  private static final double MARGIN = 0.06;
  private static final double MIN_MARGIN = 1;
  private static final String ACTUAL = "#1f2d3d";
  private static final String NEW_WEIGHTS = "#2a6fb0";
  private static final String ORIGIN = "#888";
  private static final String MEDIAN = "#d2600b";
  private static final String BAND = "#f28e2b";
  private static final String BASELINE = "#4b8b6f";
  private static final String BASELINE_DASHES = "5 4";
  private static final double CURVE_WIDTH = 2.2;
  private static final double BAND_OPACITY = 0.18;

  private final PlottedSeries series;
  private final List<Forecast> forecasts;
  private final PlotText text;
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
      if (Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    void widen() {
      double margin =
          high > low ? MARGIN * (high - low) : Math.max(MIN_MARGIN, MARGIN * Math.abs(high));
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
  public ForecastPlot(
      PlottedSeries series, List<Forecast> forecasts, PlotText text, int historySteps) {
    this.series = series;
    this.forecasts = forecasts;
    this.text = text;
    Forecast last = forecasts.get(forecasts.size() - 1);
    fromMs = series.plusSteps(firstOriginMs(), -historySteps);
    toMs = last.timestampMs(last.horizon());
    for (long time = series.stepStartMs(fromMs); time <= toMs; time = series.plusSteps(time, 1)) {
      range.include(series.at(time));
    }
    for (Forecast forecast : forecasts) {
      for (double value : forecast.values()) {
        range.include(value);
      }
      for (int step = 1; step <= forecast.horizon(); step++) {
        range.include(baseline(forecast, step));
      }
    }
    range.widen();
    x = AREA.horizontal(fromMs, toMs);
    y = AREA.vertical(range.low, range.high);
  }

  private long firstOriginMs() {
    return forecasts.get(0).origin().timestampMs();
  }

  /** Returns the SVG document. */
  public String svg() {
    Svg svg = new Svg(AREA);
    svg.title(title(), text.model());
    new ValueAxis(range.low, range.high).draw(svg, AREA);
    svg.valueTitle(text.value());
    new TimeAxis(fromMs, toMs, MAX_TIME_MARKS).draw(svg, AREA);
    forecasts.forEach(forecast -> drawBands(svg, forecast));
    for (int i = 0; i < forecasts.size(); i++) {
      drawOrigin(svg, i);
    }
    boolean hasBaseline = false;
    for (Forecast forecast : forecasts) {
      SvgPath baseline = line(forecast, step -> baseline(forecast, step));
      hasBaseline |= !baseline.isEmpty();
      svg.curve(baseline, BASELINE, CURVE_WIDTH, BASELINE_DASHES);
    }
    svg.curve(actual(), ACTUAL, CURVE_WIDTH, Svg.SOLID);
    for (Forecast forecast : forecasts) {
      svg.curve(line(forecast, forecast::median), MEDIAN, CURVE_WIDTH, Svg.SOLID);
    }
    drawLegend(svg, hasBaseline);
    return svg.document();
  }

  private String title() {
    Forecast first = forecasts.get(0);
    String ahead = series.lengthOf(first.horizon()) + " ahead from ";
    return series.name()
        + ": "
        + ahead
        + (forecasts.size() == 1
            ? TimeAxis.formatMinute(firstOriginMs()) + " UTC"
            : "each of %d origins".formatted(forecasts.size()));
  }

  /** Draws an area for each pair of levels around the median, the widest first. */
  private void drawBands(Svg svg, Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    for (int k = 0; k < levels / 2; k++) {
      SvgPath path = new SvgPath();
      addOrigin(path, forecast);
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
  private void drawOrigin(Svg svg, int index) {
    Forecast forecast = forecasts.get(index);
    boolean hasNewWeights = index > 0 && !isSameVersion(forecast, forecasts.get(index - 1));
    double origin = x.pixel(forecast.origin().timestampMs());
    svg.dashedVerticalLine(
        origin, AREA.top(), AREA.bottom(), hasNewWeights ? NEW_WEIGHTS : ORIGIN, "2 3");
    if (hasNewWeights) {
      String version = forecast.origin().served().version().shortSha();
      svg.label(origin + 5, AREA.top() + 12, Svg.START, NEW_WEIGHTS, "version " + version);
    } else if (index == 0) {
      svg.label(origin - 6, AREA.top() + 12, Svg.END, ORIGIN, "forecast origin");
    }
  }

  /** Adds the value of the forecast origin, if it is known. */
  private void addOrigin(SvgPath path, Forecast forecast) {
    long time = forecast.origin().timestampMs();
    double value = series.at(time);
    if (!Double.isNaN(value)) {
      add(path, time, value);
    }
  }

  private SvgPath actual() {
    SvgPath path = new SvgPath();
    for (long time = series.stepStartMs(fromMs); time <= toMs; time = series.plusSteps(time, 1)) {
      double value = series.at(time);
      if (Double.isNaN(value)) {
        path.interrupt();
      } else if (time >= fromMs) {
        add(path, time, value);
      }
    }
    path.interrupt();
    return path;
  }

  private double baseline(Forecast forecast, int step) {
    return series.seasonalNaive(forecast.origin().timestampMs(), step, text.seasonSteps());
  }

  /** Returns the path of a value per step, from the origin on; empty if no step has one. */
  private SvgPath line(Forecast forecast, IntToDoubleFunction values) {
    SvgPath path = new SvgPath();
    boolean isEmpty = true;
    addOrigin(path, forecast);
    for (int step = 1; step <= forecast.horizon(); step++) {
      double value = values.applyAsDouble(step);
      if (Double.isNaN(value)) {
        path.interrupt();
      } else {
        add(path, forecast.timestampMs(step), value);
        isEmpty = false;
      }
    }
    return isEmpty ? new SvgPath() : path;
  }

  private void add(SvgPath path, long timeMs, double value) {
    path.add(x.pixel(timeMs), y.pixel(value));
  }

  private void drawLegend(Svg svg, boolean hasBaseline) {
    List<Double> levels = forecasts.get(0).quantileLevels();
    Legend legend = new Legend(svg, AREA.left(), PlotArea.LEGEND_BASELINE);
    legend.line(ACTUAL, CURVE_WIDTH, Svg.SOLID, "actual");
    legend.line(MEDIAN, CURVE_WIDTH, Svg.SOLID, levels.isEmpty() ? "forecast" : "median forecast");
    if (levels.size() > 1) {
      legend.layers(BAND, BAND_OPACITY, levels.size() / 2, intervals(levels));
    }
    if (hasBaseline) {
      legend.line(BASELINE, CURVE_WIDTH, BASELINE_DASHES, baselineName());
    }
  }

  private String baselineName() {
    return text.seasonSteps() <= 1
        ? "last value"
        : "seasonal naive (" + series.lengthOf(text.seasonSteps()) + ")";
  }

  /** Names the intervals between the pairs of levels, for example {@code 80, 40 % intervals}. */
  static String intervals(List<Double> levels) {
    List<String> shares =
        IntStream.range(0, levels.size() / 2)
            .mapToObj(k -> percent(levels.get(levels.size() - 1 - k) - levels.get(k)))
            .toList();
    return shares.stream().collect(Collectors.joining(", "))
        + (shares.size() == 1 ? " % interval" : " % intervals");
  }

  private static String percent(double share) {
    String text = String.format(Locale.ROOT, "%.1f", 100 * share);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
