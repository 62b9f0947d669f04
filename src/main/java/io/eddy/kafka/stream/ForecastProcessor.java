package io.eddy.kafka.stream;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.RejectionKind;
import io.eddy.engine.EventOutcome;
import io.eddy.engine.PartitionEngine;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventReader;
import io.eddy.kafka.event.ReadResult;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts from events: reads a record, lets the {@link PartitionEngine} apply its observations,
 * and forwards forecasts, scores and dead letters.
 */
final class ForecastProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

  private final StreamSettings settings;
  private final ModelCatalog catalog;
  private final Observers observers;
  private final StreamCounters counters;
  private final SourcePartitioner partitioner;
  private final EventReader events;
  private @Nullable Task task;

  /**
   * Observers of the processing.
   *
   * @param counters of the process
   * @param forecasts receives the forecasts of watched series
   */
  record Observers(StreamCounters counters, WatchedForecasts forecasts) {}

  /** The parts that belong to the task of this processor. */
  private record Task(
      ProcessorContext<byte[], byte[]> context,
      PartitionEngine engine,
      AtomicLong position,
      OutcomeForwarder outcomes,
      DeadLetterForwarder deadLetters) {}

  /**
   * Creates a processor.
   *
   * @param observers of what is processed
   * @param partitioner of the forecasts' sink; set to the partition of each event
   */
  ForecastProcessor(
      StreamSettings settings,
      ModelCatalog catalog,
      Observers observers,
      SourcePartitioner partitioner) {
    this.settings = settings;
    this.catalog = catalog;
    this.observers = observers;
    counters = observers.counters();
    this.partitioner = partitioner;
    StreamPolicies policies = settings.policies();
    events =
        new EventReader(settings.events().ofSource(), policies.limits(), policies.nullValues());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    PartitionEngine engine = TaskEngine.create(settings, catalog, context);
    task =
        new Task(
            context,
            engine,
            observers.forecasts().of(context.taskId().partition()),
            new OutcomeForwarder(settings, observers, context),
            new DeadLetterForwarder(settings, context));
    // The time of a sweep does not change any forecast.
    context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> engine.sweep());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    long beginNs = System.nanoTime();
    counters.countEvent();
    read(record);
    counters.processing().recordNs(System.nanoTime() - beginNs);
  }

  private void read(Record<byte[], byte[]> record) {
    Task task = Objects.requireNonNull(this.task, "not initialized");
    RecordMetadata source = task.context().recordMetadata().orElseThrow();
    partitioner.set(source.partition());
    task.position().set(source.offset());
    ReadResult read =
        events.read(record.key(), record.value(), record.headers(), record.timestamp());
    counters.addRoundedIntegers(events.takeRoundedIntegers());
    if (read instanceof ReadResult.Deletion deletion) {
      counters.countDeletion();
      task.engine().delete(deletion.series());
    } else if (read instanceof ReadResult.Rejection rejection) {
      counters.countDeadLetter(RejectionKind.INVALID, List.of(rejection.reason()));
      task.deadLetters().forward(record, source, rejection.cause());
    } else if (read instanceof ReadResult.Event event) {
      apply(task, record, source, event.event());
    } else {
      counters.countSkipped();
    }
  }

  private void apply(
      Task task, Record<byte[], byte[]> record, RecordMetadata source, DecodedEvent event) {
    Map<String, String> rejected = new LinkedHashMap<>(event.refused());
    RejectionKind kind = rejected.isEmpty() ? null : RejectionKind.INVALID;
    for (Observation observation : event.observations()) {
      EventOutcome outcome = task.engine().process(observation);
      if (outcome instanceof EventOutcome.Rejected rejection) {
        rejected.put(observation.series(), rejection.reason());
        kind = kind == null ? rejection.kind() : kind;
      } else if (outcome instanceof EventOutcome.Applied applied) {
        Optional<String> problem = task.outcomes().forward(record, source, observation, applied);
        if (problem.isPresent()) {
          rejected.put(observation.series(), problem.get());
          kind = kind == null ? RejectionKind.INVALID : kind;
        }
      }
    }
    if (kind != null) {
      counters.countDeadLetter(kind, rejected.values());
      task.deadLetters().forward(record, source, rejected);
    }
  }
}
