package io.eddy.kafka.query;

import io.eddy.forecast.step.SeriesState;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ScoredForecast;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The latest committed forecasts and scores of a series. Thread-safe. */
public final class ForecastHistory {
  private final StreamSettings settings;
  private final CommittedRecords records;

  public ForecastHistory(StreamSettings settings, CommittedRecords records) {
    this.settings = settings;
    this.records = records;
  }

  /**
   * Returns the forecasts of the last steps of a series, in the order of their offsets.
   *
   * @param steps how many steps before the last one the first forecast may begin
   * @throws StateUnavailableException if the topic cannot be read
   */
  public List<PublishedForecast> forecasts(LocalSeries.Entry entry, int steps) {
    StoredSeries series = entry.series();
    return decode(
        records.fromTime(partition(entry), key(series.name()), beforeLast(series, steps)),
        series.name());
  }

  /**
   * Returns the latest forecasts of a series from events after an offset, in the order of their
   * offsets.
   *
   * @param eventOffset offset in the series' partition of the topic that forecasts are computed
   *     from
   * @throws StateUnavailableException if the topic cannot be read
   */
  public List<PublishedForecast> forecastsAfter(LocalSeries.Entry entry, long eventOffset) {
    String name = entry.series().name();
    return decode(records.latest(partition(entry), key(name)), name).stream()
        .filter(forecast -> forecast.source().offset() > eventOffset)
        .toList();
  }

  private TopicPartition partition(LocalSeries.Entry entry) {
    return new TopicPartition(settings.topics().forecasts(), entry.partition());
  }

  private List<PublishedForecast> decode(
      List<ConsumerRecord<byte[], byte[]>> found, String series) {
    ForecastCodec codec = new ForecastCodec(settings.output(), settings.topics().forecasts());
    List<PublishedForecast> forecasts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : found) {
      PublishedForecast forecast =
          record.value() == null ? null : decode(codec, series, record.value());
      if (forecast != null) {
        forecasts.add(forecast);
      }
    }
    return forecasts;
  }

  /** Decodes a forecast; null if the record is not one of the model. */
  private @Nullable PublishedForecast decode(ForecastCodec codec, String series, byte[] value) {
    try {
      PublishedForecast published = codec.decode(series, value);
      return published.model().equals(settings.model()) ? published : null;
    } catch (InvalidRecordException e) {
      return null;
    } catch (SchemaRegistryException e) {
      throw new StateUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns the scores of a series' forecasts under its serving versions, the latest ones.
   *
   * @param steps how many steps before the last one the first score may be
   * @throws StateUnavailableException if the topic cannot be read
   */
  public List<ScoredForecast> scores(LocalSeries.Entry entry, int steps) {
    StoredSeries series = entry.series();
    byte[] key = key(series.name());
    ScoreCodec codec = new ScoreCodec(settings.output(), settings.topics().scores());
    List<ScoredForecast> scores = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record :
        records.fromTime(
            records.partition(settings.topics().scores(), key), key, beforeLast(series, steps))) {
      PublishedScore score = decode(codec, series.name(), record);
      if (score != null && score.failure() == null && score.role() == Role.SERVE) {
        scores.add(new ScoredForecast(score.score(), score.role(), null));
      }
    }
    scores.sort(Comparator.comparingLong(score -> score.score().origin().timestampMs()));
    return scores;
  }

  private @Nullable PublishedScore decode(
      ScoreCodec codec, String series, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    try {
      PublishedScore score = codec.decode(series, record.value());
      return score.model().equals(settings.model()) ? score : null;
    } catch (InvalidRecordException e) {
      return null;
    } catch (SchemaRegistryException e) {
      throw new StateUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  private static long beforeLast(StoredSeries series, int steps) {
    long lastMs = series.state().lastStepMs();
    return lastMs == SeriesState.NO_TIME
        ? 0
        : series.state().sampling().interval().plusSteps(lastMs, -steps);
  }

  private static byte[] key(String series) {
    return series.getBytes(StandardCharsets.UTF_8);
  }
}
