package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.eddy.cli.terminal.Console;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyDifference;
import io.eddy.kafka.verify.VerifyReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The result of a verification, as text and as JSON. */
public final class VerifySummary {
  private static final int MAX_READS = 50;

  private VerifySummary() {}

  /** Prints the counts and the first differences. */
  public static void print(Console console, VerifyReport report) {
    console.println(
        "events processed: %d (dead-lettered %d, dropped %d, joined an open step %d, tombstones"
            + " %d)",
        report.get(VerifyCount.EVENTS),
        report.get(VerifyCount.DEAD_LETTERED),
        report.get(VerifyCount.DROPPED),
        report.get(VerifyCount.GATHERED),
        report.get(VerifyCount.DELETED));
    console.println(
        "forecasts: %d expected, %d found, %d compared bit by bit",
        report.get(VerifyCount.EXPECTED),
        report.get(VerifyCount.FOUND),
        report.get(VerifyCount.COMPARED));
    printIfAny(console, "alerts compared", report, VerifyCount.ALERTS);
    printIfAny(
        console,
        "alerts not compared, of rules that alerts.rules no longer has",
        report,
        VerifyCount.ALERTS_OF_OTHER_RULES);
    printIfAny(
        console,
        "alerts not expected, because alerts.rules had other rules at their events",
        report,
        VerifyCount.ALERTS_BEFORE_RULES);
    console.println(
        "faults: %d lost, %d duplicated, %d unexpected, %d different",
        report.get(VerifyCount.LOST),
        report.get(VerifyCount.DUPLICATED),
        report.get(VerifyCount.UNEXPECTED),
        report.get(VerifyCount.DIFFERENT));
    if (report.get(VerifyCount.ANOMALIES_EXPECTED) + report.get(VerifyCount.ANOMALIES_FOUND) > 0) {
      console.println(
          "anomalies: %d expected, %d found, %d not compared; faults: %d lost, %d duplicated, %d"
              + " unexpected, %d different",
          report.get(VerifyCount.ANOMALIES_EXPECTED),
          report.get(VerifyCount.ANOMALIES_FOUND),
          report.get(VerifyCount.ANOMALIES_UNKNOWN),
          report.get(VerifyCount.ANOMALIES_LOST),
          report.get(VerifyCount.ANOMALIES_DUPLICATED),
          report.get(VerifyCount.ANOMALIES_UNEXPECTED),
          report.get(VerifyCount.ANOMALIES_DIFFERENT));
    }
    long notCompared =
        report.get(VerifyCount.EVENT_DELETED)
            + report.get(VerifyCount.STATE_UNKNOWN)
            + report.get(VerifyCount.VERSION_DELETED)
            + report.get(VerifyCount.FORECAST_DELETED);
    if (notCompared > 0) {
      console.println(
          "not compared: %d (event deleted %d, state unknown %d, version deleted %d, forecast"
              + " deleted %d)",
          notCompared,
          report.get(VerifyCount.EVENT_DELETED),
          report.get(VerifyCount.STATE_UNKNOWN),
          report.get(VerifyCount.VERSION_DELETED),
          report.get(VerifyCount.FORECAST_DELETED));
    }
    report
        .recreated()
        .forEach(
            topic ->
                console.println(
                    "topic %s was deleted and created again since the forecaster first ran on this"
                        + " machine: its earlier records are missing; start over with `eddy reset`",
                    topic));
    report
        .expired()
        .forEach(
            range ->
                console.println(
                    "partition %d: the events %d to %d were deleted and have no forecast: retention"
                        + " passed the forecaster, or they gave none",
                    range.partition(), range.first(), range.last()));
    printIfAny(console, "activation arrived after the event", report, VerifyCount.ACTIVATION_LATE);
    printIfAny(
        console,
        "activation skipped, version incomplete or invalid",
        report,
        VerifyCount.ACTIVATION_SKIPPED);
    printIfAny(
        console,
        "migration pending, previous version served",
        report,
        VerifyCount.MIGRATION_PENDING);
    if (report.reads().stream().anyMatch(VerifyReport.Read::startsLater)) {
      printReads(console, report);
    }
    report.differences().forEach(difference -> console.println("%s", difference));
  }

  /** Prints what was read, if a partition was not read from its beginning. */
  private static void printReads(Console console, VerifyReport report) {
    long read = report.reads().stream().mapToLong(part -> part.end() - part.first()).sum();
    long present = report.reads().stream().mapToLong(part -> part.end() - part.begin()).sum();
    console.println("read: %,d of %,d events", read, present);
    report.reads().stream()
        .filter(VerifyReport.Read::startsLater)
        .limit(MAX_READS)
        .forEach(
            part ->
                console.println(
                    "  partition %d: from offset %d to %d, W steps before the last change of"
                        + " version",
                    part.partition(), part.first(), part.end() - 1));
    long begun = report.reads().stream().mapToLong(VerifyReport.Read::begun).sum();
    if (begun > 0) {
      console.println(
          "  %,d series begin after these offsets, as their first forecasts say; only a"
              + " verification without --from proves it",
          begun);
    }
  }

  private static void printIfAny(
      Console console, String label, VerifyReport report, VerifyCount count) {
    if (report.get(count) > 0) {
      console.println("%s: %d", label, report.get(count));
    }
  }

  /** Returns the counts and the first differences as JSON. */
  public static String json(VerifyReport report) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (VerifyCount count : VerifyCount.values()) {
      counts.put(count.id(), report.get(count));
    }
    return Json.write(
        new Result(
            report.isConsistent(),
            counts,
            report.reads(),
            report.recreated(),
            report.differences().stream().map(Difference::of).toList()));
  }

  @JsonPropertyOrder({"consistent", "read", "recreated", "differences"})
  private record Result(
      boolean consistent,
      @JsonAnyGetter Map<String, Long> counts,
      List<VerifyReport.Read> read,
      List<String> recreated,
      List<Difference> differences) {}

  private record Difference(
      String kind,
      String series,
      @JsonInclude(Include.NON_NULL) @Nullable Position event,
      @JsonInclude(Include.NON_NULL) @Nullable Position forecast,
      String field,
      @JsonInclude(Include.NON_NULL) @Nullable Integer step,
      @JsonInclude(Include.NON_NULL) @Nullable Double level,
      String expected,
      String found) {
    static Difference of(VerifyDifference difference) {
      VerifyDifference.Mismatch mismatch = difference.mismatch();
      boolean isValue = mismatch.step() > 0;
      return new Difference(
          difference.kind().id(),
          difference.series(),
          Position.of(difference.event()),
          Position.of(difference.forecast()),
          mismatch.field(),
          isValue ? mismatch.step() : null,
          isValue ? mismatch.level() : null,
          mismatch.expected(),
          mismatch.found());
    }
  }

  private record Position(String topic, int partition, long offset) {
    static @Nullable Position of(@Nullable SourcePosition position) {
      return position == null
          ? null
          : new Position(position.topic(), position.partition(), position.offset());
    }
  }
}
