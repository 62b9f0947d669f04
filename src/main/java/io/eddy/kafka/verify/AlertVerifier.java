package io.eddy.kafka.verify;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.PublishedAlert;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Compares the alerts of one partition with those that the replay gives. Alerts are written in the
 * order of their events.
 *
 * <p>Alerts of rules that are not in the settings were given by earlier rules. Up to the last such
 * alert, the alerts of the present rules are not expected.
 */
final class AlertVerifier {
  private final Iterator<ConsumerRecord<byte[], byte[]>> records;
  private final StreamSettings stream;
  private final AlertCodec codec;
  private final PartitionReport report;

  /** Offset of the event of the first retained alert; earlier alerts may have been deleted. */
  private final long retainedFrom;

  private @Nullable RecordedAlert next;

  /** Offset of the event of the last alert that other rules gave. */
  private long otherRulesUntil = Long.MIN_VALUE;

  /** The alerts that the topic lacks. */
  private final List<Missing> missing = new ArrayList<>();

  private record Missing(SourcePosition event, String series, Alert alert) {}

  /** The alerts of the present event. */
  private final List<RecordedAlert> found = new ArrayList<>();

  /**
   * Creates a verifier.
   *
   * @param records of the alerts topic
   * @param isTruncated whether retention deleted alerts
   */
  AlertVerifier(
      Iterator<ConsumerRecord<byte[], byte[]>> records,
      boolean isTruncated,
      StreamSettings stream,
      PartitionReport report) {
    this.records = records;
    this.stream = stream;
    this.report = report;
    String topic = stream.topics().alerts();
    codec = new AlertCodec(stream.output(), topic == null ? "" : topic);
    advance();
    retainedFrom =
        !isTruncated ? Long.MIN_VALUE : next == null ? Long.MAX_VALUE : next.sourceOffset();
  }

  private void advance() {
    next = null;
    while (next == null && records.hasNext()) {
      next = decode(records.next());
    }
  }

  private @Nullable RecordedAlert decode(ConsumerRecord<byte[], byte[]> record) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    String series = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    byte[] value = record.value() == null ? new byte[0] : record.value();
    try {
      PublishedAlert published = codec.decode(series, value);
      SourcePosition source = published.source();
      if (source.topic().equals(stream.topics().source())
          && source.partition() == record.partition()) {
        return new RecordedAlert(position, record.timestamp(), published);
      }
      report.unexpected(
          new RecordedAlert(position, record.timestamp(), published),
          Mismatch.of("alert", "an event of this partition", source));
    } catch (InvalidRecordException e) {
      report.notAnAlert(series, record.timestamp(), position, String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** Moves to an event; reports the alerts of earlier events that were not taken. */
  void moveTo(long offset) {
    reportUnexpected();
    while (next != null && next.sourceOffset() <= offset) {
      if (next.sourceOffset() == offset) {
        found.add(next);
      } else {
        unexpected(next);
      }
      advance();
    }
  }

  /** Compares the alerts of a series at the present event. */
  void compare(SourcePosition event, String series, List<Alert> expected) {
    for (Alert alert : expected) {
      PublishedAlert published = new PublishedAlert(recorded(alert), stream.model(), event);
      RecordedAlert match = take(series, alert.rule().name());
      if (match != null) {
        Mismatch mismatch = mismatch(published, match.published());
        report.compared(match, mismatch);
      } else if (event.offset() >= retainedFrom) {
        missing.add(new Missing(event, series, alert));
      }
    }
  }

  private void unexpected(RecordedAlert recorded) {
    Alert alert = recorded.published().alert();
    if (isOfPresentRules(alert.rule())) {
      report.unexpected(recorded, Mismatch.of("alert", "none", describe(alert)));
    } else {
      otherRulesUntil = Math.max(otherRulesUntil, recorded.sourceOffset());
      report.ofOtherRules(recorded);
    }
  }

  private boolean isOfPresentRules(Alert.Rule rule) {
    return stream.policies().alerts().contains(rule);
  }

  /** Accepts the alerts of a series at the present event, because the replay cannot tell. */
  void skip(String series) {
    found.removeIf(alert -> alert.series().equals(series));
  }

  private @Nullable RecordedAlert take(String series, String rule) {
    for (RecordedAlert alert : found) {
      Alert.Rule recorded = alert.published().alert().rule();
      if (alert.series().equals(series)
          && recorded.name().equals(rule)
          && isOfPresentRules(recorded)) {
        found.remove(alert);
        return alert;
      }
    }
    return null;
  }

  /** Reports the alerts of the present event that no series takes. */
  private void reportUnexpected() {
    found.forEach(this::unexpected);
    found.clear();
  }

  /**
   * Reports the alerts that are left and those that are missing.
   *
   * @param processed offset of the first event that was not replayed
   */
  void finish(long processed) {
    reportUnexpected();
    while (next != null) {
      if (next.sourceOffset() < processed) {
        unexpected(next);
      }
      advance();
    }
    for (Missing alert : missing) {
      if (alert.event().offset() <= otherRulesUntil) {
        report.beforeRules(alert.series(), alert.alert());
      } else {
        report.lost(alert.series(), alert.alert(), alert.event());
      }
    }
  }

  /** Returns an alert as a record holds it, without the quality of the forecast. */
  private static Alert recorded(Alert alert) {
    Forecast.Origin origin = alert.origin();
    return new Alert(
        alert.change(),
        alert.rule(),
        new Forecast.Origin(
            origin.series(),
            origin.timestampMs(),
            origin.interval(),
            origin.served(),
            origin.warm()),
        alert.firedMs(),
        alert.outlook(),
        alert.reason());
  }

  private static @Nullable Mismatch mismatch(PublishedAlert expected, PublishedAlert found) {
    return expected.equals(found)
        ? null
        : Mismatch.of("alert", describe(expected.alert()), describe(found.alert()));
  }

  private static String describe(Alert alert) {
    return "%s %s: %s".formatted(alert.rule().name(), alert.change(), alert.reason());
  }
}
