package io.eddy.cli.plot;

import io.eddy.training.GradientByLag;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Gradient curves as an SVG: of each model the median and the range over the series, on a
 * logarithmic scale.
 */
public final class GradientPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = WIDTH - LEFT - 20;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - 50;
  private static final int LOWEST = -8;

  private static final List<String> COLOURS =
      List.of("#1f77b4", "#d2600b", "#2a8f3c", "#8e4db8", "#555555");

  private final Map<String, GradientByLag> curves;
  private final int steps;
  private final int highest;

  private GradientPlot(Map<String, GradientByLag> curves) {
    this.curves = curves;
    steps = curves.values().iterator().next().steps();
    double top = 1;
    for (GradientByLag curve : curves.values()) {
      for (int k = 0; k <= steps; k++) {
        top = Math.max(top, curve.max(k));
      }
    }
    highest = (int) Math.ceil(Math.min(30, Math.log10(top)));
  }

  /** The picture of curves of the same length, each by the name of its model. */
  public static String of(Map<String, GradientByLag> curves, String title) {
    return new GradientPlot(curves).svg(title);
  }

  private String svg(String title) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" \
        font-size="12">
        <rect width="100%%" height="100%%" fill="#fff"/>
        <text x="%d" y="24" font-size="15">%s</text>
        """
            .formatted(WIDTH, HEIGHT, LEFT, escaped(title)));
    int each = Math.max(1, (highest - LOWEST) / 8);
    for (int power = highest; power >= LOWEST; power -= each) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
                  + " text-anchor=\"end\">1e%d</text>%n",
              LEFT,
              y(Math.pow(10, power)),
              PLOT_WIDTH,
              LEFT - 6,
              y(Math.pow(10, power)) + 4,
              power));
    }
    for (int i = 0; i <= 4; i++) {
      int k = steps * i / 4;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
              x(k),
              HEIGHT - 32,
              k));
    }
    int index = 0;
    for (Map.Entry<String, GradientByLag> entry : curves.entrySet()) {
      draw(svg, entry.getKey(), entry.getValue(), index++);
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">steps back</text>%n</svg>%n"
            .formatted(LEFT + PLOT_WIDTH / 2, HEIGHT - 12));
    return svg.toString();
  }

  private void draw(StringBuilder svg, String name, GradientByLag curve, int index) {
    String colour = COLOURS.get(index % COLOURS.size());
    svg.append(
        """
        <path fill="%1$s" fill-opacity="0.15" d="%2$s"/>
        <path fill="none" stroke="%1$s" stroke-width="2" d="%3$s"/>
        """
            .formatted(colour, range(curve), median(curve)));
    if (curves.size() > 1) {
      int y = TOP + PLOT_HEIGHT - 14 - 18 * (curves.size() - 1 - index);
      svg.append(
          """
          <path d="M%d %dh20" stroke="%s" stroke-width="2"/><text x="%d" y="%d">%s</text>
          """
              .formatted(LEFT + 12, y - 4, colour, LEFT + 38, y, escaped(name)));
    }
  }

  private String median(GradientByLag curve) {
    StringBuilder path = new StringBuilder();
    for (int k = 0; k <= steps; k++) {
      path.append(point(k == 0 ? 'M' : 'L', k, curve.median(k)));
    }
    return path.toString();
  }

  private String range(GradientByLag curve) {
    StringBuilder path = new StringBuilder();
    for (int k = 0; k <= steps; k++) {
      path.append(point(k == 0 ? 'M' : 'L', k, curve.max(k)));
    }
    for (int k = steps; k >= 0; k--) {
      path.append(point('L', k, curve.min(k)));
    }
    return path.append('Z').toString();
  }

  private String point(char command, int k, double norm) {
    return String.format(Locale.ROOT, "%c%.1f %.1f", command, x(k), y(norm));
  }

  private double x(int k) {
    return LEFT + (double) PLOT_WIDTH * k / steps;
  }

  private double y(double norm) {
    double power = Math.max(LOWEST, Math.min(highest, Math.log10(norm)));
    return TOP + PLOT_HEIGHT * (highest - power) / (highest - LOWEST);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
