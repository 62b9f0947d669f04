package io.eddy.cli;

import io.eddy.training.GradientCurve;
import java.util.Locale;

/** A gradient curve as an SVG: the median over the range of the series, on a logarithmic scale. */
final class CurvePicture {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = WIDTH - LEFT - 20;
  private static final int PLOT_HEIGHT = HEIGHT - TOP - 50;
  private static final int LOWEST = -8;

  private final GradientCurve curve;
  private final int highest;

  private CurvePicture(GradientCurve curve) {
    this.curve = curve;
    double top = 1;
    for (int k = 0; k <= curve.steps(); k++) {
      top = Math.max(top, curve.largest(k));
    }
    highest = (int) Math.ceil(Math.min(30, Math.log10(top)));
  }

  /** The picture; {@code title} names the model. */
  static String of(GradientCurve curve, String title) {
    return new CurvePicture(curve).svg(title);
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
      int k = curve.steps() * i / 4;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
              x(k),
              HEIGHT - 32,
              k));
    }
    svg.append("<path fill=\"#1f77b4\" fill-opacity=\"0.2\" d=\"").append(range()).append("\"/>\n");
    svg.append("<path fill=\"none\" stroke=\"#1f77b4\" stroke-width=\"2\" d=\"")
        .append(median())
        .append("\"/>\n");
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">steps back</text>%n</svg>%n"
            .formatted(LEFT + PLOT_WIDTH / 2, HEIGHT - 12));
    return svg.toString();
  }

  private String median() {
    StringBuilder path = new StringBuilder();
    for (int k = 0; k <= curve.steps(); k++) {
      path.append(point(k == 0 ? 'M' : 'L', k, curve.median(k)));
    }
    return path.toString();
  }

  private String range() {
    StringBuilder path = new StringBuilder();
    for (int k = 0; k <= curve.steps(); k++) {
      path.append(point(k == 0 ? 'M' : 'L', k, curve.largest(k)));
    }
    for (int k = curve.steps(); k >= 0; k--) {
      path.append(point('L', k, curve.least(k)));
    }
    return path.append('Z').toString();
  }

  private String point(char command, int k, double norm) {
    return String.format(Locale.ROOT, "%c%.1f %.1f", command, x(k), y(norm));
  }

  private double x(int k) {
    return LEFT + (double) PLOT_WIDTH * k / curve.steps();
  }

  private double y(double norm) {
    double power = Math.max(LOWEST, Math.min(highest, Math.log10(norm)));
    return TOP + PLOT_HEIGHT * (highest - power) / (highest - LOWEST);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
