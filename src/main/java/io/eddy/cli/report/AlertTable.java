package io.eddy.cli.report;

import io.eddy.cli.option.TableFormat;
import io.eddy.forecast.alert.Alert;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The alerts of the series of a file, in the order of the series and of time. */
public final class AlertTable {
  private static final List<String> COLUMNS =
      List.of(
          "series",
          "origin",
          "change",
          "rule",
          "probability",
          "expected_crossing",
          "median",
          "fired_origin",
          "reason");

  private final List<Line> lines = new ArrayList<>();

  /** A change of an alert, with times in UTC; crossing and median are null if it cleared. */
  public record Line(
      String series,
      String origin,
      String change,
      String rule,
      double probability,
      @Nullable String expectedCrossing,
      @Nullable Double median,
      String firedOrigin,
      String reason) {
    static Line of(Alert alert) {
      Alert.Outlook outlook = alert.outlook();
      Long crossingMs = outlook.crossingMs();
      return new Line(
          alert.origin().series(),
          time(alert.origin().timestampMs()),
          alert.change().name().toLowerCase(Locale.ROOT),
          alert.rule().name(),
          outlook.probability(),
          crossingMs == null ? null : time(crossingMs),
          Json.finite(outlook.median()),
          time(alert.firedMs()),
          alert.reason());
    }

    private static String time(long timestampMs) {
      return Instant.ofEpochMilli(timestampMs).toString();
    }
  }

  public void add(List<Alert> alerts) {
    alerts.forEach(alert -> lines.add(Line.of(alert)));
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Writes all alerts. */
  public void write(BufferedWriter out, TableFormat format) throws IOException {
    TableWriter table = new TableWriter(out, format, COLUMNS);
    for (Line line : lines) {
      table.write(
          line.series(),
          line.origin(),
          line.change(),
          line.rule(),
          line.probability(),
          line.expectedCrossing(),
          line.median(),
          line.firedOrigin(),
          line.reason());
    }
  }
}
