package io.eddy.cli.plot;

import java.util.Locale;

/** Writes an SVG document with a white background. */
final class Svg {
  static final String START = "start";
  static final String MIDDLE = "middle";
  static final String END = "end";

  /** No dashes: a solid line. */
  static final String SOLID = "";

  static final int FONT_SIZE = 14;
  private static final int TITLE_SIZE = 20;
  private static final int TITLE_BASELINE = 34;
  private static final int SUBTITLE_BASELINE = 58;
  private static final String TEXT = "#444";
  private static final String TITLE = "#1a1a1a";

  private final PlotArea area;
  private final StringBuilder document = new StringBuilder();

  /** Starts a document of the area's size. */
  Svg(PlotArea area) {
    this.area = area;
    document.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"%d\" fill=\"%s\">\n")
            .formatted(area.width(), area.height(), area.width(), area.height(), FONT_SIZE, TEXT));
    document.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
  }

  /** Writes the title of the plot and a line below it. */
  void title(String title, String subtitle) {
    document.append(
        format(
            "<text x=\"%d\" y=\"%d\" font-size=\"%d\" font-weight=\"bold\" fill=\"%s\">%s</text>%n",
            area.left(), TITLE_BASELINE, TITLE_SIZE, TITLE, escape(title)));
    text(area.left(), SUBTITLE_BASELINE, START, subtitle);
  }

  /** Writes the name of the values' axis, from bottom to top. */
  void valueTitle(String name) {
    double y = (area.top() + area.bottom()) / 2.0;
    document.append(
        format(
            "<text x=\"24\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 24 %.1f)\">"
                + "%s</text>%n",
            y, y, escape(name)));
  }

  /** Writes the name of the horizontal axis. */
  void horizontalTitle(String name) {
    text((area.left() + area.right()) / 2.0, area.height() - 16, MIDDLE, name);
  }

  /**
   * Writes text.
   *
   * @param anchor {@link #START}, {@link #MIDDLE} or {@link #END}
   */
  void text(double x, double y, String anchor, String text) {
    label(x, y, anchor, TEXT, text);
  }

  /** Writes colored text. */
  void label(double x, double y, String anchor, String color, String text) {
    document.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
            x, y, anchor, color, escape(text)));
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

  /** Draws a curve of normal width; draws nothing if the path is empty. */
  void curve(SvgPath path, String color) {
    curve(path, color, 2, SOLID);
  }

  /**
   * Draws a curve; draws nothing if the path is empty.
   *
   * @param dashes lengths of dash and gap, or {@link #SOLID}
   */
  void curve(SvgPath path, String color, double width, String dashes) {
    if (!path.isEmpty()) {
      document.append(
          format(
              "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\""
                  + " stroke-linejoin=\"round\" stroke-linecap=\"%s\"%s/>%n",
              path,
              color,
              width,
              dashes.isEmpty() ? "round" : "butt",
              dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\""));
    }
  }

  /** Fills the area of a closed path; draws nothing if the path is empty. */
  void area(SvgPath path, String color, double opacity) {
    if (!path.isEmpty()) {
      document.append(
          format("<path d=\"%s\" fill=\"%s\" fill-opacity=\"%s\"/>%n", path, color, opacity));
    }
  }

  /** Fills a rectangle without anti-aliasing, so that adjacent rectangles have no gap. */
  void rectangle(double left, double top, double width, double height, String color) {
    rectangle(left, top, width, height, color, 1);
  }

  /** Fills a translucent rectangle. */
  void rectangle(
      double left, double top, double width, double height, String color, double opacity) {
    document.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\""
                + " fill-opacity=\"%.3f\" shape-rendering=\"crispEdges\"/>%n",
            left, top, width, height, color, opacity));
  }

  /** Returns the whole document. */
  String document() {
    return document + "</svg>\n";
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                default -> escaped.appendCodePoint(isXml(c) ? c : '\uFFFD');
              }
            });
    return escaped.toString();
  }

  /** Returns whether XML allows the character. */
  private static boolean isXml(int c) {
    return c == '\t' || (c >= ' ' && c < 0xD800) || (c > 0xDFFF && c != 0xFFFE && c != 0xFFFF);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
