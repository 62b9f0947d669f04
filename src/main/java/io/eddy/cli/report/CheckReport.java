package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.kafka.check.EventInspection;
import io.eddy.kafka.check.EventSample;
import io.eddy.kafka.check.MappingDetection;
import io.eddy.series.DetectedInterval;
import io.eddy.series.Interval;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The check of an events topic, as text and as JSON: what the settings read, and beside it what
 * other settings would read.
 *
 * @param configuration the proposed settings, or those that are given, as a properties file
 */
public record CheckReport(String topic, EventInspection inspection, String configuration) {
  private static final int MAX_SERIES = 5;
  private static final int MAX_FIELDS = 40;

  /** Prints the check. */
  public void print(Console console) {
    EventSample sample = inspection.given().sample();
    Table table = new Table().left("").left("");
    table.row("topic", topic);
    table.row("records", sample.records());
    table.row("format", inspection.given().mapping().format().id());
    if (sample.observations() > 0) {
      addContent(table);
    }
    if (sample.deletions() > 0) {
      table.row("tombstones", sample.deletions());
    }
    if (sample.skipped() > 0) {
      table.row("skipped", sample.skipped());
    }
    if (sample.roundedIntegers() > 0) {
      table.row("", "WARNING: " + DataReport.roundedIntegers(sample.roundedIntegers()));
    }
    table.row("dead letters", share(sample.rejected(), total(sample)));
    table.print(console);
    sample
        .reasons()
        .forEach(
            reason ->
                console.println(
                    "  %d of %d: %s; first %s",
                    reason.count(), total(sample), reason.reason(), reason.first()));
    if (!inspection.isGood()) {
      printFields(console);
      inspection.detection().notes().forEach(note -> console.println("note: %s", note));
    }
    printProposal(console);
  }

  private void addContent(Table table) {
    EventSample sample = inspection.given().sample();
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
    DetectedInterval interval = interval(inspection.given());
    table.row("interval", interval.description());
    if (interval.warning() != null) {
      table.row("", "WARNING: " + interval.warning());
    }
    table.row("gaps", gaps(sample, interval.interval()));
    table.row("late", share(sample.late(), sample.observations()));
    table.row(
        "duplicates",
        share(sample.duplicates(), sample.observations())
            + (sample.conflicts() == 0
                ? ""
                : ", of which %d with another value".formatted(sample.conflicts())));
  }

  private void printFields(Console console) {
    List<MappingDetection.Field> fields = inspection.detection().fields();
    if (fields.isEmpty()) {
      return;
    }
    console.println("");
    Table table = new Table().left("field").left("content").right("events").left("use");
    fields.stream()
        .limit(MAX_FIELDS)
        .forEach(field -> table.row(field.path(), field.shape(), field.count(), field.use().id()));
    table.print(console);
    if (fields.size() > MAX_FIELDS) {
      console.println("and %d more fields", fields.size() - MAX_FIELDS);
    }
    console.println("");
  }

  private void printProposal(Console console) {
    EventInspection.Reading proposed = inspection.proposed();
    if (proposed == null) {
      if (!inspection.isGood()) {
        console.println("no other settings are proposed");
      }
      return;
    }
    EventSample sample = proposed.sample();
    console.println(
        "these settings would read %d of %d values, in %d series; interval: %s",
        sample.observations(),
        total(sample),
        sample.series().size(),
        interval(proposed).description());
    console.println("");
    settings(proposed).forEach(line -> console.println("%s", line));
  }

  private List<String> settings(EventInspection.Reading proposed) {
    return SuggestedSettings.events(topic, proposed.mapping(), inspection.detection().needsZone());
  }

  private static long total(EventSample sample) {
    return sample.rejected() + sample.observations();
  }

  private static long gaps(EventSample sample, @Nullable Interval interval) {
    return interval == null ? 0 : sample.gaps(interval);
  }

  private static DetectedInterval interval(EventInspection.Reading reading) {
    ZoneId zone = reading.mapping().time().zone();
    return reading.sample().interval(zone == null ? ZoneOffset.UTC : zone);
  }

  private static String share(long part, long whole) {
    return whole == 0 || part == 0
        ? Long.toString(part)
        : String.format(Locale.ROOT, "%d (%.1f %%)", part, 100.0 * part / whole);
  }

  /** Returns the check as JSON. */
  public String json() {
    EventSample sample = inspection.given().sample();
    boolean hasObservations = sample.observations() > 0;
    Interval interval = interval(inspection.given()).interval();
    return Json.write(
        new Result(
            topic,
            sample.records(),
            inspection.given().mapping().format().id(),
            sample.observations(),
            sample.series().size(),
            hasObservations ? Instant.ofEpochMilli(sample.firstMs()).toString() : null,
            hasObservations ? Instant.ofEpochMilli(sample.lastMs()).toString() : null,
            interval == null ? null : interval.toString(),
            gaps(sample, interval),
            sample.late(),
            sample.duplicates(),
            sample.conflicts(),
            sample.deletions(),
            sample.skipped(),
            sample.roundedIntegers(),
            sample.rejected(),
            sample.reasons().stream().map(Reason::of).toList(),
            inspection.detection().fields(),
            inspection.isGood() ? List.of() : inspection.detection().notes(),
            proposal(),
            configuration));
  }

  private @Nullable Proposal proposal() {
    EventInspection.Reading proposed = inspection.proposed();
    if (proposed == null) {
      return null;
    }
    EventSample sample = proposed.sample();
    Interval interval = interval(proposed).interval();
    return new Proposal(
        proposed.mapping().format().id(),
        sample.observations(),
        sample.series().size(),
        interval == null ? null : interval.toString(),
        sample.duplicates(),
        sample.rejected(),
        inspection.detection().needsZone(),
        settings(proposed));
  }

  private record Result(
      String topic,
      long records,
      String format,
      long observations,
      int series,
      @JsonInclude(Include.NON_NULL) @Nullable String first,
      @JsonInclude(Include.NON_NULL) @Nullable String last,
      @JsonInclude(Include.NON_NULL) @Nullable String interval,
      long gaps,
      long late,
      long duplicates,
      long conflicts,
      long deletions,
      long skipped,
      long roundedIntegers,
      long deadLetters,
      @JsonInclude(Include.NON_EMPTY) List<Reason> reasons,
      @JsonInclude(Include.NON_EMPTY) List<MappingDetection.Field> fields,
      @JsonInclude(Include.NON_EMPTY) List<String> notes,
      @JsonInclude(Include.NON_NULL) @Nullable Proposal proposal,
      String configuration) {}

  private record Proposal(
      String format,
      long observations,
      int series,
      @JsonInclude(Include.NON_NULL) @Nullable String interval,
      long duplicates,
      long deadLetters,
      boolean needsZone,
      List<String> settings) {}

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
