package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.mean;
import static io.eddy.kafka.stream.RecordedStream.observation;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import io.eddy.nn.CellKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Timestamps that are years ahead, with a maximum of two days. */
class TimestampGuardTopologyTest {
  private static final int YEARS = 10 * 366 * 24;

  @TempDir Path folder;
  private RecordedStream stream;

  @BeforeEach
  void start() {
    stream = new RecordedStream(folder.resolve("stream"), policies());
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  private static StreamPolicies policies() {
    return StreamPoliciesBuilder.policies()
        .series(SeriesLimits.DEFAULT.with(TimestampGuard.of(Duration.ofDays(2))))
        .build();
  }

  private void send(int... hours) {
    for (int hour : hours) {
      stream.send(observation(0, hour));
    }
  }

  private void sendHours(int from, int to) {
    for (int hour = from; hour < to; hour++) {
      send(hour);
    }
  }

  /** Describes all forecasts: hour and bits. */
  private static List<String> forecasts(RecordedStream stream) {
    List<String> forecasts = new ArrayList<>();
    for (int i = 0; i < stream.forecasts.size(); i++) {
      var forecast = stream.published(i).forecast();
      forecasts.add(
          forecast.origin().timestampMs() / HOUR + " " + Arrays.toString(forecast.values()));
    }
    return forecasts;
  }

  private List<Long> hours() {
    List<Long> hours = new ArrayList<>();
    for (int i = 0; i < stream.forecasts.size(); i++) {
      hours.add(stream.published(i).forecast().origin().timestampMs() / HOUR);
    }
    return hours;
  }

  private void assertConsistentWith(long deadLetters) {
    VerifyReport report = stream.verify();
    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(stream.forecasts.size());
    assertThat(report.get(VerifyCount.DEAD_LETTERED)).isEqualTo(deadLetters);
    assertThat(stream.letters).hasSize((int) deadLetters);
  }

  @Test
  void deadLettersSingleJump() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    send(YEARS);
    sendHours(30, 40);
    send(YEARS + 1);
    sendHours(40, 50);

    assertConsistentWith(2);
    String why =
        new String(
            stream.letters.get(0).headers().lastHeader("__streams.errors.message").value(),
            StandardCharsets.UTF_8);
    assertThat(why).startsWith("timestamp: expected at most PT48H ahead of the series' latest one");
    try (RecordedStream without = new RecordedStream(folder.resolve("without"), policies())) {
      without.activate(1, GRU, null);
      for (int hour = 0; hour < 50; hour++) {
        without.send(observation(0, hour));
      }
      assertThat(forecasts(stream)).isEqualTo(forecasts(without));
    }
  }

  @Test
  void silentSeriesContinuesAtSecondEvent() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    sendHours(1000, 1040);

    assertThat(hours().get(30)).isEqualTo(1001L);
    assertConsistentWith(1);
  }

  @Test
  void jumpedSeriesComesBack() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    sendHours(YEARS, YEARS + 5);
    sendHours(30, 70);

    assertThat(hours()).hasSize(30 + 4 + 39);
    assertThat(hours().get(34)).isEqualTo(31L);
    assertThat(stream.published(34).forecast().origin().warm()).isFalse();
    assertThat(stream.published(72).forecast().origin().warm()).isTrue();
    assertConsistentWith(2);
  }

  @Test
  void seriesStartedAheadIsReset() {
    stream.activate(1, GRU, null);
    sendHours(YEARS, YEARS + 40);
    sendHours(0, 50);

    assertConsistentWith(1);
    try (RecordedStream without = new RecordedStream(folder.resolve("without"), policies())) {
      without.activate(1, GRU, null);
      for (int hour = 1; hour < 50; hour++) {
        without.send(observation(0, hour));
      }
      assertThat(forecasts(stream).subList(40, 89)).isEqualTo(forecasts(without));
    }
  }

  @Test
  void farBehindWithoutJumpIsLate() {
    stream.activate(1, GRU, null);
    sendHours(0, 200);
    send(1, 2, 3);

    assertThat(stream.letters).isEmpty();
    assertThat(stream.verify().get(VerifyCount.DROPPED)).isEqualTo(3);
  }

  @Test
  void otherSeriesAreUnaffected() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    send(YEARS, YEARS + 1, YEARS + 2);
    stream.sendHours(30, 60);

    assertThat(stream.epochs("series-1")).hasSize(60);
    assertThat(stream.epochs("series-2")).hasSize(60);
    assertThat(stream.epochs("series-0")).hasSize(30 + 2 + 29);
    assertConsistentWith(2);
  }

  @Test
  void rejectedTimestampDoesNotSelectVersion() {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, YEARS * HOUR);
    sendHours(0, 30);
    send(YEARS + 10);
    sendHours(30, 60);
    sendHours(YEARS, YEARS + 5);
    sendHours(60, 90);

    assertThat(stream.epochs("series-0").subList(0, 60)).containsOnly(1L);
    assertThat(stream.epochs("series-0").subList(60, 64)).containsOnly(2L);
    assertThat(stream.epochs("series-0").subList(64, 93)).containsOnly(1L);
    assertConsistentWith(3);
  }

  @Test
  void verifyFollowsOpenSteps() {
    stream.activate(1, mean(CellKind.GRU, 1), null);
    stream.sendQuarters(0, 30);
    send(YEARS);
    stream.sendQuarters(30, 40);
    send(YEARS, YEARS + 1, YEARS + 2);
    stream.sendQuarters(40, 60);

    assertConsistentWith(3);
    assertThat(hours().get(hours().size() - 1)).isEqualTo(58L);
  }

  @Test
  void verifyAgreesAfterDeletionOfEvents() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    send(YEARS);
    sendHours(30, 40);
    sendHours(YEARS, YEARS + 10);
    sendHours(40, 80);

    for (int cut = 0; cut < stream.events.size(); cut++) {
      assertConsistent(stream.verify(VerifyScope.everything(10), cut, 0));
    }
  }

  @Test
  void deletionResetsTimestampGuard() {
    RecordedStream deleting =
        new RecordedStream(
            folder.resolve("deleting"),
            StreamPoliciesBuilder.policies().series(policies().series()).nullDeletes(true).build());
    try (deleting) {
      deleting.activate(1, GRU, null);
      for (int hour = YEARS; hour < YEARS + 10; hour++) {
        deleting.send(observation(0, hour));
      }
      deleting.send("series-0", null, 0);
      for (int hour = 0; hour < 10; hour++) {
        deleting.send(observation(0, hour));
      }

      assertThat(deleting.forecasts).hasSize(20);
      assertThat(deleting.letters).isEmpty();
      assertConsistent(deleting.verify());
    }
  }
}
