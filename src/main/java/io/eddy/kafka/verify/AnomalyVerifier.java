package io.eddy.kafka.verify;

import io.eddy.engine.SilenceChange;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.AnomalyCodec;
import io.eddy.kafka.record.PublishedAnomaly;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.VerifyDifference.Mismatch;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Compares the anomalies of one partition with those that the replay gives, all bits of them. They
 * are written in the order of their events, so one record is read ahead.
 */
final class AnomalyVerifier {
  private final PartitionVerifier.Context context;
  private final PartitionVerifier.Offsets offsets;
  private final PartitionReport report;
  private final @Nullable AnomalyCodec codec;
  private final Iterator<ConsumerRecord<byte[], byte[]>> records;
  private final Predicate<String> isExact;
  private final List<Found> expected = new ArrayList<>();

  /** Series whose anomalies at the present event depend on deleted events or versions. */
  private final Set<String> unknown = new HashSet<>();

  private @Nullable Found next;

  /** Whether retention deleted the anomalies of the events so far. */
  private boolean isTruncated;

  /**
   * An anomaly, found or expected.
   *
   * @param position of its record; null if it is expected
   * @param timestampMs of its record
   */
  private record Found(
      @Nullable SourcePosition position, long timestampMs, PublishedAnomaly published) {
    long sourceOffset() {
      return published.source().offset();
    }

    boolean isSame(Found other) {
      return timestampMs == other.timestampMs && published.equals(other.published);
    }
  }

  /**
   * Creates a comparison.
   *
   * @param isExact whether the anomalies of a series are known
   */
  AnomalyVerifier(
      PartitionVerifier.Context context,
      PartitionVerifier.Offsets offsets,
      PartitionReport report,
      AnomalyRecords records,
      Predicate<String> isExact) {
    this.context = context;
    this.offsets = offsets;
    this.report = report;
    this.records = records.records();
    this.isExact = isExact;
    String topic = context.stream().topics().anomalies();
    codec = topic == null ? null : new AnomalyCodec(context.stream().output(), topic);
    advance();
    isTruncated = records.isTruncated();
  }

  private void advance() {
    next = null;
    while (codec != null && next == null && records.hasNext()) {
      next = decode(records.next(), codec);
    }
  }

  private @Nullable Found decode(ConsumerRecord<byte[], byte[]> record, AnomalyCodec codec) {
    SourcePosition position =
        new SourcePosition(record.topic(), record.partition(), record.offset());
    String series = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    String problem = "null";
    if (record.value() != null) {
      try {
        PublishedAnomaly published = codec.decode(series, record.value());
        SourcePosition source = published.source();
        if (source.topic().equals(context.stream().topics().source())
            && source.partition() == offsets.partition()) {
          return new Found(position, record.timestamp(), published);
        }
        problem = "an anomaly of " + source;
      } catch (InvalidRecordException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    report.anomaly(
        new VerifyDifference(
            VerifyCount.ANOMALIES_UNEXPECTED,
            series,
            null,
            position,
            Mismatch.of("record", "an anomaly of this partition", problem)),
        record.timestamp());
    return null;
  }

  /**
   * Adds the anomalies that an observation gives.
   *
   * @param event with the time of its record
   * @param replay the series after the event
   */
  void expect(EventVerifier.ProcessedEvent event, SeriesReplay replay) {
    StepResult result = replay.takeResult();
    if (codec == null || result == null) {
      return;
    }
    if (!replay.areAnomaliesExact()) {
      skip(event.observation().series());
      return;
    }
    SourcePosition source =
        new SourcePosition(context.stream().topics().source(), offsets.partition(), event.offset());
    for (StepResult.Advanced advanced : result.forecasts()) {
      PublishedAnomaly.Subject subject = PublishedAnomaly.Subject.of(advanced.forecast().origin());
      for (Anomaly anomaly : advanced.anomalies()) {
        expected.add(
            new Found(
                null,
                event.lookup().timestampMs(),
                new PublishedAnomaly(anomaly, subject, context.stream().model(), source)));
      }
    }
  }

  /** Adds the silences that begin or end at an event. */
  void expect(EventVerifier.ProcessedEvent event, List<SilenceChange> silences) {
    SourcePosition source =
        new SourcePosition(context.stream().topics().source(), offsets.partition(), event.offset());
    for (SilenceChange silence : silences) {
      if (isExact.test(silence.series())) {
        PublishedAnomaly.Subject subject =
            new PublishedAnomaly.Subject(silence.series(), silence.interval(), silence.served(), 0);
        expected.add(
            new Found(
                null,
                event.lookup().timestampMs(),
                new PublishedAnomaly(
                    silence.anomaly(), subject, context.stream().model(), source)));
      }
    }
  }

  /** Excludes a series from the comparison of the present event. */
  void skip(String series) {
    unknown.add(series);
  }

  /** Compares the anomalies of an event, after all its observations. */
  void compare(long offset) {
    List<Found> found = new ArrayList<>(1);
    while (next != null && next.sourceOffset() <= offset) {
      if (next.sourceOffset() == offset) {
        found.add(next);
      } else {
        unclaimed(next);
      }
      advance();
    }
    if (!found.isEmpty()) {
      isTruncated = false;
    }
    List<Found> remaining = new ArrayList<>(found);
    for (Found anomaly : expected) {
      Found match = firstOfSeries(remaining, anomaly.published().series());
      if (match != null) {
        remaining.remove(match);
        compare(anomaly, match);
      } else if (!isTruncated) {
        count(anomaly, VerifyCount.ANOMALIES_EXPECTED);
        report(
            VerifyCount.ANOMALIES_LOST,
            anomaly,
            anomaly,
            Mismatch.of("anomaly", text(anomaly), "none"));
      }
    }
    remaining.forEach(more -> reportMore(more, found));
    expected.clear();
    unknown.clear();
  }

  private static @Nullable Found firstOfSeries(List<Found> found, String series) {
    for (Found anomaly : found) {
      if (anomaly.published().series().equals(series)) {
        return anomaly;
      }
    }
    return null;
  }

  private void compare(Found anomaly, Found match) {
    count(anomaly, VerifyCount.ANOMALIES_EXPECTED);
    count(match, VerifyCount.ANOMALIES_FOUND);
    if (!anomaly.isSame(match)) {
      report(
          VerifyCount.ANOMALIES_DIFFERENT,
          anomaly,
          match,
          Mismatch.of("anomaly", text(anomaly), text(match)));
    }
  }

  /** Reports a record that is left over after those expected. */
  private void reportMore(Found more, List<Found> found) {
    count(more, VerifyCount.ANOMALIES_FOUND);
    if (unknown.contains(more.published().series()) || !isExact.test(more.published().series())) {
      count(more, VerifyCount.ANOMALIES_UNKNOWN);
    } else {
      boolean isRepeated = found.stream().filter(more::isSame).count() > 1;
      report(
          isRepeated ? VerifyCount.ANOMALIES_DUPLICATED : VerifyCount.ANOMALIES_UNEXPECTED,
          more,
          more,
          Mismatch.of("anomaly", isRepeated ? "one" : "none", text(more)));
    }
  }

  /** Reports a record whose event was passed already, or was deleted. */
  private void unclaimed(Found found) {
    count(found, VerifyCount.ANOMALIES_FOUND);
    if (found.sourceOffset() < offsets.begin()) {
      count(found, VerifyCount.ANOMALIES_UNKNOWN);
    } else {
      report(
          VerifyCount.ANOMALIES_UNEXPECTED,
          found,
          found,
          Mismatch.of("anomaly", "none", text(found)));
    }
  }

  /** Reports the records that are left after the last event that was processed. */
  void finish() {
    while (next != null) {
      Found left = next;
      if (left.sourceOffset() < offsets.processed() || left.sourceOffset() >= offsets.end()) {
        unclaimed(left);
      }
      advance();
    }
  }

  private void count(Found found, VerifyCount count) {
    report.count(found.published().series(), found.timestampMs(), count);
  }

  private void report(VerifyCount kind, Found scope, Found found, Mismatch mismatch) {
    report.anomaly(
        new VerifyDifference(
            kind,
            scope.published().series(),
            scope.published().source(),
            found.position(),
            mismatch),
        scope.timestampMs());
  }

  private static String text(Found found) {
    return found.published().anomaly()
        + " of "
        + found.published().subject()
        + " at "
        + found.timestampMs();
  }
}
