package io.eddy.cli.plot;

import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A picture of one forecast, or of some that follow each other, as SVG: what came before, medians
 * and bands, and what really came, as far as it did.
 */
public final class ForecastPlot {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 46;
  private static final int BOTTOM = 36;
  private static final int MOST_MARKS = 8;
  private static final int MOST_VALUES = 6;
  private static final String MEASURED = "#2b3a4a";
  private static final String NEW_WEIGHTS = "#2a6fb0";
  private static final String MEDIAN = "#d2600b";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final SeriesData series;
  private final List<Forecast> forecasts;
  private final long fromMs;
  private final long toMs;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;

  /**
   * A picture.
   *
   * @param forecasts at least one, in order of time
   * @param historySteps steps shown before the first
   */
  public ForecastPlot(SeriesData series, List<Forecast> forecasts, int historySteps) {
    this.series = series;
    this.forecasts = forecasts;
    Forecast last = forecasts.get(forecasts.size() - 1);
    fromMs = firstOrigin() - historySteps * last.origin().intervalMs();
    toMs = last.timestampMs(last.horizon());
    for (int i = 0; i < series.size(); i++) {
      if (series.timestampsMs()[i] >= fromMs && series.timestampsMs()[i] <= toMs) {
        include(series.values()[i]);
      }
    }
    for (Forecast forecast : forecasts) {
      for (float value : forecast.values()) {
        include(value);
      }
    }
    double margin = Math.max(1e-9, 0.06 * (high - low));
    low -= margin;
    high += margin;
  }

  private long firstOrigin() {
    return forecasts.get(0).origin().timestampMs();
  }

  private boolean isSingle() {
    return forecasts.size() == 1;
  }

  private void include(double value) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }

  /** The SVG document. */
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            .formatted(WIDTH, HEIGHT));
    svg.append(
        " font-size=\"12\" fill=\"#555\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    svg.append(
        "<text x=\"%d\" y=\"24\" font-size=\"15\" fill=\"#222\">%s: %s</text>%n"
            .formatted(LEFT, escaped(series.name()), title()));
    axes(svg);
    for (int i = 0; i < forecasts.size(); i++) {
      bands(svg, forecasts.get(i));
      begin(svg, forecasts.get(i), i > 0 && isOfOther(forecasts.get(i), forecasts.get(i - 1)));
    }
    line(svg, measured(fromMs, isSingle() ? firstOrigin() : toMs), MEASURED, "");
    if (isSingle()) {
      line(svg, measured(firstOrigin(), toMs), MEASURED, " stroke-dasharray=\"4 3\"");
    }
    forecasts.forEach(forecast -> line(svg, median(forecast), MEDIAN, ""));
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private String title() {
    String first = TIME.format(Instant.ofEpochMilli(firstOrigin()));
    String ahead = forecasts.get(0).horizon() + " steps ahead from ";
    return isSingle()
        ? ahead + first + " UTC"
        : ahead + "each of %d origins, UTC".formatted(forecasts.size());
  }

  private void axes(StringBuilder svg) {
    double each = roundDistance((high - low) / MOST_VALUES);
    for (double value = Math.ceil(low / each) * each; value <= high; value += each) {
      svg.append(
          "<path d=\"M%d %.1fH%d\" stroke=\"#e8e8e8\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n"
              .formatted(
                  LEFT, y(value), WIDTH - RIGHT, LEFT - 8, y(value) + 4, number(value, each)));
    }
    TimeAxis axis = new TimeAxis(fromMs, toMs, MOST_MARKS);
    for (long time : axis.marks()) {
      String anchor = x(time) > WIDTH - 3 * RIGHT ? "end" : "middle";
      svg.append(
          "<path d=\"M%.1f %dv5\" stroke=\"#999\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>%n"
              .formatted(x(time), HEIGHT - BOTTOM, x(time), HEIGHT - 12, anchor, axis.label(time)));
    }
    svg.append(
        "<path d=\"M%d %dH%d\" stroke=\"#999\"/>%n"
            .formatted(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT));
  }

  /** The least of 1, 2 and 5 times a power of ten that is not below {@code distance}. */
  private static double roundDistance(double distance) {
    double power = Math.pow(10, Math.floor(Math.log10(distance)));
    double share = distance / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
  }

  /** One area for each pair of levels around the median, the widest first. */
  private void bands(StringBuilder svg, Forecast forecast) {
    int levels = forecast.quantileLevels().size();
    for (int k = 0; k < levels / 2; k++) {
      StringBuilder path = new StringBuilder(origin(forecast));
      for (int step = 1; step <= forecast.horizon(); step++) {
        path.append(point(path, forecast.timestampMs(step), forecast.value(step, k)));
      }
      for (int step = forecast.horizon(); step >= 1; step--) {
        path.append(point(path, forecast.timestampMs(step), forecast.value(step, levels - 1 - k)));
      }
      svg.append("<path d=\"%sZ\" fill=\"#f28e2b\" fill-opacity=\"0.2\"/>%n".formatted(path));
    }
  }

  private static boolean isOfOther(Forecast forecast, Forecast before) {
    return !forecast.origin().served().version().equals(before.origin().served().version());
  }

  /** A mark where a forecast begins, and whether it is the first that new weights made. */
  private void begin(StringBuilder svg, Forecast forecast, boolean isNew) {
    double x = x(forecast.origin().timestampMs());
    svg.append(
        "<path d=\"M%.1f %dV%d\" stroke=\"%s\" stroke-dasharray=\"1 3\"/>%n"
            .formatted(x, TOP, HEIGHT - BOTTOM, isNew ? NEW_WEIGHTS : "#bbb"));
    if (isNew) {
      svg.append(
          "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" font-size=\"11\">new weights</text>%n"
              .formatted(x + 4, TOP + 10, NEW_WEIGHTS));
    }
  }

  /** Where a forecast's lines begin: at the value of its origin, if that is known. */
  private String origin(Forecast forecast) {
    long time = forecast.origin().timestampMs();
    return measured(time, time);
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

  private String median(Forecast forecast) {
    StringBuilder path = new StringBuilder(origin(forecast));
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
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" stroke-linejoin=\"round\"%s/>%n"
              .formatted(path, colour, dash));
    }
  }

  private void legend(StringBuilder svg) {
    List<Double> levels = forecasts.get(0).quantileLevels();
    String bands =
        levels.size() < 2
            ? ""
            : ", bands from %s to %s".formatted(levels.get(0), levels.get(levels.size() - 1));
    String after = isSingle() ? " <tspan fill=\"%s\">┄ came after</tspan>".formatted(MEASURED) : "";
    svg.append(
        "<text x=\"%d\" y=\"24\" text-anchor=\"end\"><tspan fill=\"%s\">— measured</tspan>%s"
            .formatted(WIDTH - RIGHT, MEASURED, after));
    svg.append(
        " <tspan fill=\"%s\">— %s%s</tspan></text>%n"
            .formatted(MEDIAN, levels.isEmpty() ? "forecast" : "median", bands));
  }

  private double x(long time) {
    return LEFT + (double) (time - fromMs) / (toMs - fromMs) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  /** A value with the decimals that marks {@code each} apart need. */
  private static String number(double value, double each) {
    double size = Math.abs(value);
    if (size >= 1e7 || (each < 1e-4 && size > 0)) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(each) - 1e-9));
    return String.format(
        Locale.ROOT, "%,." + decimals + "f", Math.abs(value) < each / 2 ? 0 : value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
