package io.eddy.kafka.activity;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.stream.ActivationStore;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.rollout.Activations;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the activity of a forecaster from a thread of its own. */
public final class ActivityLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger("io.eddy.activity");
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Source source;
  private final String topic;
  private final ActivationStore activationStore;
  private final RolloutLog rollout;
  private final TaskLog tasks;
  private final FlowLog flow;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "eddy-activity");
            created.setDaemon(true);
            return created;
          });
  private @Nullable Activations activations;
  private long seenChanges = -1;

  /**
   * Sources of the log.
   *
   * @param series the series by partition, version and epoch
   * @param restoring number of partitions that are being restored
   * @param toRestore number of records left to restore
   */
  public record Source(
      KafkaStreams streams,
      ModelCatalog catalog,
      StreamCounters counters,
      Supplier<List<SeriesCount>> series,
      IntSupplier restoring,
      LongSupplier toRestore) {}

  /**
   * Creates a log that is not started.
   *
   * @param model name of the model
   * @param topic the topic that forecasts are computed from
   */
  public ActivityLog(Source source, String model, String topic, String bootstrapServers) {
    this.source = source;
    this.topic = topic;
    activationStore = new ActivationStore(model);
    Lines lines = new LoggedLines();
    rollout = new RolloutLog(lines);
    tasks = new TaskLog(lines, topic, bootstrapServers);
    flow = new FlowLog(lines);
  }

  private static final class LoggedLines implements Lines {
    @Override
    public void info(String line) {
      log.info("{}", line);
    }

    @Override
    public void warn(String line) {
      log.warn("{}", line);
    }
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::update, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void update() {
    try {
      Snapshot now = snapshot();
      tasks.update(now);
      rollout.update(now);
      flow.update(now);
    } catch (RuntimeException e) {
      // An exception would end the schedule.
      log.debug("cannot observe the forecaster", e);
    }
  }

  private Snapshot snapshot() {
    return new Snapshot(
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
        activations(),
        series(),
        new Snapshot.Tasks(
            partitions(),
            source.restoring().getAsInt(),
            source.toRestore().getAsLong(),
            (long) sum("consumer-metrics", "response-total", any -> true),
            (long) sum("consumer-fetch-manager-metrics", "records-lag", this::isOfTopic)),
        flow());
  }

  private @Nullable Activations activations() {
    long changes = source.catalog().changes();
    if (changes != seenChanges) {
      try {
        activations =
            activationStore.read(
                source
                    .streams()
                    .store(
                        StoreQueryParameters.fromNameAndType(
                            ForecastTopology.ACTIVATIONS,
                            QueryableStoreTypes.<String, byte[]>keyValueStore())));
        seenChanges = changes;
      } catch (InvalidStateStoreException e) {
        log.trace("the activations are not available", e);
      }
    }
    return activations;
  }

  private Snapshot.SeriesCounts series() {
    Map<Forecast.Served, Long> served = new HashMap<>();
    long pending = 0;
    for (SeriesCount count : source.series().get()) {
      served.merge(count.served(), count.series(), Long::sum);
      pending += count.waiting();
    }
    return new Snapshot.SeriesCounts(served, pending);
  }

  private SortedSet<Integer> partitions() {
    SortedSet<Integer> partitions = new TreeSet<>();
    source
        .streams()
        .metadataForLocalThreads()
        .forEach(
            thread ->
                thread.activeTasks().forEach(task -> partitions.add(task.taskId().partition())));
    return partitions;
  }

  private boolean isOfTopic(MetricName metric) {
    String tag = metric.tags().get("topic");
    return topic.equals(tag) || topic.replace('.', '_').equals(tag);
  }

  private double sum(String group, String name, Predicate<MetricName> filter) {
    return source.streams().metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals(name))
        .filter(metric -> metric.metricName().group().equals(group))
        .filter(metric -> filter.test(metric.metricName()))
        .map(Metric::metricValue)
        .filter(Double.class::isInstance)
        .mapToDouble(Double.class::cast)
        .filter(Double::isFinite)
        .sum();
  }

  private Snapshot.Flow flow() {
    StreamCounters counters = source.counters();
    Map<RejectionKind, Long> deadLetters = new EnumMap<>(RejectionKind.class);
    Stream.of(RejectionKind.values())
        .forEach(kind -> deadLetters.put(kind, counters.deadLetters(kind)));
    long dropped = Stream.of(StepResult.Reason.values()).mapToLong(counters::dropped).sum();
    return new Snapshot.Flow(
        counters.events(),
        counters.forecasts(),
        deadLetters,
        counters.rejections(),
        dropped,
        counters.late(),
        counters.incompleteFuture());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
