package io.eddy.kafka.record;

import io.eddy.codec.avro.ScoreRecord;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.series.InvalidRecordException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Encodes and decodes records of the scores topic. */
public final class ScoreCodec {
  private final boolean isJson;
  private final RecordSerde<ScoreRecord> records;

  /** Creates a codec that writes the default format and has no schema registry. */
  public ScoreCodec() {
    this(OutputFormat.DEFAULT, "");
  }

  /**
   * Creates a codec that writes one format and reads all.
   *
   * @param topic topic of the scores
   */
  public ScoreCodec(OutputFormat format, String topic) {
    isJson = format.format() == OutputFormat.Format.JSON;
    records = new RecordSerde<>(format, topic, ScoreRecord.getClassSchema());
  }

  /**
   * Looks up the schema in the registry, if there is one.
   *
   * @throws SchemaRegistryException if the registry is unavailable or does not have the schema
   */
  public void prepare() {
    records.prepare();
  }

  public byte[] encode(PublishedScore published) {
    return isJson ? ScoreJson.encode(published) : records.encode(message(published));
  }

  private static ScoreRecord message(PublishedScore published) {
    Score score = published.score();
    Forecast.Origin origin = score.origin();
    ScoreRecord message = new ScoreRecord();
    message.setOrigin(Instant.ofEpochMilli(origin.timestampMs()));
    message.setIntervalMs(origin.interval().fixedMs());
    message.setInterval(origin.interval().toString());
    message.setModel(published.model());
    message.setVersion(ForecastCodec.sha(origin.served().version()));
    message.setEpoch(origin.served().epoch());
    message.setWarm(origin.warm());
    message.setAbsoluteError(new FloatList(score.absoluteError()));
    message.setBaseAbsoluteError(new FloatList(score.baseAbsoluteError()));
    message.setPinballLoss(new FloatList(score.pinballLoss()));
    message.setQuantileLevels(score.quantileLevels());
    message.setCoverage(new FloatList(score.coverage()));
    message.setCrossEntropy(new FloatList(score.crossEntropy()));
    message.setRole(ActivationCodec.role(published.role()));
    message.setNaiveAbsoluteError(new FloatList(score.naiveAbsoluteError()));
    message.setNaiveMeanError(score.naiveMeanError());
    message.setQuantilesBelow(Arrays.stream(score.quantilesBelow()).boxed().toList());
    message.setFailure(published.failure());
    return message;
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the value is not a score
   */
  public PublishedScore decode(String series, byte[] value) {
    return value.length > 0 && value[0] == '{'
        ? ScoreJson.decode(series, value)
        : published(series, records.decode(value));
  }

  private static PublishedScore published(String series, ScoreRecord message) {
    Forecast.Origin origin =
        new Forecast.Origin(
            series,
            message.getOrigin().toEpochMilli(),
            OriginCodec.interval(message.getInterval(), message.getIntervalMs()),
            new Forecast.Served(ForecastCodec.version(message.getVersion()), message.getEpoch()),
            message.getWarm());
    Score score =
        new Score(
            origin,
            List.copyOf(message.getQuantileLevels()),
            new Score.Errors(
                FloatList.toArray(message.getAbsoluteError()),
                FloatList.toArray(message.getBaseAbsoluteError()),
                FloatList.toArray(message.getPinballLoss()),
                FloatList.toArray(message.getCoverage()),
                FloatList.toArray(message.getCrossEntropy())),
            new Score.Naive(
                FloatList.toArray(message.getNaiveAbsoluteError()), message.getNaiveMeanError()),
            message.getQuantilesBelow().stream().mapToInt(Integer::intValue).toArray());
    return new PublishedScore(
        score, message.getModel(), ActivationCodec.role(message.getRole()), message.getFailure());
  }
}
