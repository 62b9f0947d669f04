package io.eddy.kafka.verify;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static io.eddy.kafka.stream.RecordedStream.observation;
import static io.eddy.kafka.verify.AlteredForecasts.withBitFlipped;
import static io.eddy.kafka.verify.AlteredForecasts.withServed;
import static io.eddy.kafka.verify.AlteredForecasts.withSource;
import static io.eddy.kafka.verify.ReportAssertions.assertConsistent;
import static io.eddy.kafka.verify.ReportAssertions.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.stream.RecordedStream;
import io.eddy.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every alteration of the forecasts topic is reported as exactly one difference. */
class PartitionVerifierTest {
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
  void countsEventsWithoutForecastByReason() {
    stream.activate(1, GRU, 5 * HOUR);
    stream.sendHours(0, 10);
    stream.send("series-0", "garbage".getBytes(StandardCharsets.UTF_8), 10 * HOUR);
    stream.send(observation(0, 9));
    stream.send(observation(1, 3));
    stream.send(observation(0, 60));
    stream.sendHours(61, 64);

    VerifyReport report = stream.verify();

    assertConsistent(report);
    assertThat(report.counts())
        .containsEntry(VerifyCount.EVENTS, 43L)
        .containsEntry(VerifyCount.EXPECTED, 25L)
        .containsEntry(VerifyCount.DEAD_LETTERED, 17L)
        .containsEntry(VerifyCount.DROPPED, 1L);
  }

  @Test
  void reportsLostForecast() {
    stream.run();
    stream.forecasts.remove(50);

    VerifyReport report = stream.verify();

    assertFault(report, VerifyCount.LOST);
    assertThat(report.differences().get(0).event())
        .isEqualTo(new SourcePosition("sensor-events", 0, 50));
    assertThat(report.differences().get(0).forecast()).isNull();
  }

  @Test
  void reportsLostForecastOfFirstEvent() {
    stream.activate(1, GRU, null);
    stream.sendHours(0, 10);
    stream.forecasts.remove(0);

    assertFault(stream.verify(), VerifyCount.LOST);
  }

  @Test
  void reportsDuplicateNearAndFarBehind() {
    stream.run();
    stream.append(stream.forecasts.get(9));
    stream.forecasts.add(10, stream.forecasts.remove(stream.forecasts.size() - 1));
    assertFault(stream.verify(), VerifyCount.DUPLICATED);

    stream.forecasts.remove(10);
    stream.append(stream.forecasts.get(2));
    assertFault(stream.verify(), VerifyCount.DUPLICATED);
  }

  @Test
  void reportsStepAndLevelOfFlippedBit() {
    stream.run();
    stream.alter(70, forecast -> withBitFlipped(forecast, 7));

    VerifyReport report = stream.verify();

    assertFault(report, VerifyCount.DIFFERENT);
    VerifyDifference difference = report.differences().get(0);
    assertThat(difference.event()).isEqualTo(new SourcePosition("sensor-events", 0, 70));
    assertThat(difference.forecast()).isEqualTo(new SourcePosition("forecasts", 0, 70));
    assertThat(difference.series()).isEqualTo("series-1");
    assertThat(difference.mismatch().step()).isEqualTo(3);
    assertThat(difference.mismatch().level()).isEqualTo(0.5);
    assertThat(difference.mismatch().expected()).startsWith("0x");
  }

  @Test
  void repeatedForecastWithOtherBitsIsDifferent() {
    stream.run();
    stream.append(stream.forecasts.get(5));
    stream.alter(stream.forecasts.size() - 1, forecast -> withBitFlipped(forecast, 0));

    assertFault(stream.verify(), VerifyCount.DIFFERENT);
  }

  @Test
  void wrongEpochIsOneDifference() {
    stream.run();
    stream.alter(
        30, published -> withServed(published, new Forecast.Served(ModelVersion.of(GRU), 9)));
    assertFault(stream.verify(), VerifyCount.DIFFERENT, "epoch");

    stream.alter(
        30, published -> withServed(published, new Forecast.Served(ModelVersion.of(LSTM), 3)));
    assertFault(stream.verify(), VerifyCount.DIFFERENT, "epoch");

    stream.alter(
        30, published -> withServed(published, new Forecast.Served(ModelVersion.of(LSTM), 1)));
    assertFault(stream.verify(), VerifyCount.DIFFERENT, "version");
  }

  @Test
  void wrongSourceIsLostAndUnexpected() {
    stream.run();
    stream.alter(
        40, forecast -> withSource(forecast, new SourcePosition("sensor-events", 0, 1_000_000)));
    assertThat(stream.verify().counts())
        .containsEntry(VerifyCount.LOST, 1L)
        .containsEntry(VerifyCount.UNEXPECTED, 1L)
        .doesNotContainKey(VerifyCount.DIFFERENT);

    stream.alter(40, forecast -> withSource(forecast, new SourcePosition("other", 0, 40)));
    assertThat(stream.verify().counts())
        .containsEntry(VerifyCount.LOST, 1L)
        .containsEntry(VerifyCount.UNEXPECTED, 1L);
  }

  @Test
  void reportsWrongSeriesAndUnreadableRecord() {
    stream.run();
    ConsumerRecord<byte[], byte[]> record = stream.forecasts.get(40);
    stream.forecasts.set(
        40,
        RecordedStream.record(
            record.topic(),
            40,
            record.timestamp(),
            "series-9".getBytes(StandardCharsets.UTF_8),
            record.value()));
    assertFault(stream.verify(), VerifyCount.DIFFERENT, "series");

    stream.forecasts.set(40, record);
    stream.forecasts.add(
        RecordedStream.record("forecasts", 999, HOUR, record.key(), new byte[] {1, 2}));
    assertFault(stream.verify(), VerifyCount.UNEXPECTED);
  }

  @Test
  void comparesOnlyTheScope() {
    stream.run();
    stream.alter(30, forecast -> withBitFlipped(forecast, 0));
    stream.alter(91, forecast -> withBitFlipped(forecast, 0));

    assertConsistent(
        stream.verify(new VerifyScope("series-2", Long.MIN_VALUE, Long.MAX_VALUE, 9, false)));
    assertFault(
        stream.verify(new VerifyScope("series-0", Long.MIN_VALUE, Long.MAX_VALUE, 9, false)),
        VerifyCount.DIFFERENT);
    assertConsistent(stream.verify(new VerifyScope(null, 11 * HOUR, 30 * HOUR, 9, false)));
    assertFault(
        stream.verify(new VerifyScope(null, 11 * HOUR, 31 * HOUR, 9, false)),
        VerifyCount.DIFFERENT);
  }
}
