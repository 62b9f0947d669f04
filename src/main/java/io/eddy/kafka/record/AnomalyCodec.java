package io.eddy.kafka.record;

import io.eddy.codec.avro.AnomalyEpisode;
import io.eddy.codec.avro.AnomalyRecord;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyScore;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.forecast.anomaly.Expectation;
import io.eddy.series.InvalidRecordException;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes records of the anomalies topic. Only one thread may encode. */
public final class AnomalyCodec {
  private final boolean isJson;
  private final RecordSerde<PublishedAnomaly, AnomalyRecord> records;

  /**
   * Creates a codec that writes one format and reads all.
   *
   * @param topic topic of the anomalies
   */
  public AnomalyCodec(OutputFormat format, String topic) {
    isJson = format.format() == OutputFormat.Format.JSON;
    records =
        new RecordSerde<>(format, topic, AnomalyRecord.getClassSchema(), new AnomalyEncoder());
  }

  /**
   * Looks up the schema in the registry, if there is one, as {@link ForecastCodec#prepare} does.
   */
  public void prepare() {
    records.prepare();
  }

  public byte[] encode(PublishedAnomaly published) {
    return isJson ? AnomalyJson.encode(published) : records.encode(published);
  }

  /**
   * Decodes a record.
   *
   * @throws InvalidRecordException if the value is not an anomaly
   */
  public PublishedAnomaly decode(String series, byte[] value) {
    return value.length > 0 && value[0] == '{'
        ? AnomalyJson.decode(series, value)
        : published(series, records.decode(value));
  }

  private static PublishedAnomaly published(String series, AnomalyRecord message) {
    AnomalyEpisode found = message.getEpisode();
    Episode episode = found == null ? null : episode(found);
    AnomalyScore score =
        new AnomalyScore(
            message.getScore(),
            message.getThreshold(),
            message.getPValue(),
            new Expectation(message.getExpected(), message.getLow(), message.getHigh()),
            change(message.getEvent().name(), episode),
            episode);
    return new PublishedAnomaly(
        new Anomaly(
            message.getTime().toEpochMilli(),
            message.getClosedStep().toEpochMilli(),
            message.getValue(),
            score),
        new PublishedAnomaly.Subject(
            series,
            OriginCodec.interval(message.getInterval(), message.getIntervalMs()),
            new Forecast.Served(ForecastCodec.version(message.getVersion()), message.getEpoch()),
            message.getRevision()),
        message.getModel(),
        new SourcePosition(
            message.getSourceTopic(), message.getSourcePartition(), message.getSourceOffset()));
  }

  private static Episode episode(AnomalyEpisode found) {
    return new Episode(
        found.getBegin().toEpochMilli(),
        found.getEnd().toEpochMilli(),
        found.getSteps(),
        AnomalyKind.valueOf(found.getKind().name()),
        found.getValue(),
        new Expectation(found.getExpected(), found.getLow(), found.getHigh()),
        found.getSeverity(),
        found.getReason());
  }

  /** Returns the event of a record: whether an episode begins or ends, or neither. */
  static String event(Change change) {
    return change == Change.BEGIN || change == Change.END ? change.name() : "STEP";
  }

  static Change change(String event, @Nullable Episode episode) {
    return switch (event) {
      case "BEGIN" -> Change.BEGIN;
      case "END" -> Change.END;
      case "STEP" -> episode == null ? Change.NONE : Change.CONTINUE;
      default ->
          throw new IllegalArgumentException(
              "field event: expected step, begin or end, got '%s'".formatted(event));
    };
  }
}
