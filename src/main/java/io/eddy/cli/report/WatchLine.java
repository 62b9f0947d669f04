package io.eddy.cli.report;

import io.eddy.cli.terminal.Figures;
import io.eddy.cli.terminal.Sparkline;
import io.eddy.forecast.Forecast;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * Layout of the line of a watched series: name, time and value, a sparkline of its last values and
 * of the median forecast, the median and the interval of the next step, and the error so far. The
 * sparkline takes the width that is left; without room for it, only text is shown.
 *
 * @param width width of the terminal in columns
 * @param hasColor whether the forecast is colored
 */
public record WatchLine(int width, boolean hasColor) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int NAME = 20;
  private static final String FORMAT = "%-20s %-19s %9s %s%9s  %-21s %8s %9s";
  private static final int TEXT_WIDTH = 20 + 1 + 19 + 1 + 9 + 1 + 9 + 2 + 21 + 1 + 8 + 1 + 9;
  private static final int MIN_SPARKLINE = 11;
  private static final int MAX_SPARKLINE = 73;
  private static final String COLOR = "\033[33m";
  private static final String NO_COLOR = "\033[0m";

  /** Returns the width of each of the two halves of the sparkline; 0 without room. */
  private int half() {
    int room = Math.min(MAX_SPARKLINE, width - TEXT_WIDTH - 1);
    return room < MIN_SPARKLINE ? 0 : (room - 1) / 2;
  }

  /**
   * Returns the header.
   *
   * @param interval name of the interval; empty if it differs
   */
  String header(String interval) {
    String sparkline = half() == 0 ? "" : "%-" + half() + "s " + "%-" + half() + "s ";
    return fit(
        FORMAT.formatted(
            "series",
            "time (UTC)",
            "value",
            half() == 0 ? "" : sparkline.formatted(cut("values", half()), cut("forecast", half())),
            "next",
            interval.isEmpty() ? "interval" : interval + " interval",
            "MAE",
            "vs. naive"));
  }

  /** Returns the line of a series that has a forecast. */
  String line(WatchedSeries series) {
    Forecast forecast = series.forecast();
    if (forecast == null) {
      return fit(series.name());
    }
    return fit(
        FORMAT.formatted(
            cut(series.name(), NAME),
            TIME.format(Instant.ofEpochMilli(forecast.origin().timestampMs())),
            number(series.lastValue()),
            half() == 0 ? "" : sparkline(series, forecast) + " ",
            number(forecast.median(1)),
            interval(forecast),
            number(series.modelError().mean()),
            comparison(series)));
  }

  private String sparkline(WatchedSeries series, Forecast forecast) {
    double[] past = series.lastValues(half());
    double[] median = new double[forecast.horizon()];
    for (int step = 1; step <= median.length; step++) {
      median[step - 1] = forecast.median(step);
    }
    median = Sparkline.shrink(median, half());
    double low = Math.min(min(past), min(median));
    double high = Math.max(-min(negated(past)), -min(negated(median)));
    Sparkline sparkline = new Sparkline(low, high);
    String bar = Sparkline.isUnicode() ? "│" : "|";
    String future = sparkline.of(median);
    return " ".repeat(half() - past.length)
        + sparkline.of(past)
        + bar
        + (hasColor ? COLOR + future + NO_COLOR : future)
        + " ".repeat(half() - future.length());
  }

  private static double min(double[] values) {
    return Arrays.stream(values)
        .filter(value -> !Double.isNaN(value))
        .min()
        .orElse(Double.MAX_VALUE);
  }

  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }

  private static String interval(Forecast forecast) {
    CentralBand band = CentralBand.of(forecast.quantileLevels());
    return band == null
        ? ""
        : Figures.digits(forecast.value(1, band.lower()))
            + " to "
            + Figures.digits(forecast.value(1, band.upper()));
  }

  /** Returns by how much the error differs from that of seasonal naive. */
  private static String comparison(WatchedSeries series) {
    double model = series.modelError().mean();
    double naive = series.naiveError().mean();
    return Double.isNaN(model) || !(naive > 0)
        ? ""
        : String.format(Locale.ROOT, "%+.0f %%", 100 * (model / naive - 1));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Figures.digits(value);
  }

  private static String cut(String text, int length) {
    return text.length() <= length
        ? text
        : text.substring(0, length - 1) + (Sparkline.isUnicode() ? "…" : "~");
  }

  /** Cuts a line at the width of the terminal, without trailing spaces. */
  String fit(String line) {
    int colors = line.contains(COLOR) ? COLOR.length() + NO_COLOR.length() : 0;
    String stripped = line.stripTrailing();
    return stripped.length() - colors <= width ? stripped : cutColored(stripped, colors);
  }

  private String cutColored(String line, int colors) {
    // Colors are used only if the sparkline fits, so they lie within the width.
    return line.substring(0, width + colors);
  }
}
