package io.eddy.cli.plot;

import java.util.Locale;

/** Writes an SVG document with a white background. */
final class Svg {
  static final String START = "start";
  static final String MIDDLE = "middle";
  static final String END = "end";

  private final StringBuilder document = new StringBuilder();

  /** Starts a document of the area's size. */
  Svg(PlotArea area) {
    document.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            .formatted(area.width(), area.height()));
    document.append(
        " font-size=\"12\" fill=\"#555\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
  }

  /** Writes the title of the plot. */
  void title(double x, String title) {
    document.append(
        format(
            "<text x=\"%.1f\" y=\"24\" font-size=\"15\" fill=\"#222\">%s</text>%n",
            x, escape(title)));
  }

  /**
   * Writes text.
   *
   * @param anchor {@link #START}, {@link #MIDDLE} or {@link #END}
   */
  void text(double x, double y, String anchor, String text) {
    markup(x, y, anchor, escape(text));
  }

  /** Writes text that contains elements. */
  void markup(double x, double y, String anchor, String markup) {
    document.append(
        format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, markup));
  }

  /** Writes a small colored label that starts at {@code x}. */
  void label(double x, double y, String color, String text) {
    document.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\" font-size=\"11\">%s</text>%n",
            x, y, color, escape(text)));
  }

  void horizontalLine(double x1, double x2, double y, String color) {
    document.append(format("<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\"/>%n", x1, y, x2, color));
  }

  void verticalLine(double x, double y1, double y2, String color) {
    document.append(format("<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\"/>%n", x, y1, y2, color));
  }

  /**
   * Draws a dashed vertical line.
   *
   * @param dashes lengths of dash and gap, for example {@code "4 3"}
   */
  void dashedVerticalLine(double x, double y1, double y2, String color, String dashes) {
    document.append(
        format(
            "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" stroke-dasharray=\"%s\"/>%n",
            x, y1, y2, color, dashes));
  }

  /** Draws a curve; draws nothing if the path is empty. */
  void curve(SvgPath path, String color) {
    stroke(path, color, "");
  }

  /** Draws a dashed curve; draws nothing if the path is empty. */
  void dashedCurve(SvgPath path, String color) {
    stroke(path, color, " stroke-dasharray=\"4 3\"");
  }

  private void stroke(SvgPath path, String color, String dashes) {
    if (!path.isEmpty()) {
      document.append(
          format(
              "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\""
                  + " stroke-linejoin=\"round\"%s/>%n",
              path, color, dashes));
    }
  }

  /** Fills the area of a closed path. */
  void area(SvgPath path, String color, double opacity) {
    document.append(
        format("<path d=\"%s\" fill=\"%s\" fill-opacity=\"%s\"/>%n", path, color, opacity));
  }

  /** Fills a rectangle without anti-aliasing, so that adjacent rectangles have no gap. */
  void rectangle(double left, double top, double width, double height, String color) {
    document.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\""
                + " shape-rendering=\"crispEdges\"/>%n",
            left, top, width, height, color));
  }

  /** Returns the whole document. */
  String document() {
    return document + "</svg>\n";
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
