package io.eddy.cli.report;

import io.eddy.cli.option.TableFormat;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.Episode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes anomaly scores and episodes as tables. */
public final class AnomalyTable {
  private static final List<String> SCORES =
      List.of(
          "series",
          "timestamp",
          "value",
          "score",
          "threshold",
          "p_value",
          "expected",
          "low",
          "high",
          "kind");
  private static final List<String> EPISODES =
      List.of(
          "series",
          "begin",
          "end",
          "steps",
          "kind",
          "value",
          "expected",
          "low",
          "high",
          "severity",
          "reason");

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
  public void write(BufferedWriter out, TableFormat format) throws IOException {
    TableWriter table = new TableWriter(out, format, EPISODES);
    for (Line line : lines) {
      table.write(
          line.series(),
          line.begin(),
          line.end(),
          line.steps(),
          line.kind(),
          line.value(),
          line.expected(),
          line.low(),
          line.high(),
          line.severity(),
          line.reason());
    }
  }

  /** Writes the scores of steps. */
  public static final class Scores {
    private final TableWriter table;

    /** Writes the header line, if the format has one. */
    public Scores(BufferedWriter out, TableFormat format) throws IOException {
      table = new TableWriter(out, format, SCORES);
    }

    /** Writes the score of a step. */
    public void write(String series, long timestampMs, double value, AnomalyScore score)
        throws IOException {
      Episode episode = score.episode();
      table.write(
          series,
          time(timestampMs),
          value,
          score.score(),
          score.threshold(),
          score.pValue(),
          score.expected().value(),
          score.expected().low(),
          score.expected().high(),
          episode == null ? null : episode.kind().text());
    }
  }

  private static String time(long timestampMs) {
    return Instant.ofEpochMilli(timestampMs).toString();
  }

  private static @Nullable Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }
}
