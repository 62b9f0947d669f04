package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.RNN;
import static io.eddy.kafka.stream.RecordedStream.SERIES;
import static io.eddy.kafka.stream.RecordedStream.mean;
import static io.eddy.kafka.stream.RecordedStream.observation;
import static io.eddy.kafka.verify.AlteredForecasts.withBitFlipped;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.stream.RecordedStream;
import io.eddy.model.Covariate;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deleted records cause no differences, and everything that can be replayed is compared. */
class VerifyRetentionTest {
  @TempDir Path folder;
  private RecordedStream stream;

  @BeforeEach
  void start() {
    stream = new RecordedStream(folder);
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void deletedEventsAreUnknownUntilStateIsRebuilt() {
    stream.run();
    int cut = 5 * SERIES;

    VerifyReport report = stream.verify(VerifyScope.everything(10), cut, 0);
    assertConsistent(report);
    assertThat(report.counts())
        .containsEntry(VerifyCount.EVENT_DELETED, 5L * SERIES)
        .containsEntry(VerifyCount.STATE_UNKNOWN, 30L * SERIES)
        .containsEntry(VerifyCount.COMPARED, 5L * SERIES);

    stream.alter(32 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertConsistent(stream.verify(VerifyScope.everything(10), cut, 0));

    stream.alter(36 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.verify(VerifyScope.everything(10), cut, 0), VerifyCount.DIFFERENT, "value");
  }

  @Test
  void deletedEventsAreUnknownWithTooFewStepsLeft() {
    stream.run();

    VerifyReport report = stream.verify(VerifyScope.everything(10), 15 * SERIES, 15 * SERIES);

    assertConsistent(report);
    assertThat(report.counts())
        .containsEntry(VerifyCount.STATE_UNKNOWN, 25L * SERIES)
        .doesNotContainKeys(VerifyCount.EVENT_DELETED, VerifyCount.COMPARED);
  }

  @Test
  void deletedEventsAreKnownAfterLongGap() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 10);
    stream.sendHours(20, 30);

    VerifyReport report = stream.verify(VerifyScope.everything(10), 4 * SERIES, 0);

    assertConsistent(report);
    assertThat(report.counts())
        .containsEntry(VerifyCount.EVENT_DELETED, 4L * SERIES)
        .containsEntry(VerifyCount.STATE_UNKNOWN, 6L * SERIES)
        .containsEntry(VerifyCount.COMPARED, 10L * SERIES);
    stream.alter(19 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertFault(
        stream.verify(VerifyScope.everything(10), 4 * SERIES, 0), VerifyCount.DIFFERENT, "value");
  }

  @Test
  void deletedForecastsAreNotLost() {
    stream.run();

    VerifyReport report = stream.verify(VerifyScope.everything(10), 0, 10 * SERIES);

    assertConsistent(report);
    assertThat(report.get(VerifyCount.LOST)).isZero();
    assertThat(report.get(VerifyCount.FORECAST_DELETED)).isEqualTo(10 * SERIES);
  }

  @Test
  void deletedEventsOfAggregatedStepsAreConsistent() {
    stream.activate(1, mean(CellKind.GRU, 1), null);
    stream.sendQuarters(0, 40);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    stream.sendQuarters(40, 60);

    for (int cut = 21; cut < 26; cut++) {
      assertConsistent(stream.verify(VerifyScope.everything(10), cut, 0));
    }
    stream.alter(55, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.verify(VerifyScope.everything(10), 22, 0), VerifyCount.DIFFERENT, "value");
  }

  @Test
  void reportsRepeatedForecastWithUnknownState() {
    stream.run();
    int copied = 10 * SERIES;
    stream.append(stream.forecasts.get(copied));
    stream.forecasts.add(copied, stream.forecasts.remove(stream.forecasts.size() - 1));
    VerifyScope all = VerifyScope.everything(10);
    assertFault(stream.verify(all, 5 * SERIES, 0), VerifyCount.DUPLICATED);

    stream.alter(copied, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.verify(all, 5 * SERIES, 0), VerifyCount.DIFFERENT, "repeated forecast");
  }

  @Test
  void deletedVersionIsNotCompared() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 20);
    stream.send(observation(0, 19));
    stream.activate(2, LSTM, null);
    stream.sendHours(20, 35);
    stream.activate(3, RNN, null);
    stream.sendHours(35, 40);
    stream.retire(GRU);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.counts())
        .containsEntry(VerifyCount.VERSION_DELETED, 20L * SERIES)
        .containsEntry(VerifyCount.STATE_UNKNOWN, 15L * SERIES)
        .containsEntry(VerifyCount.COMPARED, 5L * SERIES)
        .containsEntry(VerifyCount.DROPPED, 1L);
  }

  @Test
  void replaysCovariatesAndFutureCovariates(@TempDir Path other) {
    byte[] covariates =
        Models.file(
            Models.withCovariates(
                Models.withStepsDecoder(Models.specification(CellKind.GRU, 8, 24), 5),
                Covariate.future("load")),
            3);
    try (RecordedStream with = new RecordedStream(other, List.of("load"))) {
      with.activate(1, GRU, null);
      with.activate(2, covariates, 20 * HOUR);
      with.activate(3, GRU, 50 * HOUR);
      with.activate(4, covariates, 60 * HOUR);
      for (int hour = 0; hour < 80; hour++) {
        Observation plain = observation(0, hour);
        Map<String, Double> load = hour % 5 == 4 ? Map.of() : Map.of("load", hour % 7 - 2.5);
        with.send(
            new Observation(
                plain.series(),
                plain.timestampMs(),
                plain.value(),
                new Covariates(load),
                FutureCovariates.of(Map.of("load", new double[] {hour % 3, hour % 4}))));
      }

      assertConsistent(with.verify());
      assertThat(with.verify().get(VerifyCount.COMPARED)).isEqualTo(80);

      VerifyReport cut = with.verify(VerifyScope.everything(10), 10, 0);
      assertConsistent(cut);
      assertThat(cut.get(VerifyCount.COMPARED)).isEqualTo(30);
    }
  }
}
