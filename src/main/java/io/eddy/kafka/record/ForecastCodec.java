package io.eddy.kafka.record;

import io.eddy.codec.avro.ForecastRecord;
import io.eddy.codec.avro.MainComponentRecord;
import io.eddy.codec.avro.Sha256;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.MainComponent;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.model.ModelVersion;
import io.eddy.series.InvalidRecordException;
import java.util.List;

/** Encodes and decodes records of the forecasts topic. Only one thread may encode. */
public final class ForecastCodec {
  private final boolean isJson;
  private final RecordSerde<PublishedForecast, ForecastRecord> records;

  /** Creates a codec that writes the default format and has no schema registry. */
  public ForecastCodec() {
    this(OutputFormat.DEFAULT, "");
  }

  /**
   * Creates a codec that writes one format and reads all.
   *
   * @param topic topic of the forecasts
   */
  public ForecastCodec(OutputFormat format, String topic) {
    isJson = format.format() == OutputFormat.Format.JSON;
    records =
        new RecordSerde<>(format, topic, ForecastRecord.getClassSchema(), new ForecastEncoder());
  }

  /**
   * Looks up the schema in the registry, if there is one.
   *
   * @throws SchemaRegistryException if the registry is unavailable or does not have the schema
   */
  public void prepare() {
    records.prepare();
  }

  public byte[] encode(PublishedForecast published) {
    return isJson ? ForecastJson.encode(published) : records.encode(published);
  }

  private static MainComponent mainComponent(MainComponentRecord main) {
    return new MainComponent(main.getLastStep(), main.getName(), main.getWeight());
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the value is not a forecast
   */
  public PublishedForecast decode(String series, byte[] value) {
    return value.length > 0 && value[0] == '{'
        ? ForecastJson.decode(series, value)
        : published(series, records.decode(value));
  }

  private static PublishedForecast published(String series, ForecastRecord message) {
    Forecast.Origin origin =
        new Forecast.Origin(
            series,
            message.getOrigin().toEpochMilli(),
            OriginCodec.interval(message.getInterval(), message.getIntervalMs()),
            new Forecast.Served(version(message.getVersion()), message.getEpoch()),
            message.getWarm(),
            new ForecastQuality(
                message.getContextSteps(),
                message.getWarmSteps(),
                message.getRevision(),
                message.getProvisional()));
    return new PublishedForecast(
        new Forecast(
                origin,
                List.copyOf(message.getQuantileLevels()),
                message.getClasses(),
                NumberLists.doubles(message.getValues()),
                NumberLists.doubles(message.getMeans()))
            .withMainComponents(
                message.getMainComponents().stream().map(ForecastCodec::mainComponent).toList()),
        message.getModel(),
        new SourcePosition(
            message.getSourceTopic(), message.getSourcePartition(), message.getSourceOffset()),
        new PublishedForecast.Knowledge(
            message.getKnownEpoch(), message.getPassedOver(), message.getAwaitedEpoch()));
  }

  static ModelVersion version(Sha256 sha) {
    return ModelVersion.ofDigest(sha.bytes());
  }
}
