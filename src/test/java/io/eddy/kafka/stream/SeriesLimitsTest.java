package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits on the number and lifetime of series, and their verification. */
class SeriesLimitsTest {
  private static final long OFF = Long.MAX_VALUE;

  @TempDir Path folder;

  private static StreamPolicies policies(int most, long timeToLiveMs) {
    return StreamPoliciesBuilder.policies()
        .series(new SeriesLimits(TimestampGuard.OFF, most, timeToLiveMs))
        .nullDeletes(true)
        .build();
  }

  private RecordedStream stream(String name, int most, long timeToLiveMs) {
    RecordedStream stream = new RecordedStream(folder.resolve(name), policies(most, timeToLiveMs));
    stream.activate(1, GRU, null);
    return stream;
  }

  private static void send(RecordedStream stream, String series, int hour) {
    stream.send(new Observation(series, hour * HOUR, 3 + StrictMath.sin(hour / 4.0)));
  }

  /** Describes all forecasts: series, hour, warm-up, bits. */
  private static List<String> forecasts(RecordedStream stream) {
    List<String> forecasts = new ArrayList<>();
    for (int i = 0; i < stream.forecasts.size(); i++) {
      var forecast = stream.published(i).forecast();
      forecasts.add(
          "%s %d %s %s"
              .formatted(
                  forecast.origin().series(),
                  forecast.origin().timestampMs() / HOUR,
                  forecast.origin().warm(),
                  Arrays.toString(forecast.values())));
    }
    return forecasts;
  }

  @Test
  void deadLettersNewSeriesOfFullPartition() {
    try (RecordedStream stream = stream("flood", 3, OFF)) {
      for (int hour = 0; hour < 40; hour++) {
        for (String series : List.of("a", "b", "c")) {
          send(stream, series, hour);
        }
        for (int i = 0; i < 10; i++) {
          send(stream, "flood-" + hour + "-" + i, hour);
        }
      }

      assertThat(stream.forecasts).hasSize(120);
      assertThat(stream.letters).hasSize(400);
      assertThat(stream.letters.get(0).headers().lastHeader("__streams.errors.message").value())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(
              "series: the partition has 3 series, as many as series.max-per-partition allows");
      assertThat(stream.storedSeries()).containsExactly("a", "b", "c");
      VerifyReport report = stream.verify();
      assertConsistent(report);
      assertThat(report.get(VerifyCount.DEAD_LETTERED)).isEqualTo(400);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(120);
    }
  }

  @Test
  void deletedSeriesMakesRoom() {
    try (RecordedStream stream = stream("deleted", 2, OFF)) {
      send(stream, "a", 0);
      send(stream, "b", 0);
      send(stream, "c", 0);
      stream.send("a", null, HOUR);
      send(stream, "c", 1);
      send(stream, "a", 2);
      stream.send("never there", null, HOUR);
      send(stream, "a", 3);

      assertThat(stream.storedSeries()).containsExactlyInAnyOrder("b", "c");
      assertThat(stream.letters).hasSize(3);
      assertConsistent(stream.verify());
    }
  }

  @Test
  void expiredSeriesMakesRoomAndRestarts() {
    try (RecordedStream stream = stream("silent", 3, Duration.ofHours(64).toMillis())) {
      for (int hour = 0; hour < 30; hour++) {
        send(stream, "silent", hour);
        send(stream, "a", hour);
        send(stream, "b", hour);
      }
      for (int hour = 30; hour < 94; hour++) {
        send(stream, "a", hour);
        send(stream, "b", hour);
        send(stream, "new", hour);
      }
      assertThat(stream.letters).hasSize(64);
      assertThat(stream.storedSeries()).contains("silent");

      send(stream, "a", 94);
      send(stream, "new", 94);
      send(stream, "silent", 94);
      assertThat(stream.letters).hasSize(65);
      stream.advanceWallClock(Duration.ofSeconds(1));
      assertThat(stream.storedSeries()).containsExactlyInAnyOrder("a", "b", "new");

      for (int hour = 95; hour < 200; hour++) {
        send(stream, "a", hour);
        send(stream, "silent", hour);
      }
      assertThat(stream.storedSeries()).contains("silent");
      try (RecordedStream cold = stream("cold", 3, OFF)) {
        int first = stream.letters.size() - 65 + 95;
        for (int hour = first; hour < 200; hour++) {
          send(cold, "silent", hour);
        }
        List<String> after =
            forecasts(stream).stream().filter(forecast -> forecast.startsWith("silent")).toList();
        assertThat(after.subList(30, after.size())).isEqualTo(forecasts(cold));
      }
      assertConsistent(stream.verify());
    }
  }

  /** The time at which expired states are deleted does not change any result. */
  @Test
  void sweepDoesNotChangeForecasts() {
    try (RecordedStream swept = stream("swept", 12, Duration.ofHours(20).toMillis());
        RecordedStream unswept = stream("unswept", 12, Duration.ofHours(20).toMillis())) {
      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < 3000; i++) {
        if (i == 1500) {
          swept.activate(2, LSTM, null);
          unswept.activate(2, LSTM, null);
        }
        String series = "series-" + random.nextInt(random.nextInt(10) == 0 ? 100 : 10);
        int hour = i / 10 + random.nextInt(3);
        boolean deletes = random.nextInt(100) == 0;
        for (RecordedStream stream : List.of(swept, unswept)) {
          if (deletes) {
            stream.send(series, null, hour * HOUR);
          } else {
            send(stream, series, hour);
          }
        }
        swept.advanceWallClock(Duration.ofSeconds(1));
      }

      assertThat(forecasts(swept)).isEqualTo(forecasts(unswept)).hasSizeGreaterThan(1000);
      assertThat(swept.letters).hasSameSizeAs(unswept.letters).isNotEmpty();
      assertThat(unswept.storedSeries()).hasSizeGreaterThan(swept.storedSeries().size());
      VerifyReport report = swept.verify();
      assertConsistent(report);
      assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(swept.forecasts.size());
      assertConsistent(
          swept.verify(new VerifyScope("series-3", Long.MIN_VALUE, Long.MAX_VALUE, 10, false)));
      for (int cut : List.of(1, 500, 1700, 2999)) {
        assertConsistent(swept.verify(VerifyScope.everything(10), cut, 0));
      }
    }
  }

  @Test
  void deletesExpiredSeriesCompletely() {
    try (RecordedStream stream = stream("nothing", 10, Duration.ofHours(10).toMillis())) {
      stream.activate(2, LSTM, null);
      for (int hour = 0; hour < 80; hour++) {
        send(stream, "silent", hour);
      }
      send(stream, "a", 80);
      int before = stream.pastEntries();
      for (int hour = 81; hour < 95; hour++) {
        send(stream, "a", hour);
      }
      stream.advanceWallClock(Duration.ofSeconds(1));

      assertThat(stream.storedSeries()).containsExactly("a");
      assertThat(stream.pastEntries()).isLessThan(before);
      stream.send("a", null, 95 * HOUR);
      assertThat(stream.pastEntries()).as("the census").isEqualTo(1);
    }
  }

  @Test
  void countsNothingWithoutLimits() {
    try (RecordedStream stream = stream("none", Integer.MAX_VALUE, OFF)) {
      send(stream, "a", 0);
      stream.send("a", null, HOUR);

      assertThat(stream.pastEntries()).isZero();
    }
  }
}
