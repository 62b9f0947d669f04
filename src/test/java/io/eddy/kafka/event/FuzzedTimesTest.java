package io.eddy.kafka.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampDetector;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import io.eddy.series.time.TimestampSource;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Columns of random times in every form, read as a CSV column and as events. A time that is read
 * without a warning is at most a step from the truth.
 */
class FuzzedTimesTest {
  private static final int COLUMNS = 2_000;
  private static final int ROWS = 50;
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final List<Long> STEPS = List.of(SECOND, MINUTE, 15 * MINUTE, HOUR, DAY, 7 * DAY);
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneOffset.UTC,
          ZoneId.of("America/Los_Angeles"),
          ZoneId.of("Europe/Paris"),
          ZoneId.of("Asia/Kathmandu"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Pacific/Apia"));
  private static final List<Form> FORMS = forms();

  /**
   * A spelling of times.
   *
   * @param isLocal whether it has no zone
   * @param isJsonNumber whether it is a number in JSON
   * @param precisionMs largest part of a time that it does not tell
   */
  private record Form(
      String name,
      boolean isLocal,
      boolean isJsonNumber,
      long precisionMs,
      BiFunction<Instant, ZoneId, String> writer) {
    String write(Instant time, ZoneId zone) {
      return writer.apply(time, zone);
    }
  }

  private static List<Form> forms() {
    List<Form> forms = new ArrayList<>();
    text(forms, "uuuu-MM-dd'T'HH:mm:ss.SSSXXX", false, 1);
    text(forms, "uuuu-MM-dd'T'HH:mm:ssXXX", false, SECOND);
    text(forms, "uuuu-MM-dd HH:mm:ssxx", false, SECOND);
    text(forms, "uuuu-MM-dd'T'HH:mmXXX", false, MINUTE);
    text(forms, "uuuu-MM-dd't'HH:mm:ss'['VV']'", true, SECOND);
    text(forms, "uuuu-MM-dd'T'HH:mm:ssXXX'['VV']'", false, SECOND);
    text(forms, "uuuuMMdd'T'HHmmssxx", false, SECOND);
    text(forms, "uuuuMMdd'T'HHmmXX", false, MINUTE);
    text(forms, "uuuuMMddHHmmssXX", false, SECOND);
    text(forms, "uuuu-DDD'T'HH:mm:ssXXX", false, SECOND);
    text(forms, "EEE, dd MMM uuuu HH:mm:ss xx", false, SECOND);
    text(forms, "uuuu-MM-dd'T'HH:mm:ss", true, SECOND);
    text(forms, "uuuu-MM-dd HH:mm:ss.SSSSSS", true, 1);
    text(forms, "uuuu-MM-dd HH:mm:ss,SSS", true, 1);
    text(forms, "uuuu-MM-dd HH:mm", true, MINUTE);
    text(forms, "uuuu/MM/dd HH:mm:ss", true, SECOND);
    text(forms, "uuuu.M.d H:mm", true, MINUTE);
    text(forms, "uuuu-MM-dd h:mm:ss a", true, SECOND);
    text(forms, "dd/MM/uuuu HH:mm:ss", true, SECOND);
    text(forms, "M/d/uuuu h:mm a", true, MINUTE);
    text(forms, "dd.MM.uuuu HH:mm", true, MINUTE);
    text(forms, "uuuu-MM-dd", true, DAY);
    text(forms, "dd.MM.uuuu", true, DAY);
    number(forms, "uuuuMMddHHmmss", SECOND);
    number(forms, "uuuuMMddHHmmssSSS", 1);
    number(forms, "uuuuMMddHHmm", MINUTE);
    number(forms, "uuuuMMddHH", HOUR);
    number(forms, "uuuuMMdd", DAY);
    epoch(forms, "s", SECOND, time -> Long.toString(time.getEpochSecond()));
    epoch(forms, "s with fraction", 1, time -> Double.toString(time.toEpochMilli() / 1e3));
    epoch(forms, "ms", 1, time -> Long.toString(time.toEpochMilli()));
    epoch(forms, "ms with fraction", 1, time -> time.toEpochMilli() + ".5");
    epoch(forms, "us", 1, time -> time.toEpochMilli() + "123");
    epoch(forms, "ns", 1, time -> time.toEpochMilli() + "123456");
    forms.add(
        new Form("excel", true, true, SECOND, (time, zone) -> Double.toString(excel(time, zone))));
    forms.add(new Form("days", true, true, DAY, (time, zone) -> days(time, zone)));
    return forms;
  }

  private static void text(List<Form> forms, String pattern, boolean isLocal, long precisionMs) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    boolean isRegional = pattern.contains("VV");
    forms.add(
        new Form(
            pattern,
            isLocal && !isRegional,
            false,
            precisionMs,
            (time, zone) -> format.format(time.atZone(zone))));
  }

  private static void number(List<Form> forms, String pattern, long precisionMs) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    forms.add(
        new Form(
            pattern, true, true, precisionMs, (time, zone) -> format.format(time.atZone(zone))));
  }

  private static void epoch(
      List<Form> forms, String name, long precisionMs, Function<Instant, String> writer) {
    forms.add(new Form(name, false, true, precisionMs, (time, zone) -> writer.apply(time)));
  }

  private static double excel(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    return local.toInstant(ZoneOffset.UTC).toEpochMilli() / (double) DAY + 25_569;
  }

  private static String days(Instant time, ZoneId zone) {
    return Long.toString(LocalDateTime.ofInstant(time, zone).toLocalDate().toEpochDay());
  }

  /** A column of times of one series. */
  private record Column(Form form, ZoneId zone, long stepMs, List<Instant> times) {
    static Column random(SplittableRandom random) {
      Form form = FORMS.get(random.nextInt(FORMS.size()));
      long precisionMs = form.precisionMs();
      List<Long> steps = STEPS.stream().filter(step -> step >= precisionMs).toList();
      long stepMs = steps.get(random.nextInt(steps.size()));
      ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
      // Days since 1970 look like serial days of a spreadsheet from 2060 on.
      long endMs = form.name().equals("days") ? 2_840_140_800_000L : 4_102_444_800_000L;
      long firstMs = random.nextLong(631_152_000_000L, endMs - ROWS * 7 * DAY);
      long offsetMs = precisionMs == 1 ? random.nextLong(SECOND) : 0;
      List<Instant> times = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        times.add(Instant.ofEpochMilli(firstMs / stepMs * stepMs + row * stepMs + offsetMs));
      }
      return new Column(form, zone, stepMs, times);
    }

    List<String> texts() {
      return times.stream().map(time -> form.write(time, zone)).toList();
    }

    /** Returns whether a time differs from the truth by less than what the form does not tell. */
    boolean isNear(long readMs, int row) {
      return Math.abs(readMs - times.get(row).toEpochMilli()) <= stepMs;
    }
  }

  @Test
  void noAcceptedTimeIsMoreThanOneStepFromTheTruthWithoutWarning() {
    SplittableRandom random = new SplittableRandom(17);
    Map<String, Integer> read = new TreeMap<>();
    Map<String, Integer> events = new HashMap<>();
    for (int i = 0; i < COLUMNS; i++) {
      Column column = Column.random(random);
      boolean isZoneSet = random.nextBoolean();
      ZoneId zone = isZoneSet ? column.zone() : null;
      read.merge(column.form().name(), asCsv(column, zone), Integer::sum);
      events.merge(column.form().name(), asEvents(column, zone), Integer::sum);
    }

    assertThat(read).hasSize(FORMS.size());
    // Dates with hours look like seconds, and days like row numbers: both have to be stated.
    assertThat(read)
        .allSatisfy(
            (form, count) ->
                assertThat(count > 0)
                    .isEqualTo(!form.equals("days") && !form.equals("uuuuMMddHH")));
    assertThat(events.get("ms")).isPositive();
    assertThat(events.get("s")).isZero();
    assertThat(read.values().stream().mapToInt(count -> count).sum()).isGreaterThan(70_000);
  }

  /** Reads a CSV column; returns the number of times read without a warning. */
  private static int asCsv(Column column, @Nullable ZoneId zone) {
    List<String> texts = column.texts();
    TimestampReader reader;
    try {
      reader = new TimestampReader(detect(texts), zone, TimestampSource.CSV);
    } catch (InvalidTimestampException e) {
      assertThat(e).hasMessageContaining("--timestamp-format");
      return 0;
    }
    int silent = 0;
    for (int row = 0; row < ROWS; row++) {
      long warnings = warnings(reader.counts(), zone);
      long readMs = reader.ofText(texts.get(row));
      if (warnings(reader.counts(), zone) == warnings) {
        assertThat(column.isNear(readMs, row))
            .as("%s: %s read as %s", column, texts.get(row), Instant.ofEpochMilli(readMs))
            .isTrue();
        silent++;
      }
    }
    return silent;
  }

  private static TimestampFormat detect(List<String> texts) {
    TimestampDetector detector = new TimestampDetector(TimestampSource.CSV);
    texts.forEach(detector::add);
    return detector.detect();
  }

  /** Counts what a command warns of. */
  private static long warnings(TimestampCounts counts, @Nullable ZoneId zone) {
    return counts.ambiguous() + counts.nonexistent() + (zone == null ? counts.local() : 0);
  }

  /** Reads events with the default format; returns the number of times read. */
  private static int asEvents(Column column, @Nullable ZoneId zone) {
    EventDecoder decoder =
        new EventDecoder(
            EventMapping.json(
                SeriesKey.RECORD_KEY,
                EventTime.DEFAULT.withZone(zone),
                List.of("value"),
                List.of()));
    int accepted = 0;
    for (int row = 0; row < ROWS; row++) {
      String text = column.texts().get(row);
      String time = column.form().isJsonNumber() ? text : '"' + text + '"';
      byte[] event = "{\"timestamp\":%s,\"value\":1}".formatted(time).getBytes(UTF_8);
      long warnings = warnings(decoder.timestampCounts(), zone);
      try {
        long readMs =
            decoder.decode("a".getBytes(UTF_8), event, 7).observations().get(0).timestampMs();
        if (warnings(decoder.timestampCounts(), zone) == warnings) {
          assertThat(column.isNear(readMs, row))
              .as("%s: %s read as %s", column, text, Instant.ofEpochMilli(readMs))
              .isTrue();
        }
        accepted++;
      } catch (InvalidRecordException e) {
        assertThat(e.reason()).startsWith("field timestamp: expected ");
      }
    }
    return accepted;
  }
}
