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
import java.time.Instant;
import java.util.List;

/** Encodes and decodes records of the forecasts topic. */
public final class ForecastCodec {
  private final boolean isJson;
  private final RecordSerde<ForecastRecord> records;

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
    records = new RecordSerde<>(format, topic, ForecastRecord.getClassSchema());
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
    return isJson ? ForecastJson.encode(published) : records.encode(message(published));
  }

  private static ForecastRecord message(PublishedForecast published) {
    Forecast forecast = published.forecast();
    Forecast.Origin origin = forecast.origin();
    ForecastRecord message = new ForecastRecord();
    message.setOrigin(Instant.ofEpochMilli(origin.timestampMs()));
    message.setIntervalMs(origin.interval().fixedMs());
    message.setInterval(origin.interval().toString());
    message.setStepTimes(OriginCodec.stepTimes(origin, forecast.horizon()));
    message.setHorizon(forecast.horizon());
    message.setQuantileLevels(forecast.quantileLevels());
    message.setValues(new DoubleList(forecast.values()));
    message.setMeans(new DoubleList(forecast.means()));
    message.setClasses(forecast.classes());
    message.setWarm(origin.warm());
    message.setModel(published.model());
    message.setVersion(sha(origin.served().version()));
    message.setEpoch(origin.served().epoch());
    message.setSourceTopic(published.source().topic());
    message.setSourcePartition(published.source().partition());
    message.setSourceOffset(published.source().offset());
    message.setKnownEpoch(published.known().epoch());
    message.setPassedOver(published.known().skipped());
    message.setContextSteps(origin.quality().contextSteps());
    message.setWarmSteps(origin.quality().warmSteps());
    message.setRevision(origin.quality().revision());
    message.setProvisional(origin.quality().isProvisional());
    message.setAwaitedEpoch(published.known().pendingEpoch());
    message.setMainComponents(
        forecast.mainComponents().stream().map(ForecastCodec::mainComponent).toList());
    return message;
  }

  private static MainComponentRecord mainComponent(MainComponent main) {
    return new MainComponentRecord(main.lastStep(), main.name(), main.weight());
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
                DoubleList.toArray(message.getValues()),
                DoubleList.toArray(message.getMeans()))
            .withMainComponents(
                message.getMainComponents().stream().map(ForecastCodec::mainComponent).toList()),
        message.getModel(),
        new SourcePosition(
            message.getSourceTopic(), message.getSourcePartition(), message.getSourceOffset()),
        new PublishedForecast.Knowledge(
            message.getKnownEpoch(), message.getPassedOver(), message.getAwaitedEpoch()));
  }

  static Sha256 sha(ModelVersion version) {
    return new Sha256(version.digest());
  }

  static ModelVersion version(Sha256 sha) {
    return ModelVersion.ofDigest(sha.bytes());
  }
}
