package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.StepCounts;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvSummary;
import io.eddy.series.Aggregation;
import io.eddy.series.DetectedInterval;
import io.eddy.series.Interval;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Sampling;
import io.eddy.series.time.TimestampCounts;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Summary of the data of a CSV file, as one line and as JSON.
 *
 * @param rows lines of data
 * @param separator between columns
 * @param decimal decimal separator; null if no number has one
 * @param zone zone of the times without one; null if all have one
 * @param zoneAssumed whether the zone was not stated
 * @param duplicates observations whose series and time another one has
 * @param interval null if it is not known
 * @param detection what the times of the data say about their interval
 * @param missingSteps steps without an observation; null if the interval is not known
 * @param filledSteps missing steps that are imputed; null without a model
 */
@JsonInclude(Include.NON_NULL)
public record DataReport(
    String file,
    long rows,
    int series,
    long observations,
    Columns columns,
    String separator,
    @Nullable String decimal,
    String timestampFormat,
    @Nullable String zone,
    boolean zoneAssumed,
    String first,
    String last,
    @Nullable String interval,
    String detection,
    long duplicates,
    long missingValues,
    @Nullable Long missingSteps,
    @Nullable Long filledSteps,
    List<String> warnings) {
  private static final int MAX_LISTED = 5;

  /** More duplicates give a warning. */
  private static final double MAX_DUPLICATE_SHARE = 0.05;

  /** The columns that were read. */
  @JsonInclude(Include.NON_NULL)
  record Columns(
      @Nullable String series,
      @Nullable String seriesName,
      String timestamp,
      List<String> values,
      List<String> ignored) {}

  /**
   * Returns the report.
   *
   * @param sampling grid of the model; null to detect the interval
   */
  public static DataReport of(CsvData data, @Nullable Sampling sampling) {
    CsvSummary summary = data.summary();
    List<SeriesData> series = data.series();
    DetectedInterval detected = detect(data);
    Sampling grid = sampling == null ? sampling(detected.interval()) : sampling;
    StepCounts steps = grid == null ? null : StepCounts.of(series, grid);
    CsvSummary.Times times = summary.times();
    boolean isLocal = times.counts().local() > 0;
    return new DataReport(
        summary.file(),
        summary.counts().rows(),
        series.size(),
        summary.counts().observations(),
        columns(summary),
        summary.text().separator() == '\t' ? "tab" : String.valueOf(summary.text().separator()),
        summary.text().decimal() == 0 ? null : String.valueOf(summary.text().decimal()),
        times.format().id(),
        isLocal ? (times.zone() == null ? "UTC" : times.zone().getId()) : null,
        isLocal && times.zone() == null,
        Instant.ofEpochMilli(firstMs(series)).toString(),
        Instant.ofEpochMilli(lastMs(series)).toString(),
        grid == null ? null : grid.interval().toString(),
        detected.description(),
        summary.counts().duplicates(),
        summary.counts().missingValues(),
        steps == null ? null : steps.missing(),
        steps == null || sampling == null ? null : steps.filled(),
        warnings(data, detected));
  }

  private static DetectedInterval detect(CsvData data) {
    ZoneId zone = data.summary().times().zone();
    return IntervalDetector.of(data.series().stream().map(SeriesData::timestampsMs))
        .detect(zone == null ? ZoneOffset.UTC : zone);
  }

  private static @Nullable Sampling sampling(@Nullable Interval interval) {
    return interval == null ? null : new Sampling(interval, Aggregation.FIRST, 0);
  }

  private static Columns columns(CsvSummary summary) {
    CsvSummary.Columns columns = summary.columns();
    return new Columns(
        columns.series(), columns.only(), columns.timestamp(), columns.values(), columns.ignored());
  }

  private static long firstMs(List<SeriesData> series) {
    return series.stream().mapToLong(data -> data.timestampsMs()[0]).min().orElse(0);
  }

  private static long lastMs(List<SeriesData> series) {
    return series.stream().mapToLong(data -> data.timestampsMs()[data.size() - 1]).max().orElse(0);
  }

  private static List<String> warnings(CsvData data, DetectedInterval detected) {
    CsvSummary summary = data.summary();
    List<String> warnings = new ArrayList<>();
    for (long line : summary.text().skippedLines()) {
      warnings.add("line %,d was skipped: it holds names or units and no data".formatted(line));
    }
    long duplicates = StepCounts.duplicates(data.series());
    long observations = data.series().stream().mapToLong(SeriesData::size).sum();
    if (duplicates > MAX_DUPLICATE_SHARE * (double) observations) {
      warnings.add(
          "%,d of %,d observations have the series and time of another one"
              .formatted(duplicates, observations));
    }
    if (detected.warning() != null) {
      warnings.add(detected.warning());
    }
    if (summary.counts().roundedIntegers() > 0) {
      warnings.add(roundedIntegers(summary.counts().roundedIntegers()));
    }
    TimestampCounts counts = summary.times().counts();
    if (counts.local() > 0 && summary.times().zone() == null) {
      warnings.add(
          "the times in column %s have no zone and are read as UTC; if they are local times, give"
                  .formatted(summary.columns().timestamp())
              + " --zone, such as --zone Europe/Berlin");
    }
    if (counts.isMixed()) {
      warnings.add(
          "%,d times have a zone of their own, %,d are read in the zone %s"
              .formatted(counts.absolute(), counts.local(), summary.times().zone()));
    }
    if (counts.ambiguous() > 0) {
      warnings.add(
          "%,d local times occur twice, when clocks are set back; the earlier one is taken"
              .formatted(counts.ambiguous()));
    }
    if (counts.nonexistent() > 0) {
      warnings.add(
          "%,d local times do not exist, because clocks are set forward; they are moved forward by"
                  .formatted(counts.nonexistent())
              + " the length of the gap");
    }
    return warnings;
  }

  /** Returns the warning that integers were rounded. */
  static String roundedIntegers(long count) {
    return "%,d integers beyond ±2^53 are rounded to 53 bits; they may be identifiers and no values"
        .formatted(count);
  }

  /** Prints the line and the warnings to standard error. */
  public void print(Console console) {
    console.printErr("%s", line());
    warnings.forEach(warning -> console.printErr("WARNING: %s: %s", file, warning));
  }

  /** Returns the line. */
  String line() {
    List<String> parts = new ArrayList<>();
    parts.add("read %s: %s, %s".formatted(file, count(rows, "row"), describeSeries()));
    if (!separator.equals(",") || ",".equals(decimal)) {
      parts.add(
          "separator %s%s".formatted(separator, decimal == null ? "" : " and decimal " + decimal));
    }
    parts.add("time %s (%s%s)".formatted(columns.timestamp(), describeFormat(), describeZone()));
    parts.add("from %s to %s".formatted(first, last));
    parts.add(describeInterval());
    parts.add(count(duplicates, "duplicate"));
    parts.add(count(missingValues, "missing value"));
    if (missingSteps != null) {
      parts.add(
          count(missingSteps, "missing step")
              + (filledSteps == null || missingSteps == 0
                  ? ""
                  : " (%,d filled)".formatted(filledSteps)));
    }
    if (!columns.ignored().isEmpty()) {
      parts.add("columns not read: " + list(columns.ignored()));
    }
    return String.join("; ", parts);
  }

  private String describeSeries() {
    String values = list(columns.values());
    if (columns.seriesName() != null) {
      return "1 series named %s, value %s".formatted(columns.seriesName(), values);
    }
    if (columns.series() == null) {
      return "%,d series, one per column: %s".formatted(series, values);
    }
    return "%,d series by %s, value %s".formatted(series, columns.series(), values);
  }

  private String describeFormat() {
    return switch (timestampFormat) {
      case "iso-8601" -> "ISO-8601";
      case "rfc-1123" -> "RFC 1123";
      case "s" -> "epoch seconds";
      case "ms" -> "epoch milliseconds";
      case "us" -> "epoch microseconds";
      case "ns" -> "epoch nanoseconds";
      case "days" -> "days since 1970";
      case "excel" -> "serial days";
      default -> timestampFormat;
    };
  }

  private String describeInterval() {
    if (interval == null) {
      return "interval unknown";
    }
    return detection.startsWith(interval)
        ? "interval " + detection
        : "interval %s; of the data %s".formatted(interval, detection);
  }

  private String describeZone() {
    return zone == null ? "" : zoneAssumed ? ", UTC assumed" : ", " + zone;
  }

  private static String list(List<String> names) {
    int shown = Math.min(names.size(), MAX_LISTED);
    return String.join(", ", names.subList(0, shown))
        + (shown < names.size() ? " and %,d more".formatted(names.size() - shown) : "");
  }

  private static String count(long number, String noun) {
    return "%,d %s%s".formatted(number, noun, number == 1 ? "" : "s");
  }
}
