package io.eddy.cli.plot;

import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import java.util.ArrayList;
import java.util.List;

/**
 * Plots the last steps of a series as SVG: values, expected range and episodes.
 *
 * <p>At most {@value #MAX_STEPS} steps are shown.
 */
public final class AnomalyPlot {
  private static final PlotArea AREA = PlotArea.SLIDE;
  private static final int MAX_STEPS = 2000;
  private static final int MAX_TIME_MARKS = 8;
  private static final double MARGIN = 0.06;
  private static final double MIN_MARGIN = 1e-9;
  private static final double MIN_WIDTH = 3;
  private static final String ACTUAL = "#1f2d3d";
  private static final String BAND = "#2a6fb0";
  private static final String EPISODE = "#d2600b";
  private static final double OPACITY = 0.2;
  private static final double CURVE_WIDTH = 1.4;

  private final String series;
  private final List<Step> steps = new ArrayList<>();

  private record Step(long timestampMs, double value, Expectation expected) {}

  /** Creates a plot without steps. */
  public AnomalyPlot(String series) {
    this.series = series;
  }

  /** Adds the next step. */
  public void add(long timestampMs, double value, Expectation expected) {
    steps.add(new Step(timestampMs, value, expected));
  }

  /** Returns the SVG document. */
  public String svg(List<Episode> episodes) {
    List<Step> shown = steps.subList(Math.max(0, steps.size() - MAX_STEPS), steps.size());
    long fromMs = shown.get(0).timestampMs();
    long toMs = Math.max(fromMs + 1, shown.get(shown.size() - 1).timestampMs());
    double[] range = range(shown);
    LinearScale x = AREA.horizontal(fromMs, toMs);
    LinearScale y = AREA.vertical(range[0], range[1]);
    List<Episode> visible =
        episodes.stream()
            .filter(episode -> episode.endMs() >= fromMs && episode.beginMs() <= toMs)
            .toList();
    Svg svg = new Svg(AREA);
    svg.title(
        series + ": " + visible.size() + (visible.size() == 1 ? " episode" : " episodes"),
        "values and expected range");
    new ValueAxis(range[0], range[1]).draw(svg, AREA);
    svg.valueTitle("value");
    new TimeAxis(fromMs, toMs, MAX_TIME_MARKS).draw(svg, AREA);
    for (Episode episode : visible) {
      double left = Math.max(AREA.left(), x.pixel(episode.beginMs()) - MIN_WIDTH / 2);
      double right = Math.min(AREA.right(), x.pixel(episode.endMs()) + MIN_WIDTH / 2);
      svg.rectangle(
          left,
          AREA.top(),
          Math.max(MIN_WIDTH, right - left),
          AREA.bottom() - AREA.top(),
          EPISODE,
          OPACITY);
    }
    svg.area(band(shown, x, y), BAND, OPACITY);
    svg.curve(values(shown, x, y), ACTUAL, CURVE_WIDTH, Svg.SOLID);
    Legend legend = new Legend(svg, AREA.left(), PlotArea.LEGEND_BASELINE);
    legend.line(ACTUAL, CURVE_WIDTH, Svg.SOLID, "value");
    legend.layers(BAND, OPACITY, 1, "expected range");
    legend.layers(EPISODE, OPACITY, 1, "episode");
    return svg.document();
  }

  /** Returns the smallest and the largest value with a margin. */
  private static double[] range(List<Step> shown) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Step step : shown) {
      if (Double.isFinite(step.value())) {
        low = Math.min(low, step.value());
        high = Math.max(high, step.value());
      }
    }
    if (low > high) {
      return new double[] {0, 1};
    }
    double margin =
        high > low ? MARGIN * (high - low) : Math.max(MIN_MARGIN, MARGIN * Math.abs(high));
    return new double[] {low - margin, high + margin};
  }

  private static SvgPath values(List<Step> shown, LinearScale x, LinearScale y) {
    SvgPath path = new SvgPath();
    for (Step step : shown) {
      if (Double.isFinite(step.value())) {
        path.add(x.pixel(step.timestampMs()), y.pixel(step.value()));
      } else {
        path.interrupt();
      }
    }
    return path;
  }

  private static SvgPath band(List<Step> shown, LinearScale x, LinearScale y) {
    SvgPath path = new SvgPath();
    List<Step> known =
        shown.stream().filter(step -> Double.isFinite(step.expected().low())).toList();
    for (Step step : known) {
      path.add(x.pixel(step.timestampMs()), clipped(y.pixel(step.expected().high())));
    }
    for (int i = known.size() - 1; i >= 0; i--) {
      Step step = known.get(i);
      path.add(x.pixel(step.timestampMs()), clipped(y.pixel(step.expected().low())));
    }
    path.close();
    return path;
  }

  private static double clipped(double pixel) {
    return Math.max(AREA.top(), Math.min(AREA.bottom(), pixel));
  }
}
