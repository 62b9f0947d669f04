package io.eddy.cli.plot;

import io.eddy.forecast.Forecast;
import java.util.List;
import java.util.TreeSet;

/**
 * Plots one forecast of classes as SVG: a column of class probabilities for each step ahead, above
 * a band of the actual classes before and after the forecast origin.
 */
public final class ClassPlot {
  private static final PlotArea AREA = PlotArea.SLIDE;
  private static final int COLUMNS_BOTTOM = AREA.bottom() - 50;
  private static final int BAND_TOP = AREA.bottom() - 40;
  private static final double MIN_SHOWN = 0.002;
  private static final int MAX_NAMED = 12;
  private static final int MAX_TIME_MARKS = 8;
  private static final List<String> COLORS =
      List.of(
          "#b8c4d0", "#f2c14e", "#4e9a6b", "#d2600b", "#7b6fb0", "#4f8fc0", "#a05d56", "#8f9b3a",
          "#c77ba8", "#5f6b73");

  private final PlottedSeries series;
  private final Forecast forecast;
  private final PlotText text;
  private final long fromMs;
  private final long toMs;
  private final LinearScale x;
  private final LinearScale probability = new LinearScale(0, 1, COLUMNS_BOTTOM, AREA.top());
  private final TreeSet<Integer> shownClasses = new TreeSet<>();

  /**
   * Creates a plot.
   *
   * @param historySteps steps shown before the forecast
   */
  public ClassPlot(PlottedSeries series, Forecast forecast, PlotText text, int historySteps) {
    this.series = series;
    this.forecast = forecast;
    this.text = text;
    fromMs = series.plusSteps(forecast.origin().timestampMs(), 1 - historySteps);
    toMs = forecast.timestampMs(forecast.horizon() + 1);
    x = AREA.horizontal(fromMs, toMs);
  }

  /** Returns the SVG document. */
  public String svg() {
    Svg svg = new Svg(AREA);
    svg.title(
        "%s: %s ahead from %s UTC"
            .formatted(
                series.name(),
                series.lengthOf(forecast.horizon()),
                TimeAxis.formatMinute(forecast.origin().timestampMs())),
        text.model());
    svg.valueTitle("probability of " + text.value());
    drawProbabilities(svg);
    drawActualClasses(svg);
    drawAxes(svg);
    drawLegend(svg);
    return svg.document();
  }

  private void drawProbabilities(Svg svg) {
    for (int step = 1; step <= forecast.horizon(); step++) {
      double below = 0;
      for (int k = 0; k < forecast.classes(); k++) {
        double share = forecast.value(step, k);
        if (share >= MIN_SHOWN) {
          double bottom = probability.pixel(below);
          below += share;
          double top = probability.pixel(below);
          drawRectangle(svg, forecast.timestampMs(step), top, bottom - top, k);
        }
      }
    }
  }

  private void drawActualClasses(Svg svg) {
    for (long time = series.stepStartMs(fromMs); time < toMs; time = series.plusSteps(time, 1)) {
      double value = series.at(time);
      if (time >= fromMs && value >= 0) {
        drawRectangle(svg, time, BAND_TOP, AREA.bottom() - BAND_TOP, (int) value);
      }
    }
  }

  private void drawRectangle(Svg svg, long timeMs, double top, double height, int k) {
    shownClasses.add(k);
    double left = x.pixel(timeMs);
    double width = x.pixel(series.plusSteps(timeMs, 1)) - left;
    svg.rectangle(left, top, width, height, color(k));
  }

  private void drawAxes(Svg svg) {
    for (int percent = 0; percent <= 100; percent += 50) {
      double y = probability.pixel(percent / 100.0);
      svg.text(AREA.left() - 8, y + 5, Svg.END, percent + " %");
    }
    svg.text(AREA.left() - 8, (BAND_TOP + AREA.bottom()) / 2.0 + 5, Svg.END, "actual");
    double begin = x.pixel(forecast.timestampMs(1));
    svg.dashedVerticalLine(begin, AREA.top(), AREA.bottom(), "#222", "4 3");
    new TimeAxis(fromMs, toMs, MAX_TIME_MARKS).draw(svg, AREA);
  }

  /** Names the classes of the plot, as far as there is space. */
  private void drawLegend(Svg svg) {
    Legend legend = new Legend(svg, AREA.left(), PlotArea.LEGEND_BASELINE);
    shownClasses.stream()
        .limit(MAX_NAMED)
        .forEach(k -> legend.layers(color(k), 1, 1, Integer.toString(k)));
    if (shownClasses.size() > MAX_NAMED) {
      legend.layers("#fff", 1, 1, "and %d more".formatted(shownClasses.size() - MAX_NAMED));
    }
  }

  private static String color(int k) {
    return COLORS.get(k % COLORS.size());
  }
}
