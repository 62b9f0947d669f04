package io.eddy.cli;

import io.eddy.codec.SeriesData;
import io.eddy.forecast.Forecast;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A picture of one forecast as SVG: what came before it, its median and its bands, and what really
 * came, as far as it did.
 */
final class ForecastPlot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 46;
  private static final int BOTTOM = 36;
  private static final int TICKS = 4;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final SeriesData series;
  private final Forecast forecast;
  private final long fromMs;
  private final long toMs;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;

  /**
   * A picture.
   *
   * @param historySteps steps shown before the forecast
   */
  ForecastPlot(SeriesData series, Forecast forecast, int historySteps) {
    this.series = series;
    this.forecast = forecast;
    long interval = forecast.origin().intervalMs();
    fromMs = forecast.origin().timestampMs() - historySteps * interval;
    toMs = forecast.timestampMs(forecast.horizon());
    for (int i = 0; i < series.size(); i++) {
      if (series.timestampsMs()[i] >= fromMs && series.timestampsMs()[i] <= toMs) {
        include(series.values()[i]);
      }
    }
    for (float value : forecast.values()) {
      include(value);
    }
    double margin = Math.max(1e-9, 0.06 * (high - low));
    low -= margin;
    high += margin;
  }

  private void include(double value) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }

  /** The SVG document. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            .formatted(WIDTH, HEIGHT));
    svg.append(
        " font-size=\"12\" fill=\"#444\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    svg.append(
        "<text x=\"%d\" y=\"24\" font-size=\"15\" fill=\"#222\">%s: %d steps ahead from %s UTC</text>%n"
            .formatted(
                LEFT,
                escaped(series.name()),
                forecast.horizon(),
                TIME.format(Instant.ofEpochMilli(forecast.origin().timestampMs()))));
    axes(svg);
    bands(svg);
    line(svg, measured(fromMs, forecast.origin().timestampMs()), "#345", "");
    line(svg, measured(forecast.origin().timestampMs(), toMs), "#345", " stroke-dasharray=\"4 3\"");
    line(svg, median(), "#d2600b", "");
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private void axes(StringBuilder svg) {
    for (int i = 0; i <= TICKS; i++) {
      double value = low + (high - low) * i / TICKS;
      svg.append(
          "<path d=\"M%d %.1fH%d\" stroke=\"#e6e6e6\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n"
              .formatted(LEFT, y(value), WIDTH - RIGHT, LEFT - 8, y(value) + 4, number(value)));
      long time = fromMs + (toMs - fromMs) * i / TICKS;
      svg.append(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n"
              .formatted(
                  x(time),
                  HEIGHT - 12,
                  i == 0 ? "start" : i == TICKS ? "end" : "middle",
                  TIME.format(Instant.ofEpochMilli(time))));
    }
  }

  /** One area for each pair of levels around the median, the widest first. */
  private void bands(StringBuilder svg) {
    int levels = forecast.quantileLevels().size();
    for (int k = 0; k < levels / 2; k++) {
      StringBuilder path = new StringBuilder();
      for (int step = 1; step <= forecast.horizon(); step++) {
        path.append(point(path, forecast.timestampMs(step), forecast.value(step, k)));
      }
      for (int step = forecast.horizon(); step >= 1; step--) {
        path.append(point(path, forecast.timestampMs(step), forecast.value(step, levels - 1 - k)));
      }
      svg.append("<path d=\"%sZ\" fill=\"#f28e2b\" fill-opacity=\"0.2\"/>%n".formatted(path));
    }
  }

  private String measured(long from, long to) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < series.size(); i++) {
      long time = series.timestampsMs()[i];
      if (time >= from && time <= to) {
        path.append(point(path, time, series.values()[i]));
      }
    }
    return path.toString();
  }

  private String median() {
    StringBuilder path = new StringBuilder();
    for (int step = 1; step <= forecast.horizon(); step++) {
      path.append(point(path, forecast.timestampMs(step), forecast.median(step)));
    }
    return path.toString();
  }

  private String point(StringBuilder path, long time, double value) {
    return String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(time), y(value));
  }

  private static void line(StringBuilder svg, String path, String colour, String dash) {
    if (!path.isEmpty()) {
      svg.append(
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"%s/>%n"
              .formatted(path, colour, dash));
    }
  }

  private void legend(StringBuilder svg) {
    int levels = forecast.quantileLevels().size();
    String bands =
        levels < 2
            ? ""
            : ", bands to %s–%s"
                .formatted(
                    forecast.quantileLevels().get(0), forecast.quantileLevels().get(levels - 1));
    svg.append(
        "<text x=\"%d\" y=\"24\" text-anchor=\"end\"><tspan fill=\"#345\">— measured</tspan>"
            .formatted(WIDTH - RIGHT));
    svg.append(
        " <tspan fill=\"#345\">┄ came after</tspan> <tspan fill=\"#d2600b\">— median%s</tspan></text>%n"
            .formatted(bands));
  }

  private double x(long time) {
    return LEFT + (double) (time - fromMs) / (toMs - fromMs) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private String number(double value) {
    return String.format(Locale.ROOT, high - low >= 100 ? "%,.0f" : "%.3g", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
