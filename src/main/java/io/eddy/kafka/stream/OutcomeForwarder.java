package io.eddy.kafka.stream;

import io.eddy.engine.EventOutcome;
import io.eddy.engine.RoleScore;
import io.eddy.engine.Selection;
import io.eddy.engine.SilenceChange;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.anomaly.Anomaly;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.KeyEncoding;
import io.eddy.kafka.event.RecordSize;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.AnomalyCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedAlert;
import io.eddy.kafka.record.PublishedAnomaly;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedForecast.Knowledge;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Forwards and counts the forecasts, scores and anomalies of applied events. */
final class OutcomeForwarder {
  private final StreamSettings settings;
  private final StreamCounters counters;
  private final WatchedForecasts watched;
  private final ProcessorContext<byte[], byte[]> context;
  private final ForecastCodec forecasts;
  private final ScoreCodec scores;
  private final @Nullable AnomalyCodec anomalies;
  private final int maxBytes;

  /** Null if there are no rules. */
  private final @Nullable AlertCodec alerts;

  private final AlertLimitations limitations;

  /** Whether the key of an event is not the name of its series in UTF-8. */
  private final boolean isKeyReplaced;

  OutcomeForwarder(
      StreamSettings settings,
      ForecastProcessor.Observers observers,
      ProcessorContext<byte[], byte[]> context) {
    this.settings = settings;
    counters = observers.counters();
    watched = observers.forecasts();
    this.context = context;
    maxBytes = RecordSize.limit(context.appConfigs());
    EventMapping source = settings.events().ofSource();
    isKeyReplaced =
        source.hasSeveralValues() || !source.key().encoding().equals(KeyEncoding.STRING);
    forecasts = new ForecastCodec(settings.output(), settings.topics().forecasts());
    scores = new ScoreCodec(settings.output(), settings.topics().scores());
    String topic = settings.topics().anomalies();
    anomalies = topic == null ? null : new AnomalyCodec(settings.output(), topic);
    String alertsTopic = settings.topics().alerts();
    alerts = alertsTopic == null ? null : new AlertCodec(settings.output(), alertsTopic);
    limitations = new AlertLimitations(settings.policies().alerts());
  }

  /**
   * Forwards the forecasts and scores of an event that fit into a record.
   *
   * @return why forecasts or scores were not forwarded; empty if all were
   */
  Optional<String> forward(
      Record<byte[], byte[]> record,
      RecordMetadata source,
      Observation observation,
      EventOutcome.Applied outcome) {
    count(observation, outcome);
    Record<byte[], byte[]> output = output(record, observation.series(), outcome.asOfMs());
    SourcePosition position =
        new SourcePosition(source.topic(), source.partition(), source.offset());
    Knowledge knowledge = knowledge(outcome.selection());
    long largest = 0;
    for (StepResult.Advanced advanced : outcome.result().forecasts()) {
      PublishedForecast published =
          new PublishedForecast(advanced.forecast(), settings.model(), position, knowledge);
      Record<byte[], byte[]> forecast = output.withValue(forecasts.encode(published));
      long size = RecordSize.of(forecast);
      largest = Math.max(largest, size);
      if (size <= maxBytes) {
        context.forward(forecast, ForecastTopology.FORECASTS);
        watched.add(observation.series(), published);
        countForecast(record, advanced.forecast());
      }
      Score score = advanced.score();
      if (score != null) {
        largest =
            Math.max(
                largest, forward(output, new PublishedScore(score, settings.model(), Role.SERVE)));
      }
      if (anomalies != null) {
        forwardAnomalies(output, advanced, position, anomalies);
      }
    }
    if (anomalies != null) {
      forwardSilences(output, outcome.silences(), position, anomalies);
    }
    for (RoleScore score : outcome.scores()) {
      largest =
          Math.max(
              largest,
              forward(
                  output,
                  new PublishedScore(
                      score.score(), settings.model(), score.role(), score.failure())));
    }
    limitations.log(outcome.selection().version());
    for (Alert alert : outcome.alerts()) {
      counters.countAlert(alert.change());
      largest =
          Math.max(largest, forward(output, new PublishedAlert(alert, settings.model(), position)));
    }
    return largest <= maxBytes
        ? Optional.empty()
        : Optional.of(
            "its forecast, score or alert has %d bytes, more than kafka.producer.max.request.size (%d)"
                .formatted(largest, maxBytes));
  }

  private void count(Observation observation, EventOutcome.Applied outcome) {
    if (outcome.result() instanceof StepResult.Dropped dropped) {
      counters.countDropped(dropped.reason());
    }
    if (observation.timestampMs() < outcome.asOfMs()) {
      counters.countLate();
    }
    ServingVersion version = outcome.selection().version();
    if (version != null
        && !version.model().specification().isFutureKnown(observation.futureCovariates())) {
      counters.countIncompleteFuture();
    }
    if (outcome.nonFinite() > 0) {
      counters.addNonFinite(outcome.nonFinite());
    }
  }

  private void countForecast(Record<byte[], byte[]> record, Forecast forecast) {
    counters.countForecast(forecast.origin().quality().revision() > 0);
    if (record.timestamp() > 0) {
      // The time at which Kafka Streams took up the record; it decides nothing.
      long elapsedMs = context.currentSystemTimeMs() - record.timestamp();
      counters.latency().recordNs(TimeUnit.MILLISECONDS.toNanos(elapsedMs));
    }
  }

  /** Forwards a score, unless it is too large; returns its size. */
  private long forward(Record<byte[], byte[]> output, PublishedScore score) {
    counters.scores().add(score.score(), score.role());
    Record<byte[], byte[]> record = output.withValue(scores.encode(score));
    long size = RecordSize.of(record);
    if (size <= maxBytes) {
      context.forward(record, ForecastTopology.SCORES);
    }
    return size;
  }

  private void forwardAnomalies(
      Record<byte[], byte[]> output,
      StepResult.Advanced advanced,
      SourcePosition position,
      AnomalyCodec codec) {
    PublishedAnomaly.Subject subject = PublishedAnomaly.Subject.of(advanced.forecast().origin());
    for (Anomaly anomaly : advanced.anomalies()) {
      counters.anomalies().add(anomaly);
      PublishedAnomaly published =
          new PublishedAnomaly(anomaly, subject, settings.model(), position);
      context.forward(output.withValue(codec.encode(published)), ForecastTopology.ANOMALIES);
    }
  }

  /** Forwards an alert, unless it is too large; returns its size. */
  private long forward(Record<byte[], byte[]> output, PublishedAlert alert) {
    if (alerts == null) {
      throw new IllegalStateException("an alert without a topic for it");
    }
    Record<byte[], byte[]> record = output.withValue(alerts.encode(alert));
    long size = RecordSize.of(record);
    if (size <= maxBytes) {
      context.forward(record, ForecastTopology.ALERTS);
    }
    return size;
  }

  private void forwardSilences(
      Record<byte[], byte[]> output,
      List<SilenceChange> silences,
      SourcePosition position,
      AnomalyCodec codec) {
    for (SilenceChange silence : silences) {
      counters.anomalies().add(silence.anomaly());
      PublishedAnomaly published =
          new PublishedAnomaly(
              silence.anomaly(),
              new PublishedAnomaly.Subject(
                  silence.series(), silence.interval(), silence.served(), 0),
              settings.model(),
              position);
      context.forward(
          output
              .withKey(silence.series().getBytes(StandardCharsets.UTF_8))
              .withValue(codec.encode(published)),
          ForecastTopology.ANOMALIES);
    }
  }

  private static Knowledge knowledge(Selection selection) {
    return new Knowledge(
        selection.highestEpoch(), selection.passedOver(), selection.pendingEpoch());
  }

  /** Returns the record to forward; its key is the name of the series in UTF-8. */
  private Record<byte[], byte[]> output(
      Record<byte[], byte[]> record, String series, long timestampMs) {
    Record<byte[], byte[]> output = record.withTimestamp(timestampMs);
    return isKeyReplaced ? output.withKey(series.getBytes(StandardCharsets.UTF_8)) : output;
  }
}
