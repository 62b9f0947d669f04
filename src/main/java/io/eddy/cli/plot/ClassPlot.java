package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * A picture of one forecast of classes as SVG: for each step ahead a column of the classes'
 * probabilities, and in a band below them the classes that came, before the forecast and after.
 */
public final class ClassPlot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 46;
  private static final int BAND_TOP = 286;
  private static final int BAND_BOTTOM = 324;
  private static final double GAP = 8;
  private static final double LEAST_SHOWN = 0.002;
  private static final int MOST_NAMED = 12;
  private static final List<String> COLOURS =
      List.of(
          "#b8c4d0", "#f2c14e", "#4e9a6b", "#d2600b", "#7b6fb0", "#4f8fc0", "#a05d56", "#8f9b3a",
          "#c77ba8", "#5f6b73");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final SeriesData series;
  private final Forecast forecast;
  private final long fromMs;
  private final long toMs;
  private final TreeSet<Integer> shown = new TreeSet<>();

  /**
   * A picture.
   *
   * @param historySteps steps shown before the forecast
   */
  public ClassPlot(SeriesData series, Forecast forecast, int historySteps) {
    this.series = series;
    this.forecast = forecast;
    long interval = forecast.origin().intervalMs();
    fromMs = forecast.origin().timestampMs() - (historySteps - 1) * interval;
    toMs = forecast.timestampMs(forecast.horizon() + 1);
  }

  /** The SVG document. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            .formatted(WIDTH, HEIGHT));
    svg.append(
        " font-size=\"12\" fill=\"#444\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    text(
        svg.append("<g font-size=\"15\">"),
        LEFT,
        "start",
        24,
        "%s: %d steps ahead from %s UTC"
            .formatted(
                series.name(),
                forecast.horizon(),
                TIME.format(Instant.ofEpochMilli(forecast.origin().timestampMs()))));
    svg.append("</g>\n");
    svg.append("<g shape-rendering=\"crispEdges\">\n");
    columns(svg);
    band(svg);
    svg.append("</g>\n");
    axes(svg);
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private void columns(StringBuilder svg) {
    for (int step = 1; step <= forecast.horizon(); step++) {
      double bottom = BAND_TOP - GAP;
      double height = bottom - TOP;
      for (int k = 0; k < forecast.classes(); k++) {
        double share = forecast.value(step, k);
        if (share >= LEAST_SHOWN) {
          bottom -= share * height;
          rectangle(svg, forecast.timestampMs(step), bottom, share * height, k);
        }
      }
    }
  }

  private void band(StringBuilder svg) {
    for (int i = 0; i < series.size(); i++) {
      long time = series.timestampsMs()[i];
      if (time >= fromMs && time < toMs && series.values()[i] >= 0) {
        int height = BAND_BOTTOM - BAND_TOP;
        rectangle(svg, time, BAND_TOP, height, (int) series.values()[i]);
      }
    }
  }

  private void rectangle(StringBuilder svg, long time, double top, double height, int k) {
    shown.add(k);
    double left = x(time);
    double width = x(time + forecast.origin().intervalMs()) - left;
    svg.append(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n"
            .formatted(left, top, width, height, colour(k)));
  }

  private void axes(StringBuilder svg) {
    for (int percent = 0; percent <= 100; percent += 50) {
      double y = BAND_TOP - GAP - percent / 100.0 * (BAND_TOP - GAP - TOP);
      text(svg, LEFT - 8, "end", y + 4, percent + " %");
    }
    text(svg, LEFT - 8, "end", (BAND_TOP + BAND_BOTTOM) / 2.0 + 4, "came");
    double origin = x(forecast.timestampMs(1));
    svg.append(
        "<path d=\"M%.1f %dV%d\" stroke=\"#222\" stroke-dasharray=\"4 3\"/>%n"
            .formatted(origin, TOP, BAND_BOTTOM));
    text(svg, LEFT, "start", HEIGHT - 12, TIME.format(Instant.ofEpochMilli(fromMs)));
    text(svg, WIDTH - RIGHT, "end", HEIGHT - 12, TIME.format(Instant.ofEpochMilli(toMs)));
  }

  /** Names the classes that are to be seen, as far as there is room. */
  private void legend(StringBuilder svg) {
    svg.append("<text x=\"%d\" y=\"24\" text-anchor=\"end\">".formatted(WIDTH - RIGHT));
    shown.stream()
        .limit(MOST_NAMED)
        .forEach(
            k ->
                svg.append(
                    "<tspan fill=\"%s\">&#160;&#160;■</tspan>&#160;%d".formatted(colour(k), k)));
    svg.append(shown.size() > MOST_NAMED ? " …</text>\n" : "</text>\n");
  }

  private static void text(StringBuilder svg, double x, String anchor, double y, String text) {
    svg.append(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n"
            .formatted(x, y, anchor, text.replace("&", "&amp;").replace("<", "&lt;")));
  }

  private static String colour(int k) {
    return COLOURS.get(k % COLOURS.size());
  }

  private double x(long time) {
    return LEFT + (double) (time - fromMs) / (toMs - fromMs) * (WIDTH - LEFT - RIGHT);
  }
}
