package io.eddy.kafka.stream;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.TimestampGuard;
import io.eddy.admission.TimestampGuardState;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event in, forecast out: fetches the state of the event's series, lets the step function act on
 * it, puts it back, forwards the forecast and, where one matured, the score. An event that cannot
 * be used goes to the dead letters before any state is touched.
 */
final class ForecastProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(ForecastProcessor.class);

  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);

  private final StreamSettings settings;
  private final ModelCatalog catalog;
  private final SourcePartitioner partition;
  private final EventReader events;
  private final ForecastCodec forecasts;
  private final ScoreCodec scores;
  private @Nullable Task task;

  private record Task(
      ProcessorContext<byte[], byte[]> context,
      DroppedObservationSensor drops,
      ServingModels serving,
      SeriesStateStore states,
      ShadowEvaluator shadows,
      ActiveSeries population) {}

  /**
   * A processor.
   *
   * @param partition is told where forecasts lie
   */
  ForecastProcessor(StreamSettings settings, ModelCatalog catalog, SourcePartitioner partition) {
    this.settings = settings;
    this.catalog = catalog;
    this.partition = partition;
    events =
        new EventReader(
            settings.events().withRecordKey(),
            settings.policies().limits(),
            settings.policies().nullDeletes());
    forecasts = new ForecastCodec(settings.output(), settings.topics().forecasts());
    scores = new ScoreCodec(settings.output(), settings.topics().scores());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    ServingModels serving =
        new ServingModels(
            settings.model(),
            catalog,
            new ServingModels.Stores(
                context.getStateStore(ForecastTopology.ACTIVATIONS),
                context.getStateStore(ForecastTopology.MODELS)),
            settings.policies().models().migration());
    ShadowStore shadows = new ShadowStore(context.getStateStore(ForecastTopology.SHADOWS));
    Task begun =
        new Task(
            context,
            new DroppedObservationSensor(context),
            serving,
            new SeriesStateStore(
                context.getStateStore(ForecastTopology.STATES),
                context.getStateStore(ForecastTopology.WINDOWS),
                settings.policies().lateness().isRevising()
                    ? context.getStateStore(ForecastTopology.REWINDS)
                    : null,
                settings.policies().lateness()),
            new ShadowEvaluator(settings.model(), serving, shadows, settings.policies().lateness()),
            new ActiveSeries(
                settings.policies().series(),
                context.getStateStore(ForecastTopology.STATES),
                context.getStateStore(ForecastTopology.WINDOWS)));
    context.schedule(SWEEP_PERIOD, PunctuationType.WALL_CLOCK_TIME, timestamp -> sweep(begun));
    task = begun;
  }

  /** Deletes what no event can reach any more; when that is done changes no forecast. */
  private static void sweep(Task at) {
    at.shadows.sweep();
    at.population.sweep().forEach(series -> remove(at, series));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task at = Objects.requireNonNull(task, "init comes first");
    RecordMetadata source = at.context.recordMetadata().orElseThrow();
    partition.set(source.partition());
    ReadResult read = events.read(record.key(), record.value(), record.timestamp());
    if (read instanceof ReadResult.Deletion deletion) {
      delete(at, deletion.series());
    } else if (read instanceof ReadResult.Rejection rejection) {
      at.context.forward(
          deadLetter(record, source, rejection.cause()), ForecastTopology.DEAD_LETTERS);
    } else if (read instanceof ReadResult.Event event) {
      Map<String, String> refused = refused(at, record, source, event.event());
      if (!refused.isEmpty()) {
        InvalidRecordException why =
            new InvalidRecordException(
                "%s", String.join("; ", new LinkedHashSet<>(refused.values())));
        Record<byte[], byte[]> letter = deadLetter(record, source, why);
        at.context.forward(
            settings.events().hasSeveralValues()
                ? DeadLetters.withRejectedSeries(letter, refused.keySet())
                : letter,
            ForecastTopology.DEAD_LETTERS);
      }
    }
  }

  private static void delete(Task at, String series) {
    at.population.gone(at.states.find(series));
    remove(at, series);
  }

  private static void remove(Task at, String series) {
    at.states.remove(series);
    at.shadows.remove(series);
  }

  /** Lets each observation of an event act; what is wrong with the others, by series. */
  private Map<String, String> refused(
      Task at, Record<byte[], byte[]> record, RecordMetadata source, DecodedEvent event) {
    Map<String, String> refused = event.refused();
    for (int i = 0; i < event.observations().size(); i++) {
      Observation observation = event.observations().get(i);
      try {
        step(at, record, source, observation);
      } catch (InvalidRecordException e) {
        refused = new LinkedHashMap<>(refused);
        refused.put(observation.series(), e.reason());
      }
    }
    return refused;
  }

  private Record<byte[], byte[]> deadLetter(
      Record<byte[], byte[]> record, RecordMetadata source, Throwable why) {
    // Why stands in the letter's headers alone: it quotes the event.
    log.warn(
        "{}-{}@{} goes to the dead letters", source.topic(), source.partition(), source.offset());
    boolean isRekeyed = settings.topics().keyedEvents() != null;
    return DeadLetters.of(isRekeyed ? EventOrigin.withOriginalKey(record) : record, source, why);
  }

  private void step(
      Task at, Record<byte[], byte[]> record, RecordMetadata source, Observation observation) {
    String series = observation.series();
    ServingVersion due = at.serving.at(series, observation.timestampMs());
    if (due == null) {
      throw new InvalidRecordException(
          "no version of model %s serves events of %s: activate one",
          settings.model(), java.time.Instant.ofEpochMilli(observation.timestampMs()));
    }
    byte[] bytes = admitted(at, series);
    SeriesStateStore.Opened opened = at.states.open(series, bytes, due);
    TimestampGuard.Judgement clock = judged(opened, observation);
    if (clock.kind() == TimestampGuard.Kind.RETURNS) {
      delete(at, series);
      bytes = null;
      opened = at.states.open(series, null, due);
    }
    long newestMs = opened.state().newestMs();
    ServingVersion latest = due;
    if (newestMs > observation.timestampMs()) {
      // A late event moves no series back: what serves is a matter of the latest time.
      ServingVersion found = at.serving.at(series, newestMs);
      latest = found == null ? due : found;
    }
    long dueMs = Math.max(newestMs, observation.timestampMs());
    Observation asked = observation.withTimestampMs(dueMs);
    ServingVersion serving = bytes == null ? latest : at.serving.staying(asked, latest, bytes);
    if (serving.activation().epoch() != due.activation().epoch()) {
      opened = at.states.open(series, bytes, serving);
    }
    Attempt attempt = attempt(at, asked, observation, serving, opened);
    NonFiniteFallback failed = null;
    if (!attempt.isFinite()) {
      failed = new NonFiniteFallback(at.serving);
      attempt = insteadOf(attempt, failed, at, observation, dueMs);
    }
    StepResult result = attempt.result();
    Record<byte[], byte[]> out = out(record, observation, newestMs);
    if (result instanceof StepResult.Dropped dropped) {
      at.drops.count(dropped.reason());
    } else {
      if (clock.mark() != null) {
        attempt.opened().past().writeClock(clock.mark());
      }
      at.states.close(
          attempt.opened(), at.population.heard(series, observation.timestampMs(), bytes));
    }
    for (StepResult.Advanced advanced : result.forecasts()) {
      PublishedForecast published =
          new PublishedForecast(
              advanced.forecast(),
              settings.model(),
              new SourcePosition(source.topic(), source.partition(), source.offset()),
              at.serving.known());
      at.context.forward(out.withValue(forecasts.encode(published)), ForecastTopology.FORECASTS);
      Score score = advanced.score();
      if (score != null) {
        forward(at, out, new PublishedScore(score, settings.model(), Role.SERVE));
      }
    }
    if (failed != null) {
      failed
          .scores(settings.model(), attempt.serving().model().version())
          .forEach(score -> forward(at, out, score));
    }
    ShadowEvaluator.Run shadow = attempt.shadow();
    if (shadow != null) {
      at.shadows.advance(shadow, observation).forEach(score -> forward(at, out, score));
    }
  }

  /** The state of a series; null where it is new, or was silent for so long that it begins anew. */
  private byte @Nullable [] admitted(Task at, String series) {
    byte[] bytes = at.states.find(series);
    if (at.population.isOver(bytes)) {
      delete(at, series);
      bytes = null;
    }
    if (bytes == null && at.population.isFull()) {
      throw new InvalidRecordException("%s", settings.policies().series().full());
    }
    return bytes;
  }

  /**
   * What the observation's time says of its series' clock. One that is not believed is remembered,
   * and refused.
   */
  private TimestampGuard.Judgement judged(SeriesStateStore.Opened opened, Observation observation) {
    TimestampGuard rule = settings.policies().series().clock();
    long newestMs = opened.state().newestMs();
    TimestampGuardState known =
        rule.isFar(newestMs, observation.timestampMs()) ? opened.past().readClock() : null;
    TimestampGuard.Judgement judgement = rule.judge(known, newestMs, observation.timestampMs());
    if (judgement.kind() == TimestampGuard.Kind.DOUBTED) {
      opened.past().flushClock(Objects.requireNonNull(judgement.mark()));
      throw new InvalidRecordException("%s", rule.doubt());
    }
    return judgement;
  }

  /** An observation and a version; nothing is written yet. */
  private record Attempt(
      ServingVersion serving,
      SeriesStateStore.Opened opened,
      ShadowEvaluator.@Nullable Run shadow,
      StepResult result) {
    boolean isFinite() {
      return firstThatIsNot() == null;
    }

    /** The first forecast that is not finite; null where all are. */
    @Nullable Forecast firstThatIsNot() {
      List<StepResult.Advanced> forecasts = result.forecasts();
      for (int i = 0; i < forecasts.size(); i++) {
        if (!forecasts.get(i).forecast().isFinite()) {
          return forecasts.get(i).forecast();
        }
      }
      return null;
    }
  }

  private Attempt attempt(
      Task at,
      Observation due,
      Observation observation,
      ServingVersion serving,
      SeriesStateStore.Opened opened) {
    ShadowEvaluator.Run shadow = at.shadows.open(due, serving, opened);
    StepResult result = at.states.apply(opened, observation, serving);
    if (result instanceof StepResult.Refused refused) {
      throw new InvalidRecordException("%s", refused.reason());
    }
    return new Attempt(serving, opened, shadow, result);
  }

  /**
   * A forecast that is not finite never leaves: the version whose turn is next makes it, from the
   * same past. Where none can, the event goes to the dead letters and no version is to blame.
   */
  private Attempt insteadOf(
      Attempt attempt, NonFiniteFallback failed, Task at, Observation observation, long dueMs) {
    Attempt present = attempt;
    for (Forecast bad = attempt.firstThatIsNot(); bad != null; bad = present.firstThatIsNot()) {
      failed.add(bad.origin());
      ServingVersion next = at.serving.at(observation.series(), dueMs);
      if (next == null || failed.contains(next.activation().epoch())) {
        failed.release();
        throw new InvalidRecordException(
            "no version of model %s gives a finite forecast: %s",
            settings.model(), failed.inWords());
      }
      String series = observation.series();
      SeriesStateStore.Opened opened = at.states.open(series, at.states.find(series), next);
      present = attempt(at, observation.withTimestampMs(dueMs), observation, next, opened);
    }
    failed.blame();
    catalog.withheld(failed.size());
    return present;
  }

  private void forward(Task at, Record<byte[], byte[]> out, PublishedScore score) {
    at.context.forward(out.withValue(scores.encode(score)), ForecastTopology.SCORES);
  }

  /** Under the name of the series: the event's key may be that of several. */
  private Record<byte[], byte[]> out(
      Record<byte[], byte[]> record, Observation observation, long newestMs) {
    Record<byte[], byte[]> out =
        record.withTimestamp(Math.max(newestMs, observation.timestampMs()));
    return settings.events().hasSeveralValues()
        ? out.withKey(observation.series().getBytes(StandardCharsets.UTF_8))
        : out;
  }
}
