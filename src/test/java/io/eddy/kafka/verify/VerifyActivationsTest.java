package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.RNN;
import static io.eddy.kafka.stream.RecordedStream.SERIES;
import static io.eddy.kafka.stream.RecordedStream.mean;
import static io.eddy.kafka.verify.AlteredForecasts.withKnown;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.stream.RecordedStream;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Scope;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verification follows activations in any order, with any scope, effective time or role. */
class VerifyActivationsTest {
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
  void agreesAcrossEveryKindOfSwitch() {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, 20 * HOUR);
    stream.sendHours(0, 40);
    stream.activate(3, GRU, null);
    stream.sendHours(40, 60);
    stream.activate(4, LSTM, 10 * HOUR);
    stream.sendHours(60, 70);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.EXPECTED)).isEqualTo(70 * SERIES);
    assertThat(report.get(VerifyCount.FOUND)).isEqualTo(70 * SERIES);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(70 * SERIES);
  }

  @Test
  void eventsBeforeFirstActivationAreDeadLetters() {
    stream.sendHours(0, 3);
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, null);
    stream.sendHours(3, 6);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.DEAD_LETTERED)).isEqualTo(3 * SERIES);
    assertThat(report.get(VerifyCount.EXPECTED)).isEqualTo(3 * SERIES);
  }

  @Test
  void eventsWithoutForecastAreLostIfVersionWasActive() {
    stream.sendHours(0, 3);
    stream.activate(1, GRU, null);

    VerifyReport report = stream.verify();

    assertThat(report.isConsistent()).isFalse();
    assertThat(report.get(VerifyCount.LOST)).isEqualTo(3 * SERIES);
    assertThat(report.differences().get(0).mismatch().found())
        .isEqualTo("none; the event was rejected because no version served it");
  }

  @Test
  void eventsBeforeEffectiveTimeAreNotLost() {
    stream.activate(1, GRU, 20 * HOUR);
    stream.sendHours(0, 3);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.DEAD_LETTERED)).isEqualTo(3 * SERIES);
  }

  @Test
  void migrationOneEventLateIsDifferent(@TempDir Path other) {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, 20 * HOUR);
    stream.sendHours(0, 40);
    try (RecordedStream unmigrated = new RecordedStream(other)) {
      unmigrated.activate(1, GRU, null);
      unmigrated.sendHours(0, 40);
      int first = 20 * SERIES + 1;
      stream.forecasts.set(first, unmigrated.forecasts.get(first));
    }

    VerifyReport report = stream.verify();

    assertThat(report.isConsistent()).isFalse();
    VerifyDifference difference = report.differences().get(0);
    assertThat(difference.event())
        .isEqualTo(new SourcePosition("sensor-events", 0, 20 * SERIES + 1));
    assertThat(difference.mismatch()).isEqualTo(Mismatch.of("knownEpoch", 2, 1));
  }

  @Test
  void lateActivationIsAcceptedUnlessInPlace() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(2, LSTM, 20 * HOUR);
    stream.sendHours(30, 40);

    VerifyReport report = stream.verify();
    assertConsistent(report);
    assertThat(report.get(VerifyCount.ACTIVATION_LATE)).isEqualTo(10 * SERIES);

    VerifyReport inPlace =
        stream.verify(new VerifyScope(null, Long.MIN_VALUE, Long.MAX_VALUE, 1, true));
    assertThat(inPlace.isConsistent()).isFalse();
    assertThat(inPlace.differences()).hasSize(1);
    assertThat(inPlace.differences().get(0).mismatch().field()).isEqualTo("epoch");
  }

  @Test
  void returnToEarlierEpochIsDifferent(@TempDir Path other) {
    stream.run();
    try (RecordedStream unmigrated = new RecordedStream(other)) {
      unmigrated.activate(1, GRU, null);
      unmigrated.sendHours(0, 40);
      int last = 40 * SERIES - 1;
      stream.forecasts.set(last, unmigrated.forecasts.get(last));
    }

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "knownEpoch");
  }

  @Test
  void wrongKnownEpochIsDifferent() {
    stream.run();
    stream.alter(30, forecast -> withKnown(forecast, new Knowledge(7, 0)));
    assertFault(stream.verify(), VerifyCount.DIFFERENT, "knownEpoch");
  }

  @Test
  void knownEpochThatDoesNotServeIsDifferent(@TempDir Path other) {
    stream.run();
    try (RecordedStream unmigrated = new RecordedStream(other)) {
      unmigrated.activate(1, GRU, null);
      unmigrated.sendHours(0, 40);
      int last = 40 * SERIES - 1;
      stream.forecasts.set(last, unmigrated.forecasts.get(last));
      stream.alter(last, forecast -> withKnown(forecast, new Knowledge(3, 0)));
    }

    assertFault(stream.verify(), VerifyCount.DIFFERENT, "epoch");
  }

  @Test
  void forecastsWithoutKnownEpochAreMatchedByEpoch() {
    stream.run();
    for (int i = 0; i < stream.forecasts.size(); i++) {
      stream.alter(i, forecast -> withKnown(forecast, Knowledge.NOT_RECORDED));
    }

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(40 * SERIES);
  }

  @Test
  void agreesAcrossRollbackWithinAggregatedStep() {
    byte[] mean = mean(CellKind.GRU, 1);
    stream.activate(1, mean, null);
    stream.activate(2, mean(CellKind.LSTM, 2), 1000 * HOUR);
    stream.sendQuarters(0, 30);
    stream.activate(3, mean(CellKind.LSTM, 2), null);
    stream.sendQuarters(30, 40);
    stream.activate(4, mean, 45 * HOUR);
    stream.sendQuarters(40, 60);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.STATE_UNKNOWN)).isZero();
    assertThat(report.get(VerifyCount.GATHERED)).isEqualTo(3 * 60 + 1);
    assertThat(report.get(VerifyCount.EXPECTED)).isEqualTo(59);
  }

  @Test
  void agreesAcrossChangeOfAggregation() {
    stream.activate(1, GRU, null);
    stream.sendQuarters(0, 30);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    stream.sendQuarters(30, 60);
    stream.activate(3, GRU, null);
    stream.sendQuarters(60, 90);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.STATE_UNKNOWN)).isLessThan(31);
  }

  @Test
  void followsReorderedReplacedAndDeletedActivations() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    stream.activate(3, LSTM, null);
    stream.sendHours(30, 32);
    stream.activate(2, RNN, null);
    stream.sendHours(32, 34);
    stream.activate(3, LSTM, null);
    stream.sendHours(34, 36);
    stream.deleteActivation(3);
    stream.sendHours(36, 38);
    stream.activate(2, GRU, 40 * HOUR);
    stream.sendHours(38, 42);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(42 * SERIES);
    assertThat(stream.epochs("series-0"))
        .hasSize(42)
        .startsWith(Collections.nCopies(30, 1L).toArray(Long[]::new))
        .endsWith(3L, 3L, 3L, 3L, 3L, 3L, 2L, 2L, 1L, 1L, 2L, 2L);
  }

  @Test
  void skipsActivationUntilVersionIsPublished() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 10);
    stream.activateUnpublished(2, LSTM);
    stream.sendHours(10, 20);
    stream.publish(LSTM);
    stream.sendHours(20, 22);
    stream.activate(3, RNN, 25 * HOUR);
    stream.sendHours(22, 30);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(30 * SERIES);
    assertThat(report.get(VerifyCount.ACTIVATION_SKIPPED)).isEqualTo(10 * SERIES);
    assertThat(new HashSet<>(stream.epochs("series-0").subList(10, 20))).containsExactly(1L);
    assertThat(new HashSet<>(stream.epochs("series-0").subList(20, 25))).containsExactly(2L);
  }

  @Test
  void followsScopesEndsAndShadows() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 30);
    Scope prefix = new Scope.Prefix("series-1");
    Scope share = new Scope.Share(500_000);
    stream.activateOn(2, LSTM, Terms.serving(prefix, null));
    stream.activateOn(3, RNN, Terms.shadowing(Scope.all(), null));
    stream.sendHours(30, 35);
    stream.activateOn(4, RNN, Terms.serving(share, 37 * HOUR));
    stream.sendHours(35, 40);
    stream.activateOn(5, LSTM, Terms.ending(prefix, Activation.Role.SERVE, 42 * HOUR));
    stream.sendHours(40, 45);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.get(VerifyCount.COMPARED)).isEqualTo(45 * SERIES);
    assertThat(new HashSet<>(stream.epochs("series-1").subList(30, 42))).containsExactly(2L);
    assertThat(stream.epochs("series-1").get(42)).isIn(1L, 4L);
    assertThat(stream.epochs("series-0").subList(30, 37)).containsOnly(1L);
  }
}
