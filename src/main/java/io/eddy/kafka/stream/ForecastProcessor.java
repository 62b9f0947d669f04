package io.eddy.kafka.stream;

import io.eddy.admission.DecodedEvent;
import io.eddy.engine.EventOutcome;
import io.eddy.engine.PartitionEngine;
import io.eddy.engine.VersionSelector;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventOrigin;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.state.KafkaPartitionStore;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * Forecasts from events: decodes a record, lets the {@link PartitionEngine} apply its observations,
 * and forwards forecasts, scores and dead letters.
 */
final class ForecastProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(ForecastProcessor.class);

  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

  private final StreamSettings settings;
  private final ModelCatalog catalog;
  private final SourcePartitioner partitioner;
  private final EventReader events;
  private @Nullable Task task;

  /** What belongs to the task that this processor runs in. */
  private record Task(
      ProcessorContext<byte[], byte[]> context,
      PartitionEngine engine,
      OutcomeForwarder forwarder) {}

  /**
   * Creates a processor.
   *
   * @param partitioner of the forecasts' sink; set to the partition of each event
   */
  ForecastProcessor(StreamSettings settings, ModelCatalog catalog, SourcePartitioner partitioner) {
    this.settings = settings;
    this.catalog = catalog;
    this.partitioner = partitioner;
    StreamPolicies policies = settings.policies();
    events =
        new EventReader(
            settings.events().withRecordKey(), policies.limits(), policies.nullDeletes());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    PartitionEngine engine = engine(context);
    task = new Task(context, engine, new OutcomeForwarder(settings, catalog, context));
    // The time of a sweep does not change any forecast.
    context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> engine.sweep());
  }

  private PartitionEngine engine(ProcessorContext<byte[], byte[]> context) {
    StreamPolicies policies = settings.policies();
    GlobalStoreModels models =
        new GlobalStoreModels(
            settings.model(),
            catalog,
            context.getStateStore(ForecastTopology.ACTIVATIONS),
            context.getStateStore(ForecastTopology.MODELS));
    KafkaPartitionStore.Stores stores =
        new KafkaPartitionStore.Stores(
            context.getStateStore(ForecastTopology.STATES),
            context.getStateStore(ForecastTopology.WINDOWS),
            context.getStateStore(ForecastTopology.SHADOWS),
            policies.lateness().isRevising()
                ? context.getStateStore(ForecastTopology.UNDO_LOGS)
                : null);
    return new PartitionEngine(
        new PartitionEngine.Rules(settings.model(), policies.lateness(), policies.series()),
        new VersionSelector(models, policies.models().migration()),
        new KafkaPartitionStore(stores));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task task = Objects.requireNonNull(this.task, "not initialized");
    RecordMetadata source = task.context().recordMetadata().orElseThrow();
    partitioner.set(source.partition());
    ReadResult read = events.read(record.key(), record.value(), record.timestamp());
    if (read instanceof ReadResult.Deletion deletion) {
      task.engine().delete(deletion.series());
    } else if (read instanceof ReadResult.Rejection rejection) {
      Record<byte[], byte[]> letter = deadLetter(record, source, rejection.cause());
      task.context().forward(letter, ForecastTopology.DEAD_LETTERS);
    } else if (read instanceof ReadResult.Event event) {
      Map<String, String> rejected = apply(task, record, source, event.event());
      if (!rejected.isEmpty()) {
        Record<byte[], byte[]> letter = deadLetter(record, source, exception(rejected));
        task.context()
            .forward(
                settings.events().hasSeveralValues()
                    ? DeadLetters.withRejectedSeries(letter, rejected.keySet())
                    : letter,
                ForecastTopology.DEAD_LETTERS);
      }
    }
  }

  /** Applies the observations of an event; returns why some were rejected, by series. */
  private Map<String, String> apply(
      Task task, Record<byte[], byte[]> record, RecordMetadata source, DecodedEvent event) {
    Map<String, String> rejected = new LinkedHashMap<>(event.refused());
    for (Observation observation : event.observations()) {
      EventOutcome outcome = task.engine().process(observation);
      if (outcome instanceof EventOutcome.Rejected rejection) {
        rejected.put(observation.series(), rejection.reason());
      } else if (outcome instanceof EventOutcome.Applied applied) {
        task.forwarder().forward(record, source, observation.series(), applied);
      }
    }
    return rejected;
  }

  private static InvalidRecordException exception(Map<String, String> rejected) {
    return new InvalidRecordException(
        "%s", String.join("; ", new LinkedHashSet<>(rejected.values())));
  }

  private Record<byte[], byte[]> deadLetter(
      Record<byte[], byte[]> record, RecordMetadata source, Throwable reason) {
    // The reason may quote the event and is therefore not logged.
    log.warn(
        "{}-{}@{}: sent to the dead letters", source.topic(), source.partition(), source.offset());
    boolean isRekeyed = settings.topics().keyedEvents() != null;
    return DeadLetters.of(isRekeyed ? EventOrigin.withOriginalKey(record) : record, source, reason);
  }
}
