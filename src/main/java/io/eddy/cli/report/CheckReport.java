package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.kafka.check.EventSample;
import io.eddy.kafka.event.EventMapping;
import io.eddy.series.DetectedInterval;
import io.eddy.series.Interval;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The check of an events topic, as text and as JSON.
 *
 * @param mapping the mapping with which the sample was read
 * @param isDetected whether the mapping was detected from the sample instead of configured
 * @param configuration settings that use the mapping, as a properties file
 */
public record CheckReport(
    String topic,
    EventMapping mapping,
    boolean isDetected,
    EventSample sample,
    String configuration) {
  private static final int MAX_SERIES = 5;

  /** Prints the check. */
  public void print(Console console) {
    Table table = new Table().left("").left("");
    table.row("topic", topic);
    table.row("records", sample.records());
    table.row(
        "format", mapping.format().id() + (isDetected ? ", with detected settings (below)" : ""));
    if (sample.observations() > 0) {
      List<String> series = sample.series();
      table.row(
          "series",
          "%d, for example %s"
              .formatted(
                  series.size(),
                  String.join(", ", series.subList(0, Math.min(MAX_SERIES, series.size())))));
      table.row(
          "times",
          "%s to %s"
              .formatted(
                  Instant.ofEpochMilli(sample.firstMs()), Instant.ofEpochMilli(sample.lastMs())));
      DetectedInterval interval = sample.interval(zone());
      table.row("interval", interval.description());
      if (interval.warning() != null) {
        table.row("", "WARNING: " + interval.warning());
      }
      table.row("gaps", gaps(interval.interval()));
      table.row("late", share(sample.late(), sample.observations()));
      table.row("duplicates", share(sample.duplicates(), sample.observations()));
    }
    if (sample.deletions() > 0) {
      table.row("tombstones", sample.deletions());
    }
    if (sample.skipped() > 0) {
      table.row("skipped", sample.skipped());
    }
    table.row("dead letters", share(sample.rejected(), sample.rejected() + sample.observations()));
    table.print(console);
    sample
        .reasons()
        .forEach(
            reason ->
                console.println(
                    "  %d: %s; first %s", reason.count(), reason.reason(), reason.first()));
    console.println("");
    console.println("%s", configuration.strip());
  }

  private ZoneId zone() {
    ZoneId zone = mapping.time().zone();
    return zone == null ? ZoneOffset.UTC : zone;
  }

  private long gaps(@Nullable Interval interval) {
    return interval == null ? 0 : sample.gaps(interval);
  }

  private static String share(long part, long whole) {
    return whole == 0 || part == 0
        ? Long.toString(part)
        : String.format(Locale.ROOT, "%d (%.1f %%)", part, 100.0 * part / whole);
  }

  /** Returns the check as JSON. */
  public String json() {
    boolean hasObservations = sample.observations() > 0;
    Interval interval = sample.interval(zone()).interval();
    return Json.write(
        new Result(
            topic,
            sample.records(),
            mapping.format().id(),
            isDetected,
            sample.observations(),
            sample.series().size(),
            hasObservations ? Instant.ofEpochMilli(sample.firstMs()).toString() : null,
            hasObservations ? Instant.ofEpochMilli(sample.lastMs()).toString() : null,
            interval == null ? null : interval.toString(),
            gaps(interval),
            sample.late(),
            sample.duplicates(),
            sample.deletions(),
            sample.skipped(),
            sample.rejected(),
            sample.reasons().stream().map(Reason::of).toList(),
            configuration));
  }

  private record Result(
      String topic,
      long records,
      String format,
      boolean detected,
      long observations,
      int series,
      @JsonInclude(Include.NON_NULL) @Nullable String first,
      @JsonInclude(Include.NON_NULL) @Nullable String last,
      @JsonInclude(Include.NON_NULL) @Nullable String interval,
      long gaps,
      long late,
      long duplicates,
      long deletions,
      long skipped,
      long deadLetters,
      @JsonInclude(Include.NON_EMPTY) List<Reason> reasons,
      String configuration) {}

  private record Reason(String reason, long count, String topic, int partition, long offset) {
    static Reason of(EventSample.Rejected rejected) {
      return new Reason(
          rejected.reason(),
          rejected.count(),
          rejected.first().topic(),
          rejected.first().partition(),
          rejected.first().offset());
    }
  }
}
