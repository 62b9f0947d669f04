package io.eddy.cli.report;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import io.eddy.forecast.Forecast;
import io.eddy.model.HeadKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Precision;
import io.eddy.series.Interval;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Writes forecasts as CSV with one line for each step ahead: {@code
 * series,origin,step,timestamp,mean,q…,model}, with {@code class,p0,p1,…} instead of {@code
 * mean,q…} for classes. The origin is the start of the last known step. Times are in the zone of
 * the interval.
 */
public final class ForecastCsv {
  private final BufferedWriter out;
  private final boolean repeatsPoint;

  /** Writes the header line. */
  public ForecastCsv(BufferedWriter out, ModelSpecification.Output output) throws IOException {
    this(out, output, false);
  }

  /** Writes the header line; repeats a point forecast in the column {@code q0.5}. */
  public static ForecastCsv withMedian(BufferedWriter out, ModelSpecification.Output output)
      throws IOException {
    return new ForecastCsv(out, output, output.head() == HeadKind.POINT);
  }

  private ForecastCsv(BufferedWriter out, ModelSpecification.Output output, boolean repeatsPoint)
      throws IOException {
    this.out = out;
    this.repeatsPoint = repeatsPoint;
    StringBuilder header = new StringBuilder("series,origin,step,timestamp,");
    header.append(output.isClassification() ? "class" : "mean");
    output.quantileLevels().forEach(level -> header.append(",q").append(level));
    header.append(repeatsPoint ? ",q0.5" : "");
    for (int k = 0; k < output.classes(); k++) {
      header.append(",p").append(k);
    }
    out.write(header.append(",model\n").toString());
  }

  /** Writes the lines of a forecast. */
  public void write(Forecast forecast) throws IOException {
    int columns = Math.max(forecast.classes(), forecast.quantileLevels().size());
    Forecast.Origin origin = forecast.origin();
    String begin = quoted(origin.series()) + "," + time(origin, 0) + ",";
    for (int step = 1; step <= forecast.horizon(); step++) {
      StringBuilder line = new StringBuilder(begin);
      line.append(step).append(',').append(time(origin, step));
      line.append(',');
      if (forecast.classes() > 0) {
        line.append(forecast.likeliest(step));
      } else {
        line.append(Precision.number(forecast.mean(step)));
      }
      for (int k = 0; k < columns; k++) {
        line.append(',').append(Precision.number(forecast.value(step, k)));
      }
      if (repeatsPoint) {
        line.append(',').append(Precision.number(forecast.value(step, 0)));
      }
      line.append(',').append(origin.served().version().shortSha()).append('\n');
      out.write(line.toString());
    }
  }

  /** Returns the start of a step, with the offset of the zone that the interval has. */
  private static Object time(Forecast.Origin origin, int step) {
    Interval interval = origin.interval();
    Instant time = Instant.ofEpochMilli(interval.plusSteps(origin.timestampMs(), step));
    return interval.zone().equals(ZoneOffset.UTC)
        ? time
        : ISO_OFFSET_DATE_TIME.format(time.atZone(interval.zone()));
  }

  static String quoted(String name) {
    return name.matches("[^\",\\r\\n]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
