package io.eddy.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.series.Interval;
import io.eddy.series.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RepeatedObservationsTest {
  private static final Interval HOUR = Interval.of(Duration.ofHours(1));
  private static final long HOUR_MS = HOUR.fixedMs();

  @Test
  void repeatsWholeDaysInPhase() {
    RepeatedObservations source = new RepeatedObservations(List.of(hours("a", 60)), HOUR, 0);

    List<Observation> observations = take(source, 60 + 48 + 3);

    assertThat(observations)
        .extracting(Observation::timestampMs)
        .containsExactlyElementsOf(
            LongStream.range(0, 111).map(hour -> hour * HOUR_MS).boxed().toList());
    // The value is the hour of the original; the last 48 hours are repeated.
    assertThat(observations.get(59).value()).isEqualTo(59);
    assertThat(observations.get(60).value()).isEqualTo(12);
    assertThat(observations.get(107).value()).isEqualTo(59);
    assertThat(observations.get(108).value()).isEqualTo(12);
  }

  @Test
  void startsAtAnyTimeAsIfItHadRunUntilThen() {
    List<SeriesData> series = List.of(hours("a", 60), hours("b", 60));
    List<Observation> all = take(new RepeatedObservations(series, HOUR, 0), 200);

    for (int hour : new int[] {0, 1, 59, 60, 61, 107, 108, 109, 170}) {
      RepeatedObservations late = new RepeatedObservations(series, HOUR, hour * HOUR_MS);
      assertThat(late.nextMs()).isEqualTo(hour * HOUR_MS);
      assertThat(take(late, 20)).isEqualTo(all.subList(2 * hour, Math.min(400, 2 * hour + 40)));
    }
  }

  @Test
  void repeatsWholeYearsOfMonths() {
    Interval months = Interval.ofMonths(1, ZoneOffset.UTC);
    SeriesData data = dates("a", LocalDate.parse("2023-10-31"), 15, months);
    RepeatedObservations source = new RepeatedObservations(List.of(data), months, 0);

    List<Observation> observations = take(source, 15 + 14);

    // Values are the month of the original, from October 2023; the last twelve are repeated.
    assertThat(observations.subList(14, 18))
        .extracting(each -> each.value() + " " + Instant.ofEpochMilli(each.timestampMs()))
        .containsExactly(
            "14.0 2024-12-31T00:00:00Z",
            "3.0 2025-01-31T00:00:00Z",
            "4.0 2025-02-28T00:00:00Z",
            "5.0 2025-03-31T00:00:00Z");
    assertThat(observations.get(27).value()).isEqualTo(3);
    assertThat(Instant.ofEpochMilli(observations.get(27).timestampMs()))
        .isEqualTo("2026-01-31T00:00:00Z");
    RepeatedObservations late =
        new RepeatedObservations(
            List.of(data), months, Instant.parse("2026-01-15T00:00:00Z").toEpochMilli());
    assertThat(late.next()).isEqualTo(List.of(observations.get(27)));
  }

  @Test
  void repeatsLocalDaysAndBusinessDays() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Interval days = Interval.ofDays(1, berlin);
    SeriesData winter = starts("a", days, LocalDate.parse("2024-03-04").atStartOfDay(berlin), 25);
    List<Observation> local = take(new RepeatedObservations(List.of(winter), days, 0), 40);
    Interval business = Interval.ofBusinessDays(ZoneOffset.UTC);
    SeriesData week =
        starts("a", business, LocalDate.parse("2024-01-01").atStartOfDay(ZoneOffset.UTC), 7);
    List<Observation> working = take(new RepeatedObservations(List.of(week), business, 0), 14);

    assertThat(local)
        .allMatch(
            each ->
                Instant.ofEpochMilli(each.timestampMs())
                    .atZone(berlin)
                    .toLocalTime()
                    .equals(LocalTime.MIDNIGHT));
    // Three weeks are repeated: the value four days after the first 21 follows the last one.
    assertThat(local.get(25).value()).isEqualTo(4);
    assertThat(working.get(7).value()).isEqualTo(2);
    assertThat(Instant.ofEpochMilli(working.get(9).timestampMs()))
        .isEqualTo("2024-01-12T00:00:00Z");
    assertThat(Instant.ofEpochMilli(working.get(10).timestampMs()))
        .isEqualTo("2024-01-15T00:00:00Z");
  }

  @Test
  void rejectsEmptyData() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepeatedObservations(List.of(), HOUR, 0))
        .withMessage("no observations to replay");
  }

  private static List<Observation> take(RepeatedObservations source, int steps) {
    List<Observation> taken = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      taken.addAll(source.next());
    }
    return taken;
  }

  private static SeriesData hours(String name, int count) {
    return new SeriesData(
        name,
        LongStream.range(0, count).map(hour -> hour * HOUR_MS).toArray(),
        LongStream.range(0, count).mapToDouble(hour -> hour).toArray());
  }

  /** Returns values of a day of each month, of its last day at most. */
  private static SeriesData dates(String name, LocalDate first, int count, Interval months) {
    return new SeriesData(
        name,
        LongStream.range(0, count)
            .map(
                month ->
                    first.plusMonths(month).atStartOfDay(months.zone()).toInstant().toEpochMilli())
            .toArray(),
        LongStream.range(0, count).mapToDouble(month -> month).toArray());
  }

  private static SeriesData starts(String name, Interval interval, ZonedDateTime first, int count) {
    long step = interval.stepOf(first.toInstant().toEpochMilli());
    return new SeriesData(
        name,
        LongStream.range(0, count).map(i -> interval.startMs(step + i)).toArray(),
        LongStream.range(0, count).mapToDouble(i -> i).toArray());
  }
}
