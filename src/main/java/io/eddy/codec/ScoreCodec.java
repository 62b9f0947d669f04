package io.eddy.codec;

import io.eddy.codec.avro.ScoreRecord;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import java.time.Instant;
import java.util.List;

/** Scores ↔ the {@code ScoreRecord} of the scores topic. */
public final class ScoreCodec {
  private final SingleObject<ScoreRecord> records =
      new SingleObject<>(ScoreRecord.getClassSchema(), "Score-1.avsc");

  public byte[] encode(Score score, String model) {
    Forecast.Origin origin = score.origin();
    ScoreRecord message = new ScoreRecord();
    message.setOrigin(Instant.ofEpochMilli(origin.timestampMs()));
    message.setIntervalMs(origin.intervalMs());
    message.setModel(model);
    message.setVersion(ForecastCodec.sha(origin.served().version()));
    message.setEpoch(origin.served().epoch());
    message.setWarm(origin.warm());
    message.setAbsoluteError(new Floats(score.absoluteError()));
    message.setBaseAbsoluteError(new Floats(score.baseAbsoluteError()));
    message.setPinballLoss(new Floats(score.pinballLoss()));
    message.setQuantileLevels(score.quantileLevels());
    message.setCoverage(new Floats(score.coverage()));
    message.setCrossEntropy(new Floats(score.crossEntropy()));
    return records.encode(message);
  }

  /** Throws {@link InvalidRecordException} where the value is no score. */
  public Score decode(String series, byte[] value) {
    ScoreRecord message = records.decode(value);
    Forecast.Origin origin =
        new Forecast.Origin(
            series,
            message.getOrigin().toEpochMilli(),
            message.getIntervalMs(),
            new Forecast.Served(ForecastCodec.version(message.getVersion()), message.getEpoch()),
            message.getWarm());
    return new Score(
        origin,
        List.copyOf(message.getQuantileLevels()),
        new Score.Errors(
            Floats.toArray(message.getAbsoluteError()),
            Floats.toArray(message.getBaseAbsoluteError()),
            Floats.toArray(message.getPinballLoss()),
            Floats.toArray(message.getCoverage()),
            Floats.toArray(message.getCrossEntropy())));
  }
}
