package io.eddy.cli.plot;

import java.util.Locale;

/** A vertical axis of values with horizontal grid lines at round distances. */
final class ValueAxis {
  private static final int MAX_MARKS = 8;
  private static final String GRID = "#e8e8e8";

  private final double low;
  private final double high;
  private final double distance;

  /** Creates an axis for values from {@code low} to {@code high}. */
  ValueAxis(double low, double high) {
    this.low = low;
    this.high = high;
    distance = roundUp((high - low) / MAX_MARKS);
  }

  /** Returns the smallest of 1, 2 and 5 times a power of ten that is at least {@code distance}. */
  private static double roundUp(double distance) {
    double power = Math.pow(10, Math.floor(Math.log10(distance)));
    double factor = distance / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  void draw(Svg svg, PlotArea area) {
    LinearScale scale = area.vertical(low, high);
    for (double value = Math.ceil(low / distance) * distance; value <= high; value += distance) {
      drawMark(svg, area, scale.pixel(value), label(value));
    }
  }

  /** Draws a grid line and its label. */
  static void drawMark(Svg svg, PlotArea area, double y, String label) {
    svg.horizontalLine(area.left(), area.right(), y, GRID);
    svg.text(area.left() - 8, y + 5, Svg.END, label);
  }

  /** Formats a value with the decimals that distinguish adjacent marks. */
  private String label(double value) {
    double size = Math.abs(value);
    // Three digits distinguish adjacent marks unless the level is large and the range is small.
    boolean areDistinct = distance >= 0.01 * Math.max(Math.abs(low), Math.abs(high));
    if (areDistinct && (size >= 1e7 || (distance < 1e-4 && size > 0))) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(distance) - 1e-9));
    return String.format(
        Locale.ROOT, "%,." + decimals + "f", Math.abs(value) < distance / 2 ? 0 : value);
  }
}
