package io.eddy.kafka.record;

import io.eddy.codec.avro.AlertChange;
import io.eddy.codec.avro.AlertRecord;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.forecast.alert.Alert.Outlook;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.series.InvalidRecordException;
import java.time.Instant;
import java.util.List;

/** Encodes and decodes records of the alerts topic. Only one thread may encode. */
public final class AlertCodec {
  private final boolean isJson;
  private final RecordSerde<PublishedAlert, AlertRecord> records;

  /**
   * Creates a codec that writes one format and reads all.
   *
   * @param topic topic of the alerts
   */
  public AlertCodec(OutputFormat format, String topic) {
    isJson = format.format() == OutputFormat.Format.JSON;
    records = new RecordSerde<>(format, topic, AlertRecord.getClassSchema(), new AlertEncoder());
  }

  /**
   * Looks up the schema in the registry, if there is one.
   *
   * @throws SchemaRegistryException if the registry is unavailable or does not have the schema
   */
  public void prepare() {
    records.prepare();
  }

  public byte[] encode(PublishedAlert published) {
    return isJson ? AlertJson.encode(published) : records.encode(published);
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the value is not an alert
   */
  public PublishedAlert decode(String series, byte[] value) {
    return value.length > 0 && value[0] == '{'
        ? AlertJson.decode(series, value)
        : published(series, records.decode(value));
  }

  private static PublishedAlert published(String series, AlertRecord message) {
    Forecast.Origin origin =
        new Forecast.Origin(
            series,
            message.getOrigin().toEpochMilli(),
            OriginCodec.interval(message.getInterval(), 0),
            new Forecast.Served(ForecastCodec.version(message.getVersion()), message.getEpoch()),
            message.getWarm());
    Instant crossing = message.getExpectedCrossing();
    Double median = message.getMedian();
    Alert alert =
        new Alert(
            message.getChange() == AlertChange.FIRED ? Change.FIRED : Change.CLEARED,
            new Alert.Rule(
                message.getRule(), message.getCondition(), List.copyOf(message.getThresholds())),
            origin,
            message.getFiredOrigin().toEpochMilli(),
            new Outlook(
                message.getProbability(),
                crossing == null ? null : crossing.toEpochMilli(),
                median == null ? Double.NaN : median),
            message.getReason());
    return new PublishedAlert(
        alert,
        message.getModel(),
        new SourcePosition(
            message.getSourceTopic(), message.getSourcePartition(), message.getSourceOffset()));
  }
}
