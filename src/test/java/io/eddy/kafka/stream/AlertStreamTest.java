package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAlert;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertStreamTest {
  private static final String RULES =
      "hot: pump-* > 30 within PT6H with probability 0.6, boiler outside -5..70";
  private static final LatenessPolicy REVISING =
      new LatenessPolicy(Duration.ZERO, 64, true, 24, Duplicates.FIRST);

  @TempDir Path folder;

  @Test
  void firesAndClearsInStreamAndVerifies() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);

      assertThat(alerts(stream))
          .extracting(
              published -> published.alert().rule().name(),
              published -> published.alert().origin().series(),
              published -> published.alert().change())
          .contains(
              org.assertj.core.groups.Tuple.tuple("hot", "pump-1", Change.FIRED),
              org.assertj.core.groups.Tuple.tuple("hot", "pump-1", Change.CLEARED))
          .doesNotHaveDuplicates();
      assertThat(alerts(stream)).extracting(this::series).containsOnly("pump-1");
      VerifyReport report = stream.verify();
      assertThat(report.isConsistent()).as(report.toString()).isTrue();
      assertThat(report.get(VerifyCount.ALERTS)).isEqualTo(2);
    }
  }

  @Test
  void alertNamesItsEventAndVersion() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);

      PublishedAlert fired = alerts(stream).get(0);
      Alert alert = fired.alert();
      ConsumerRecord<byte[], byte[]> event = stream.events.get((int) fired.source().offset());
      assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo("pump-1");
      assertThat(alert.origin().timestampMs()).isEqualTo(event.timestamp());
      assertThat(alert.origin().served().epoch()).isIn(1L, 2L);
      assertThat(alert.outlook().crossingMs()).isGreaterThan(alert.origin().timestampMs());
    }
  }

  @Test
  void revisionsAndProvisionalForecastsVerify() {
    try (RecordedStream stream = new RecordedStream(folder, policies(REVISING))) {
      run(stream);
      stream.send(new Observation("pump-1", 158 * HOUR + 1, 31));

      assertThat(alerts(stream)).isNotEmpty();
      assertThat(stream.verify().isConsistent()).isTrue();
    }
  }

  @Test
  void verifyReportsEachFault() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);
      ConsumerRecord<byte[], byte[]> fired = stream.alerts.remove(0);
      assertFault(stream, VerifyCount.LOST);

      stream.alerts.add(0, fired);
      stream.alerts.add(0, fired);
      assertFault(stream, VerifyCount.UNEXPECTED);

      stream.alerts.remove(0);
      stream.alerts.set(0, altered(fired));
      assertFault(stream, VerifyCount.DIFFERENT);

      stream.alerts.set(0, RecordedStream.record("alerts", 0, 0, fired.key(), new byte[] {1}));
      VerifyReport report = stream.verify();
      assertThat(report.get(VerifyCount.UNEXPECTED)).isOne();
      assertThat(report.get(VerifyCount.LOST)).isOne();
    }
  }

  @Test
  void alertsOfOtherRulesAreNoFaults() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);
      stream.alerts.replaceAll(record -> withRule(record, "earlier"));

      VerifyReport report = stream.verify();

      assertThat(report.isConsistent()).as(report.toString()).isTrue();
      assertThat(report.get(VerifyCount.ALERTS_OF_OTHER_RULES)).isEqualTo(stream.alerts.size());
      assertThat(report.get(VerifyCount.ALERTS_BEFORE_RULES)).isEqualTo(stream.alerts.size());
    }
  }

  @Test
  void alertMissingAfterOtherRulesIsLost() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);
      stream.alerts.set(0, withRule(stream.alerts.get(0), "earlier"));
      stream.alerts.remove(1);

      VerifyReport report = stream.verify();

      assertThat(report.get(VerifyCount.ALERTS_OF_OTHER_RULES)).isOne();
      assertThat(report.get(VerifyCount.LOST)).isOne();
    }
  }

  @Test
  void alertsAreNotComparedIfFirstEventsAreDeleted() {
    try (RecordedStream stream = new RecordedStream(folder, policies(LatenessPolicy.IN_ORDER))) {
      run(stream);

      VerifyReport report = stream.verify(io.eddy.kafka.verify.VerifyScope.everything(10), 30, 0);

      assertThat(report.isConsistent()).as(report.toString()).isTrue();
      assertThat(report.get(VerifyCount.ALERTS)).isZero();
    }
  }

  private static StreamPolicies policies(LatenessPolicy lateness) {
    return StreamPoliciesBuilder.policies().lateness(lateness).alerts(RULES).build();
  }

  /** Sends a ramp up to 60 and down again, and a second series, with a change of the version. */
  private static void run(RecordedStream stream) {
    stream.activate(1, GRU, null);
    for (int hour = 0; hour < 160; hour++) {
      if (hour == 20) {
        stream.activate(2, LSTM, null);
      }
      double value = hour < 60 ? hour : Math.max(0, 120 - hour);
      stream.send(new Observation("pump-1", hour * HOUR, value));
      stream.send(new Observation("boiler", hour * HOUR, 20 + hour % 3));
    }
  }

  private static void assertFault(RecordedStream stream, VerifyCount fault) {
    VerifyReport report = stream.verify();
    assertThat(report.get(fault)).as(report.toString()).isOne();
    assertThat(report.differences()).hasSize(1);
  }

  private static ConsumerRecord<byte[], byte[]> withRule(
      ConsumerRecord<byte[], byte[]> record, String name) {
    return changed(
        record,
        alert ->
            new Alert(
                alert.change(),
                new Alert.Rule(name, alert.rule().text(), alert.rule().thresholds()),
                alert.origin(),
                alert.firedMs(),
                alert.outlook(),
                alert.reason()));
  }

  private static ConsumerRecord<byte[], byte[]> altered(ConsumerRecord<byte[], byte[]> record) {
    return changed(record, AlertStreamTest::altered);
  }

  private static Alert altered(Alert alert) {
    Alert.Outlook outlook =
        new Alert.Outlook(
            Math.nextUp(alert.outlook().probability()),
            alert.outlook().crossingMs(),
            alert.outlook().median());
    return new Alert(
        alert.change(), alert.rule(), alert.origin(), alert.firedMs(), outlook, alert.reason());
  }

  private static ConsumerRecord<byte[], byte[]> changed(
      ConsumerRecord<byte[], byte[]> record, UnaryOperator<Alert> change) {
    AlertCodec codec = new AlertCodec(OutputFormat.DEFAULT, "alerts");
    PublishedAlert published = codec.decode("pump-1", record.value());
    return RecordedStream.record(
        record.topic(),
        record.offset(),
        record.timestamp(),
        record.key(),
        codec.encode(
            new PublishedAlert(
                change.apply(published.alert()),
                published.model(),
                new SourcePosition("sensor-events", 0, published.source().offset()))));
  }

  private String series(PublishedAlert published) {
    return published.alert().origin().series();
  }

  private static List<PublishedAlert> alerts(RecordedStream stream) {
    AlertCodec codec = new AlertCodec(OutputFormat.DEFAULT, "alerts");
    return stream.alerts.stream()
        .map(
            record ->
                codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value()))
        .toList();
  }
}
