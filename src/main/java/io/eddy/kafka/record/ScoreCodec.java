package io.eddy.kafka.record;

import io.eddy.codec.avro.ScoreRecord;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.series.InvalidRecordException;
import java.util.List;

/** Encodes and decodes records of the scores topic. Only one thread may encode. */
public final class ScoreCodec {
  private final boolean isJson;
  private final RecordSerde<PublishedScore, ScoreRecord> records;

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
    records = new RecordSerde<>(format, topic, ScoreRecord.getClassSchema(), new ScoreEncoder());
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
    return isJson ? ScoreJson.encode(published) : records.encode(published);
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
                NumberLists.floats(message.getAbsoluteError()),
                NumberLists.floats(message.getBaseAbsoluteError()),
                NumberLists.floats(message.getPinballLoss()),
                NumberLists.floats(message.getCoverage()),
                NumberLists.floats(message.getCrossEntropy())),
            new Score.Naive(
                NumberLists.floats(message.getNaiveAbsoluteError()), message.getNaiveMeanError()),
            NumberLists.ints(message.getQuantilesBelow()));
    return new PublishedScore(
        score, message.getModel(), ActivationCodec.role(message.getRole()), message.getFailure());
  }
}
