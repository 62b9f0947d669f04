package io.eddy.cli.report;

import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.Episode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes anomaly scores and episodes as CSV. A number that does not exist is an empty field. */
public final class AnomalyCsv {
  private final List<Line> lines = new ArrayList<>();

  /** An episode, with times in UTC; numbers are null where no value exists. */
  public record Line(
      String series,
      String begin,
      String end,
      long steps,
      String kind,
      @Nullable Double value,
      @Nullable Double expected,
      @Nullable Double low,
      @Nullable Double high,
      double severity,
      String reason) {
    static Line of(String series, Episode episode) {
      return new Line(
          series,
          time(episode.beginMs()),
          time(episode.endMs()),
          episode.steps(),
          episode.kind().text(),
          finite(episode.value()),
          finite(episode.expected().value()),
          finite(episode.expected().low()),
          finite(episode.expected().high()),
          episode.severity(),
          episode.reason());
    }
  }

  /** Adds the episodes of a series. */
  public void add(String series, List<Episode> episodes) {
    episodes.forEach(episode -> lines.add(Line.of(series, episode)));
  }

  /** Returns the episodes. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Writes the episodes. */
  public void write(BufferedWriter out) throws IOException {
    out.write("series,begin,end,steps,kind,value,expected,low,high,severity,reason\n");
    for (Line line : lines) {
      out.write(
          String.join(
              ",",
              ForecastCsv.quoted(line.series()),
              line.begin(),
              line.end(),
              Long.toString(line.steps()),
              line.kind(),
              text(line.value()),
              text(line.expected()),
              text(line.low()),
              text(line.high()),
              Double.toString(line.severity()),
              ForecastCsv.quoted(line.reason())));
      out.write("\n");
    }
  }

  /** Writes the header of the scores. */
  public static void writeScoreHeader(BufferedWriter out) throws IOException {
    out.write("series,timestamp,value,score,threshold,p_value,expected,low,high,kind\n");
  }

  /** Writes the score of a step. */
  public static void writeScore(
      BufferedWriter out, String series, long timestampMs, double value, AnomalyScore score)
      throws IOException {
    Episode episode = score.episode();
    out.write(
        String.join(
            ",",
            ForecastCsv.quoted(series),
            time(timestampMs),
            text(finite(value)),
            Double.toString(score.score()),
            Double.toString(score.threshold()),
            text(finite(score.pValue())),
            text(finite(score.expected().value())),
            text(finite(score.expected().low())),
            text(finite(score.expected().high())),
            episode == null ? "" : episode.kind().text()));
    out.write("\n");
  }

  private static String time(long timestampMs) {
    return Instant.ofEpochMilli(timestampMs).toString();
  }

  private static @Nullable Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }

  private static String text(@Nullable Double number) {
    return number == null ? "" : number.toString();
  }
}
