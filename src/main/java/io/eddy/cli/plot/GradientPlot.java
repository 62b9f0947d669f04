package io.eddy.cli.plot;

import io.eddy.training.GradientByLag;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Plots the gradient of the forecast by lag as SVG: the median and the range over the series, on a
 * logarithmic scale.
 */
public final class GradientPlot {
  private static final PlotArea AREA = PlotArea.SLIDE;
  private static final String TITLE = "Gradient of the forecast by lag";
  private static final int LOWEST_POWER = -8;
  private static final int MAX_POWER = 30;
  private static final int VALUE_MARKS = 8;
  private static final int STEP_MARKS = 4;
  private static final double RANGE_OPACITY = 0.15;
  private static final List<String> COLORS =
      List.of("#1f77b4", "#d2600b", "#2a8f3c", "#8e4db8", "#555555");

  private final Map<String, GradientByLag> curves;
  private final int steps;
  private final int highestPower;
  private final LinearScale x;
  private final LinearScale y;

  private GradientPlot(Map<String, GradientByLag> curves) {
    this.curves = curves;
    steps = curves.values().iterator().next().steps();
    double highest = 1;
    for (GradientByLag curve : curves.values()) {
      for (int k = 0; k <= steps; k++) {
        highest = Math.max(highest, curve.max(k));
      }
    }
    highestPower = (int) Math.ceil(Math.min(MAX_POWER, Math.log10(highest)));
    x = AREA.horizontal(0, steps);
    y = AREA.vertical(LOWEST_POWER, highestPower);
  }

  /**
   * Returns the SVG document.
   *
   * @param curves curves of the same length by name
   */
  public static String of(Map<String, GradientByLag> curves) {
    return new GradientPlot(curves).svg();
  }

  private String svg() {
    Svg svg = new Svg(AREA);
    String name = curves.keySet().iterator().next();
    svg.title(TITLE, "median and range over the series" + (curves.size() > 1 ? "" : "; " + name));
    svg.valueTitle("norm of the gradient");
    int distance = Math.max(1, (highestPower - LOWEST_POWER) / VALUE_MARKS);
    for (int power = highestPower; power >= LOWEST_POWER; power -= distance) {
      ValueAxis.drawMark(svg, AREA, y.pixel(power), "1e" + power);
    }
    for (int i = 0; i <= STEP_MARKS; i++) {
      int k = steps * i / STEP_MARKS;
      svg.text(x.pixel(k), AREA.bottom() + 22, Svg.MIDDLE, Integer.toString(k));
    }
    int index = 0;
    Legend legend = new Legend(svg, AREA.left(), PlotArea.LEGEND_BASELINE);
    for (Map.Entry<String, GradientByLag> entry : curves.entrySet()) {
      draw(svg, entry.getValue(), color(index));
      if (curves.size() > 1) {
        legend.line(color(index), 2, Svg.SOLID, entry.getKey());
      }
      index++;
    }
    svg.horizontalTitle("steps back");
    return svg.document();
  }

  private void draw(Svg svg, GradientByLag curve, String color) {
    SvgPath range = new SvgPath();
    for (int k = 0; k <= steps; k++) {
      add(range, k, curve::max);
    }
    for (int k = steps; k >= 0; k--) {
      add(range, k, curve::min);
    }
    range.close();
    svg.area(range, color, RANGE_OPACITY);
    SvgPath median = new SvgPath();
    for (int k = 0; k <= steps; k++) {
      add(median, k, curve::median);
    }
    svg.curve(median, color);
  }

  private static String color(int index) {
    return COLORS.get(index % COLORS.size());
  }

  private void add(SvgPath path, int k, IntToDoubleFunction norm) {
    double power = Math.log10(norm.applyAsDouble(k));
    path.add(x.pixel(k), y.pixel(Math.max(LOWEST_POWER, Math.min(highestPower, power))));
  }
}
