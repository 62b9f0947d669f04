package io.eddy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cell.CellKind;
import io.eddy.codec.ForecastCodec;
import io.eddy.codec.PublishedForecast;
import io.eddy.codec.PublishedForecast.Knowledge;
import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Activation.Terms;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Scope;
import io.eddy.model.Covariate;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.Observation;
import io.eddy.stream.AuditDifference.Mismatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stream wrote holds, and every kind of tampering comes to light alone. */
class PartitionAuditTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int SERIES = 3;
  private static final byte[] GRU = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] LSTM = Models.file(Models.specification(CellKind.LSTM, 6, 24), 2);
  private static final byte[] RNN = Models.file(Models.specification(CellKind.RNN_TANH, 5, 12), 4);

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
  void whatTheStreamWroteHoldsOverEveryKindOfSwitch() {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, 20 * HOUR);
    sendHours(0, 40);
    stream.activate(3, GRU, null);
    sendHours(40, 60);
    stream.activate(4, LSTM, 10 * HOUR);
    sendHours(60, 70);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.EXPECTED)).isEqualTo(70 * SERIES);
    assertThat(report.get(AuditFigure.FOUND)).isEqualTo(70 * SERIES);
    assertThat(report.get(AuditFigure.COMPARED)).isEqualTo(70 * SERIES);
  }

  @Test
  void eventsThatGiveNoForecastAreCountedByTheirReason() {
    stream.activate(1, GRU, 5 * HOUR);
    sendHours(0, 10);
    stream.send("series-0", "garbage".getBytes(StandardCharsets.UTF_8), 10 * HOUR);
    stream.send(observation(0, 9));
    stream.send(observation(1, 3));
    stream.send(observation(0, 60));
    sendHours(61, 64);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.figures())
        .containsEntry(AuditFigure.EVENTS, 43L)
        .containsEntry(AuditFigure.EXPECTED, 25L)
        .containsEntry(AuditFigure.DEAD_LETTERED, 17L)
        .containsEntry(AuditFigure.DROPPED, 1L);
  }

  @Test
  void eventsBeforeTheFirstActivationAreDeadLettersAndNotLost() {
    sendHours(0, 3);
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, null);
    sendHours(3, 6);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.DEAD_LETTERED)).isEqualTo(3 * SERIES);
    assertThat(report.get(AuditFigure.EXPECTED)).isEqualTo(3 * SERIES);
  }

  @Test
  void tellsOfALostForecast() {
    run();
    stream.forecasts.remove(50);

    AuditReport report = stream.audit();

    assertFault(report, AuditFigure.LOST);
    assertThat(report.differences().get(0).event())
        .isEqualTo(new SourcePosition("sensor-events", 0, 50));
    assertThat(report.differences().get(0).forecast()).isNull();
  }

  @Test
  void tellsOfAForecastThatNoVersionServedThoughNoDeadLetterSaysSo() {
    stream.activate(1, GRU, null);
    sendHours(0, 10);
    stream.forecasts.remove(0);

    assertFault(stream.audit(), AuditFigure.LOST);
  }

  @Test
  void tellsOfASecondForecastNextToTheFirstAndFarBehindIt() {
    run();
    append(stream.forecasts.get(9));
    stream.forecasts.add(10, stream.forecasts.remove(stream.forecasts.size() - 1));
    assertFault(stream.audit(), AuditFigure.DUPLICATED);

    stream.forecasts.remove(10);
    append(stream.forecasts.get(2));
    assertFault(stream.audit(), AuditFigure.DUPLICATED);
  }

  @Test
  void tellsWhichBitOfWhichValueIsAnother() {
    run();
    alter(70, forecast -> withBitFlipped(forecast, 7));

    AuditReport report = stream.audit();

    assertFault(report, AuditFigure.DIFFERENT);
    AuditDifference difference = report.differences().get(0);
    assertThat(difference.event()).isEqualTo(new SourcePosition("sensor-events", 0, 70));
    assertThat(difference.forecast()).isEqualTo(new SourcePosition("forecasts", 0, 70));
    assertThat(difference.series()).isEqualTo("series-1");
    assertThat(difference.mismatch().step()).isEqualTo(3);
    assertThat(difference.mismatch().level()).isEqualTo(0.5);
    assertThat(difference.mismatch().expected()).startsWith("0x");
  }

  @Test
  void furtherForecastFarBehindWithOtherBitsIsADifference() {
    run();
    append(stream.forecasts.get(5));
    alter(stream.forecasts.size() - 1, forecast -> withBitFlipped(forecast, 0));

    assertFault(stream.audit(), AuditFigure.DIFFERENT);
  }

  @Test
  void oneWrongEpochIsOneDifference() {
    run();
    alter(30, published -> withServed(published, new Forecast.Served(ModelVersion.of(GRU), 9)));
    assertFault(stream.audit(), AuditFigure.DIFFERENT, "epoch");

    alter(30, published -> withServed(published, new Forecast.Served(ModelVersion.of(LSTM), 3)));
    assertFault(stream.audit(), AuditFigure.DIFFERENT, "epoch");

    alter(30, published -> withServed(published, new Forecast.Served(ModelVersion.of(LSTM), 1)));
    assertFault(stream.audit(), AuditFigure.DIFFERENT, "version");
  }

  @Test
  void wrongSourceLeavesItsEventWithoutAForecast() {
    run();
    alter(40, forecast -> withSource(forecast, new SourcePosition("sensor-events", 0, 1_000_000)));
    assertThat(stream.audit().figures())
        .containsEntry(AuditFigure.LOST, 1L)
        .containsEntry(AuditFigure.UNEXPECTED, 1L)
        .doesNotContainKey(AuditFigure.DIFFERENT);

    alter(40, forecast -> withSource(forecast, new SourcePosition("other", 0, 40)));
    assertThat(stream.audit().figures())
        .containsEntry(AuditFigure.LOST, 1L)
        .containsEntry(AuditFigure.UNEXPECTED, 1L);
  }

  @Test
  void forecastOfAnotherSeriesOrOfNoEventIsToldOf() {
    run();
    ConsumerRecord<byte[], byte[]> record = stream.forecasts.get(40);
    stream.forecasts.set(
        40,
        RecordedStream.record(
            record.topic(),
            40,
            record.timestamp(),
            "series-9".getBytes(StandardCharsets.UTF_8),
            record.value()));
    assertFault(stream.audit(), AuditFigure.DIFFERENT, "series");

    stream.forecasts.set(40, record);
    stream.forecasts.add(
        RecordedStream.record("forecasts", 999, HOUR, record.key(), new byte[] {1, 2}));
    assertFault(stream.audit(), AuditFigure.UNEXPECTED);
  }

  @Test
  void seriesThatMovesOneEventLateIsADifference(@TempDir Path other) {
    stream.activate(1, GRU, null);
    stream.activate(2, LSTM, 20 * HOUR);
    sendHours(0, 40);
    try (RecordedStream unmoved = new RecordedStream(other)) {
      unmoved.activate(1, GRU, null);
      sendHours(unmoved, 0, 40);
      int first = 20 * SERIES + 1;
      stream.forecasts.set(first, unmoved.forecasts.get(first));
    }

    AuditReport report = stream.audit();

    assertThat(report.isAgreed()).isFalse();
    AuditDifference difference = report.differences().get(0);
    assertThat(difference.event())
        .isEqualTo(new SourcePosition("sensor-events", 0, 20 * SERIES + 1));
    assertThat(difference.mismatch()).isEqualTo(Mismatch.of("knownEpoch", 2, 1));
  }

  @Test
  void activationThatCameAfterEventsOfItsTimeIsFollowedUnlessAllAreInPlace() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    stream.activate(2, LSTM, 20 * HOUR);
    sendHours(30, 40);

    AuditReport report = stream.audit();
    assertAgreed(report);
    assertThat(report.get(AuditFigure.BEFORE_ARRIVAL)).isEqualTo(10 * SERIES);

    AuditReport inPlace =
        stream.audit(new AuditScope(null, Long.MIN_VALUE, Long.MAX_VALUE, 1, true));
    assertThat(inPlace.isAgreed()).isFalse();
    assertThat(inPlace.differences()).hasSize(1);
    assertThat(inPlace.differences().get(0).mismatch().field()).isEqualTo("epoch");
  }

  @Test
  void epochThatServesNoLongerIsADifferenceWhereItServesAgain(@TempDir Path other) {
    run();
    try (RecordedStream unmoved = new RecordedStream(other)) {
      unmoved.activate(1, GRU, null);
      sendHours(unmoved, 0, 40);
      int last = 40 * SERIES - 1;
      stream.forecasts.set(last, unmoved.forecasts.get(last));
    }

    assertFault(stream.audit(), AuditFigure.DIFFERENT, "knownEpoch");
  }

  @Test
  void forecastThatSaysItKnewAnotherEpochIsADifference() {
    run();
    alter(30, forecast -> withKnown(forecast, new Knowledge(7, 0)));
    assertFault(stream.audit(), AuditFigure.DIFFERENT, "knownEpoch");
  }

  @Test
  void epochThatIsKnownAndDoesNotServeIsADifference(@TempDir Path other) {
    run();
    try (RecordedStream unmoved = new RecordedStream(other)) {
      unmoved.activate(1, GRU, null);
      sendHours(unmoved, 0, 40);
      int last = 40 * SERIES - 1;
      stream.forecasts.set(last, unmoved.forecasts.get(last));
      alter(last, forecast -> withKnown(forecast, new Knowledge(3, 0)));
    }

    assertFault(stream.audit(), AuditFigure.DIFFERENT, "epoch");
  }

  @Test
  void forecastsThatDoNotTellWhatWasKnownAreTakenByTheirEpochs() {
    run();
    for (int i = 0; i < stream.forecasts.size(); i++) {
      alter(i, forecast -> withKnown(forecast, Knowledge.NOT_RECORDED));
    }

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.COMPARED)).isEqualTo(40 * SERIES);
  }

  @Test
  void deletedBeginIsNotDerivableUntilNewWeightsRebuildTheState() {
    run();
    int cut = 5 * SERIES;

    AuditReport report = stream.audit(AuditScope.everything(10), cut, 0);
    assertAgreed(report);
    assertThat(report.figures())
        .containsEntry(AuditFigure.EVENT_DELETED, 5L * SERIES)
        .containsEntry(AuditFigure.STATE_UNKNOWN, 30L * SERIES)
        .containsEntry(AuditFigure.COMPARED, 5L * SERIES);

    alter(32 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertAgreed(stream.audit(AuditScope.everything(10), cut, 0));

    alter(36 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.audit(AuditScope.everything(10), cut, 0), AuditFigure.DIFFERENT, "value");
  }

  @Test
  void deletedBeginIsNotDerivableWhereTooFewStepsAreLeftToRebuildFrom() {
    run();

    AuditReport report = stream.audit(AuditScope.everything(10), 15 * SERIES, 15 * SERIES);

    assertAgreed(report);
    assertThat(report.figures())
        .containsEntry(AuditFigure.STATE_UNKNOWN, 25L * SERIES)
        .doesNotContainKeys(AuditFigure.EVENT_DELETED, AuditFigure.COMPARED);
  }

  @Test
  void deletedBeginIsDerivableFromALongGapOn() {
    stream.activate(1, GRU, null);
    sendHours(0, 10);
    sendHours(20, 30);

    AuditReport report = stream.audit(AuditScope.everything(10), 4 * SERIES, 0);

    assertAgreed(report);
    assertThat(report.figures())
        .containsEntry(AuditFigure.EVENT_DELETED, 4L * SERIES)
        .containsEntry(AuditFigure.STATE_UNKNOWN, 6L * SERIES)
        .containsEntry(AuditFigure.COMPARED, 10L * SERIES);
    alter(19 * SERIES, forecast -> withBitFlipped(forecast, 0));
    assertFault(
        stream.audit(AuditScope.everything(10), 4 * SERIES, 0), AuditFigure.DIFFERENT, "value");
  }

  @Test
  void deletedForecastsAreNotLost() {
    run();

    AuditReport report = stream.audit(AuditScope.everything(10), 0, 10 * SERIES);

    assertAgreed(report);
    assertThat(report.get(AuditFigure.LOST)).isZero();
    assertThat(report.get(AuditFigure.FORECAST_DELETED)).isEqualTo(10 * SERIES);
  }

  @Test
  void stepsThatGatherTheirEventsHoldOverARollbackBetweenTwoForecasts() {
    byte[] mean = mean(CellKind.GRU, 1);
    stream.activate(1, mean, null);
    stream.activate(2, mean(CellKind.LSTM, 2), 1000 * HOUR);
    sendQuarters(0, 30);
    stream.activate(3, mean(CellKind.LSTM, 2), null);
    sendQuarters(30, 40);
    stream.activate(4, mean, 45 * HOUR);
    sendQuarters(40, 60);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.STATE_UNKNOWN)).isZero();
    assertThat(report.get(AuditFigure.GATHERED)).isEqualTo(3 * 60 + 1);
    assertThat(report.get(AuditFigure.EXPECTED)).isEqualTo(59);
  }

  @Test
  void deletedBeginOfGatheredStepsIsNoDifference() {
    stream.activate(1, mean(CellKind.GRU, 1), null);
    sendQuarters(0, 40);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    sendQuarters(40, 60);

    for (int cut = 21; cut < 26; cut++) {
      assertAgreed(stream.audit(AuditScope.everything(10), cut, 0));
    }
    alter(55, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.audit(AuditScope.everything(10), 22, 0), AuditFigure.DIFFERENT, "value");
  }

  @Test
  void stepsOfAnotherKindThatBeginAtOnceAreNoDifference() {
    stream.activate(1, GRU, null);
    sendQuarters(0, 30);
    stream.activate(2, mean(CellKind.LSTM, 2), null);
    sendQuarters(30, 60);
    stream.activate(3, GRU, null);
    sendQuarters(60, 90);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.STATE_UNKNOWN)).isLessThan(31);
  }

  @Test
  void comparesNoMoreThanAskedFor() {
    run();
    alter(30, forecast -> withBitFlipped(forecast, 0));
    alter(91, forecast -> withBitFlipped(forecast, 0));

    assertAgreed(
        stream.audit(new AuditScope("series-2", Long.MIN_VALUE, Long.MAX_VALUE, 9, false)));
    assertFault(
        stream.audit(new AuditScope("series-0", Long.MIN_VALUE, Long.MAX_VALUE, 9, false)),
        AuditFigure.DIFFERENT);
    assertAgreed(stream.audit(new AuditScope(null, 11 * HOUR, 30 * HOUR, 9, false)));
    assertFault(
        stream.audit(new AuditScope(null, 11 * HOUR, 31 * HOUR, 9, false)), AuditFigure.DIFFERENT);
  }

  @Test
  void furtherForecastOfOtherBitsIsADifferenceAlsoWhereTheStateIsNotKnown() {
    run();
    int copied = 10 * SERIES;
    append(stream.forecasts.get(copied));
    stream.forecasts.add(copied, stream.forecasts.remove(stream.forecasts.size() - 1));
    AuditScope all = AuditScope.everything(10);
    assertFault(stream.audit(all, 5 * SERIES, 0), AuditFigure.DUPLICATED);

    alter(copied, forecast -> withBitFlipped(forecast, 0));
    assertFault(stream.audit(all, 5 * SERIES, 0), AuditFigure.DIFFERENT, "a further forecast");
  }

  @Test
  void activationsOutOfOrderTwiceReplacedAndTakenBackAreFollowed() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    stream.activate(3, LSTM, null);
    sendHours(30, 32);
    stream.activate(2, RNN, null);
    sendHours(32, 34);
    stream.activate(3, LSTM, null);
    sendHours(34, 36);
    stream.takeBack(3);
    sendHours(36, 38);
    stream.activate(2, GRU, 40 * HOUR);
    sendHours(38, 42);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.COMPARED)).isEqualTo(42 * SERIES);
    assertThat(epochs("series-0"))
        .hasSize(42)
        .startsWith(Collections.nCopies(30, 1L).toArray(Long[]::new))
        .endsWith(3L, 3L, 3L, 3L, 3L, 3L, 2L, 2L, 1L, 1L, 2L, 2L);
  }

  @Test
  void activationWhoseVersionComesLaterIsPassedOverUntilThen() {
    stream.activate(1, GRU, null);
    sendHours(0, 10);
    stream.activateUnpublished(2, LSTM);
    sendHours(10, 20);
    stream.publish(LSTM);
    sendHours(20, 22);
    stream.activate(3, RNN, 25 * HOUR);
    sendHours(22, 30);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.COMPARED)).isEqualTo(30 * SERIES);
    assertThat(report.get(AuditFigure.PASSED_OVER)).isEqualTo(10 * SERIES);
    assertThat(new HashSet<>(epochs("series-0").subList(10, 20))).containsExactly(1L);
    assertThat(new HashSet<>(epochs("series-0").subList(20, 25))).containsExactly(2L);
  }

  @Test
  void scopesTheirEndsAndShadowsAreFollowed() {
    stream.activate(1, GRU, null);
    sendHours(0, 30);
    Scope one = new Scope.Prefix("series-1");
    Scope some = new Scope.Share(500_000);
    stream.activateOn(2, LSTM, Terms.serving(one, null));
    stream.activateOn(3, RNN, Terms.shadowing(Scope.all(), null));
    sendHours(30, 35);
    stream.activateOn(4, RNN, Terms.serving(some, 37 * HOUR));
    sendHours(35, 40);
    stream.activateOn(5, LSTM, Terms.ending(one, Activation.Role.SERVE, 42 * HOUR));
    sendHours(40, 45);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.get(AuditFigure.COMPARED)).isEqualTo(45 * SERIES);
    assertThat(new HashSet<>(epochs("series-1").subList(30, 42))).containsExactly(2L);
    assertThat(epochs("series-1").get(42)).isIn(1L, 4L);
    assertThat(epochs("series-0").subList(30, 37)).containsOnly(1L);
  }

  @Test
  void versionThatIsNoLongerKeptIsNotDerivableAndNoDifference() {
    stream.activate(1, GRU, null);
    sendHours(0, 20);
    stream.send(observation(0, 19));
    stream.activate(2, LSTM, null);
    sendHours(20, 35);
    stream.activate(3, RNN, null);
    sendHours(35, 40);
    stream.retire(GRU);

    AuditReport report = stream.audit();

    assertAgreed(report);
    assertThat(report.figures())
        .containsEntry(AuditFigure.VERSION_DELETED, 20L * SERIES)
        .containsEntry(AuditFigure.STATE_UNKNOWN, 15L * SERIES)
        .containsEntry(AuditFigure.COMPARED, 5L * SERIES)
        .containsEntry(AuditFigure.DROPPED, 1L);
  }

  @Test
  void covariatesOfTheEventsAreReplayed(@TempDir Path other) {
    byte[] covariates =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.GRU, 8, 24), Covariate.past("load")),
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
                plain.series(), plain.timestampMs(), plain.value(), new Covariates(load)));
      }

      assertAgreed(with.audit());
      assertThat(with.audit().get(AuditFigure.COMPARED)).isEqualTo(80);

      AuditReport cut = with.audit(AuditScope.everything(10), 10, 0);
      assertAgreed(cut);
      assertThat(cut.get(AuditFigure.COMPARED)).isEqualTo(30);
    }
  }

  /** Forty hours; new weights for all from hour 35 on. */
  private void run() {
    stream.activate(1, GRU, null);
    sendHours(0, 35);
    stream.activate(2, LSTM, null);
    sendHours(35, 38);
    stream.activate(3, LSTM, null);
    sendHours(38, 40);
  }

  /** The epochs that served a series, forecast by forecast. */
  private List<Long> epochs(String series) {
    ForecastCodec codec = new ForecastCodec();
    return stream.forecasts.stream()
        .map(one -> codec.decode(new String(one.key(), StandardCharsets.UTF_8), one.value()))
        .map(published -> published.forecast().origin())
        .filter(origin -> origin.series().equals(series))
        .map(origin -> origin.served().epoch())
        .toList();
  }

  private static byte[] mean(CellKind kind, long seed) {
    return Models.file(Models.specification(kind, 6, 12, Aggregation.MEAN), seed);
  }

  private void sendHours(int from, int to) {
    sendHours(stream, from, to);
  }

  private static void sendHours(RecordedStream stream, int from, int to) {
    for (int hour = from; hour < to; hour++) {
      for (int series = 0; series < SERIES; series++) {
        stream.send(observation(series, hour));
      }
    }
  }

  private void sendQuarters(int from, int to) {
    for (int hour = from; hour < to; hour++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        Observation whole = observation(0, hour);
        stream.send(
            new Observation(
                whole.series(), whole.timestampMs() + quarter * HOUR / 4, whole.value() + quarter));
      }
    }
  }

  private static Observation observation(int series, int hour) {
    double value = 10 * series + 3 * StrictMath.sin((hour + series) / 4.0);
    return new Observation("series-" + series, hour * HOUR, value);
  }

  private void append(ConsumerRecord<byte[], byte[]> record) {
    stream.forecasts.add(
        RecordedStream.record(
            record.topic(), 10_000, record.timestamp(), record.key(), record.value()));
  }

  private void alter(int index, UnaryOperator<PublishedForecast> change) {
    ForecastCodec codec = new ForecastCodec();
    ConsumerRecord<byte[], byte[]> record = stream.forecasts.get(index);
    String series = new String(record.key(), StandardCharsets.UTF_8);
    stream.forecasts.set(
        index,
        RecordedStream.record(
            record.topic(),
            record.offset(),
            record.timestamp(),
            record.key(),
            codec.encode(change.apply(codec.decode(series, record.value())))));
  }

  private static PublishedForecast withBitFlipped(PublishedForecast published, int index) {
    float[] values = published.forecast().values().clone();
    values[index] = Float.intBitsToFloat(Float.floatToRawIntBits(values[index]) ^ 1);
    return with(published, published.forecast().origin(), values);
  }

  private static PublishedForecast withServed(PublishedForecast published, Forecast.Served served) {
    Forecast.Origin origin = published.forecast().origin();
    return with(
        published,
        new Forecast.Origin(
            origin.series(), origin.timestampMs(), origin.intervalMs(), served, origin.warm()),
        published.forecast().values());
  }

  private static PublishedForecast withKnown(PublishedForecast published, Knowledge known) {
    return new PublishedForecast(
        published.forecast(), published.model(), published.source(), known);
  }

  private static PublishedForecast with(
      PublishedForecast published, Forecast.Origin origin, float[] values) {
    Forecast forecast = published.forecast();
    return new PublishedForecast(
        new Forecast(origin, forecast.quantileLevels(), forecast.classes(), values),
        published.model(),
        published.source(),
        published.known());
  }

  private static PublishedForecast withSource(PublishedForecast published, SourcePosition source) {
    return new PublishedForecast(
        published.forecast(), published.model(), source, published.known());
  }

  private static void assertAgreed(AuditReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isAgreed()).isTrue();
  }

  /** That is the one thing there is. */
  private static void assertFault(AuditReport report, AuditFigure kind) {
    assertThat(report.differences()).extracting(AuditDifference::kind).containsExactly(kind);
    assertThat(report.figures()).contains(Map.entry(kind, 1L));
    assertThat(report.isAgreed()).isFalse();
  }

  private static void assertFault(AuditReport report, AuditFigure kind, String field) {
    assertFault(report, kind);
    assertThat(report.differences())
        .extracting(difference -> difference.mismatch().field())
        .isEqualTo(List.of(field));
  }
}
