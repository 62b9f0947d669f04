package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.rollout.Activation.Role;
import org.jspecify.annotations.Nullable;

/** Writes the fields of {@code schemas/Score.avsc} in their order. Used by one thread. */
final class ScoreEncoder implements RecordEncoder<PublishedScore> {
  private static final long FINGERPRINT = 0x104fb267029ddab6L;

  /** Positions of the symbols of the role's enum. */
  private static final int SERVE = 0;

  private static final int SHADOW = 1;

  private final IntervalText intervals = new IntervalText();

  @Override
  public long fingerprint() {
    return FINGERPRINT;
  }

  @Override
  public void write(PublishedScore published, AvroBuffer to) {
    Score score = published.score();
    Forecast.Origin origin = score.origin();
    to.writeLong(origin.timestampMs());
    to.writeLong(origin.interval().fixedMs());
    to.writeString(published.model());
    to.writeFixed(origin.served().version().digest());
    to.writeLong(origin.served().epoch());
    to.writeBoolean(origin.warm());
    to.writeFloats(score.absoluteError());
    to.writeFloats(score.baseAbsoluteError());
    to.writeFloats(score.pinballLoss());
    to.writeDoubles(score.quantileLevels());
    to.writeFloats(score.coverage());
    to.writeFloats(score.crossEntropy());
    to.writeLong(published.role() == Role.SHADOW ? SHADOW : SERVE);
    to.writeFloats(score.naiveAbsoluteError());
    to.writeDouble(score.naiveMeanError());
    to.writeInts(score.quantilesBelow());
    writeFailure(published.failure(), to);
    to.writeString(intervals.of(origin.interval()));
  }

  /** Writes the union of null and a string. */
  private static void writeFailure(@Nullable String failure, AvroBuffer to) {
    to.writeLong(failure == null ? 0 : 1);
    if (failure != null) {
      to.writeString(failure);
    }
  }
}
