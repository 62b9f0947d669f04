package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import org.jspecify.annotations.Nullable;

/** Writes the fields of {@code schemas/Anomaly.avsc} in their order. Used by one thread. */
final class AnomalyEncoder implements RecordEncoder<PublishedAnomaly> {
  private static final long FINGERPRINT = 0x85a7311b6c6134c4L;

  private final IntervalText intervals = new IntervalText();

  @Override
  public long fingerprint() {
    return FINGERPRINT;
  }

  @Override
  public void write(PublishedAnomaly published, AvroBuffer to) {
    Anomaly anomaly = published.anomaly();
    PublishedAnomaly.Subject subject = published.subject();
    AnomalyScore score = anomaly.score();
    to.writeLong(anomaly.timestampMs());
    to.writeLong(anomaly.closedMs());
    to.writeLong(subject.interval().fixedMs());
    to.writeString(intervals.of(subject.interval()));
    to.writeLong(symbol(score.change()));
    to.writeDouble(anomaly.value());
    to.writeDouble(score.score());
    to.writeDouble(score.threshold());
    to.writeDouble(score.pValue());
    write(score.expected(), to);
    write(score.episode(), to);
    to.writeString(published.model());
    Forecast.Served served = subject.served();
    to.writeFixed(served.version().digest());
    to.writeLong(served.epoch());
    to.writeLong(subject.revision());
    to.writeString(published.source().topic());
    to.writeLong(published.source().partition());
    to.writeLong(published.source().offset());
  }

  /** Returns the position of the symbol of the event's enum. */
  private static int symbol(Change change) {
    return change == Change.BEGIN ? 1 : change == Change.END ? 2 : 0;
  }

  /** Returns the position of the symbol of a kind's enum. */
  private static int symbol(AnomalyKind kind) {
    return switch (kind) {
      case SPIKE -> 0;
      case LEVEL_SHIFT -> 1;
      case VARIANCE_CHANGE -> 2;
      case FLAT_LINE -> 3;
      case BROKEN_SEASON -> 4;
      case MISSING_DATA -> 5;
      case SILENCE -> 6;
    };
  }

  /** Writes the union of null and an episode. */
  private static void write(@Nullable Episode episode, AvroBuffer to) {
    to.writeLong(episode == null ? 0 : 1);
    if (episode != null) {
      to.writeLong(symbol(episode.kind()));
      to.writeLong(episode.beginMs());
      to.writeLong(episode.endMs());
      to.writeLong(episode.steps());
      to.writeDouble(episode.value());
      write(episode.expected(), to);
      to.writeDouble(episode.severity());
      to.writeString(episode.reason());
    }
  }

  private static void write(Expectation expected, AvroBuffer to) {
    to.writeDouble(expected.value());
    to.writeDouble(expected.low());
    to.writeDouble(expected.high());
  }
}
