package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.stream.RecordedStream;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification of a stream that accepts events out of order within an allowed lateness. */
class VerifyLatenessTest {
  private static final Duration ALLOWED_LATENESS = Duration.ofMinutes(90);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void agreesForShuffledEventsAcrossVersionSwitch(boolean everyObservation) {
    try (RecordedStream stream = stream(everyObservation)) {
      stream.activate(1, RecordedStream.mean(CellKind.GRU, 1), null);
      stream.activate(2, RecordedStream.mean(CellKind.LSTM, 2), 30 * HOUR);
      events().forEach(stream::send);

      VerifyReport report = stream.verify();

      assertConsistent(report);
      assertThat(report.counts().get(VerifyCount.COMPARED))
          .isEqualTo((long) stream.forecasts.size())
          .isGreaterThan(everyObservation ? 500 : 100);
      assertThat(stream.epochs("series-0")).contains(1L, 2L);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsAlteredAndDuplicatedForecasts(boolean everyObservation) {
    try (RecordedStream stream = stream(everyObservation)) {
      stream.activate(1, RecordedStream.mean(CellKind.GRU, 1), null);
      events().forEach(stream::send);
      for (int index : new int[] {20, 51, 80}) {
        stream.alter(index, published -> AlteredForecasts.withBitFlipped(published, 2));
      }
      stream.append(stream.forecasts.get(60));

      VerifyReport report = stream.verify();

      assertThat(report.counts())
          .containsEntry(VerifyCount.DIFFERENT, 3L)
          .containsEntry(VerifyCount.DUPLICATED, 1L)
          .doesNotContainKeys(VerifyCount.LOST, VerifyCount.UNEXPECTED);
    }
  }

  @Test
  void reportsLostForecastAmongSeveralOfOneEvent() {
    try (RecordedStream stream = stream(false)) {
      stream.activate(1, RecordedStream.mean(CellKind.GRU, 1), null);
      for (int hour = 0; hour < 20; hour++) {
        stream.send(RecordedStream.observation(0, hour));
      }
      int before = stream.forecasts.size();
      stream.send(RecordedStream.observation(0, 30));
      assertThat(stream.forecasts.size() - before).isEqualTo(3);
      stream.forecasts.remove(before);

      assertThat(stream.verify().counts()).containsEntry(VerifyCount.LOST, 1L);
    }
  }

  private RecordedStream stream(boolean everyObservation) {
    return new RecordedStream(
        folder,
        StreamPoliciesBuilder.policies()
            .lateness(new LatenessPolicy(ALLOWED_LATENESS, 64, everyObservation))
            .build());
  }

  /** Events every 15 minutes, each late by up to the allowed lateness, some of them repeated. */
  private static List<Observation> events() {
    record Arrival(long time, Observation observation) {}
    SplittableRandom random = new SplittableRandom(5);
    List<Arrival> all = new ArrayList<>();
    for (int quarter = 0; quarter < 240; quarter++) {
      for (int series = 0; series < 2; series++) {
        long time = quarter * HOUR / 4;
        double value = 10 * series + 3 * StrictMath.sin(quarter / 9.0);
        Observation observation = new Observation("series-" + series, time, value);
        all.add(new Arrival(time + random.nextLong(ALLOWED_LATENESS.toMillis()), observation));
        if (random.nextInt(10) == 0) {
          all.add(new Arrival(time + random.nextLong(ALLOWED_LATENESS.toMillis()), observation));
        }
      }
    }
    all.sort(Comparator.comparingLong(Arrival::time));
    return all.stream().map(Arrival::observation).toList();
  }
}
