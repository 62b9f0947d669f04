package io.eddy.kafka.status;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.record.InstanceStatusCodec;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.state.EncodedState;
import io.eddy.kafka.stream.ActivationStore;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the loaded and rejected versions and the number of series by version to the status topic.
 * Runs in its own thread, outside the stream's transactions, so that reports may be some seconds
 * old.
 *
 * <p>Counting scans the states of all series. The pause between two scans is at least {@value
 * #PAUSE_FACTOR} times the duration of a scan, or {@value #MIGRATION_PAUSE_FACTOR} times while
 * series migrate and after activations or partitions have changed.
 */
public final class StatusReporter implements AutoCloseable {
  /** Minimum pause between two scans, and time between two checks whether one is due. */
  static final Duration PERIOD = Duration.ofSeconds(5);

  /** Maximum time between two reports. */
  static final Duration HEARTBEAT = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);
  private static final int PAUSE_FACTOR = 100;
  private static final int MIGRATION_PAUSE_FACTOR = 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final KafkaStreams streams;
  private final ModelCatalog catalog;
  private final StreamCounters counters;
  private final InstanceStatus.Id id;
  private final TopicNames topics;
  private final ActivationStore activationStore;
  private final KafkaProducer<byte[], byte[]> producer;
  private final BrokerErrors errors;
  private final InstanceStatusCodec codec = new InstanceStatusCodec();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "eddy-status");
            created.setDaemon(true);
            return created;
          });
  private @Nullable InstanceStatus last;
  private volatile List<SeriesCount> counts = List.of();

  /** Changes of the catalog before the last scan. */
  private long scannedChanges = -1;

  /** Partitions of the last scan. */
  private Set<Integer> scannedPartitions = Set.of();

  /** Duration of the last scan. */
  private long scanNs;

  private long scanEndNs = System.nanoTime();

  /** The reported state of the instance. */
  public record Source(KafkaStreams streams, ModelCatalog catalog, StreamCounters counters) {}

  /**
   * Creates a reporter that is not started.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public StatusReporter(
      Source source, InstanceStatus.Id id, TopicNames topics, Map<String, Object> client) {
    streams = source.streams();
    catalog = source.catalog();
    counters = source.counters();
    this.id = id;
    this.topics = topics;
    activationStore = new ActivationStore(id.model());
    errors = new BrokerErrors(client);
    Map<String, Object> settings = ClientProperties.producer(client);
    settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, id.instance() + "-status");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2000);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 5000);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public void start() {
    schedule();
  }

  /** Returns the result of the last scan; empty before the first one. */
  public List<SeriesCount> counts() {
    return counts;
  }

  private void schedule() {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(this::run, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void run() {
    try {
      if (isDue()) {
        scan();
      }
    } catch (IllegalStateException e) {
      log.debug("cannot find the partitions: {}", e.getMessage());
    }
    schedule();
  }

  private boolean isDue() {
    boolean isQuiet =
        catalog.changes() == scannedChanges
            && partitions().equals(scannedPartitions)
            && counts.stream().allMatch(count -> count.waiting() == 0);
    long pauseNs = (isQuiet ? PAUSE_FACTOR : MIGRATION_PAUSE_FACTOR) * scanNs;
    return System.nanoTime() - scanEndNs >= pauseNs;
  }

  private void scan() {
    long beginNs = System.nanoTime();
    scannedChanges = catalog.changes();
    try {
      scannedPartitions = partitions();
      report(Instant.now());
    } catch (InvalidStateStoreException | IllegalStateException e) {
      log.debug("cannot count the series during a rebalance: {}", e.getMessage());
    } catch (KafkaException e) {
      warn(e);
    }
    scanEndNs = System.nanoTime();
    scanNs = scanEndNs - beginNs;
  }

  private void report(Instant now) {
    ModelCatalog.Contents contents = catalog.contents();
    List<SeriesCount> counts = count(contents.rejected().keySet());
    this.counts = counts;
    catalog.setPendingMigrations(counts.stream().mapToLong(SeriesCount::waiting).sum());
    InstanceStatus status =
        new InstanceStatus(
            id,
            now,
            new InstanceStatus.Versions(contents.loaded(), contents.rejected()),
            counts,
            deadLetters());
    InstanceStatus before = last;
    if (before == null
        || !before.versions().equals(status.versions())
        || !before.series().equals(status.series())
        || !before.deadLetters().equals(status.deadLetters())
        || before.at().plus(HEARTBEAT).isBefore(now)) {
      send(codec.encode(status));
      last = status;
    }
  }

  private Map<String, Long> deadLetters() {
    Map<String, Long> found = new HashMap<>();
    for (RejectionKind kind : RejectionKind.values()) {
      long count = counters.deadLetters(kind);
      if (count > 0) {
        found.put(kind.id(), count);
      }
    }
    return found;
  }

  /** The number of series of one version and epoch. */
  private static final class Count {
    private long series;
    private long waiting;
  }

  /**
   * Counts the series of the active tasks by partition, version and epoch, and those with a pending
   * migration: another version applies at the time of their last step.
   */
  private List<SeriesCount> count(Set<ModelVersion> refused) {
    Activations activations =
        activationStore.read(
            streams.store(
                StoreQueryParameters.fromNameAndType(
                    ForecastTopology.ACTIVATIONS,
                    QueryableStoreTypes.<String, byte[]>keyValueStore())));
    List<SeriesCount> counts = new ArrayList<>();
    for (int partition : partitions()) {
      Map<Forecast.Served, Count> found = new HashMap<>();
      Forecast.Served served = null;
      Count count = new Count();
      ReadOnlyKeyValueStore<String, byte[]> states =
          streams.store(
              StoreQueryParameters.fromNameAndType(
                      ForecastTopology.STATES, QueryableStoreTypes.<String, byte[]>keyValueStore())
                  .withPartition(partition));
      try (KeyValueIterator<String, byte[]> all = states.all()) {
        while (all.hasNext()) {
          KeyValue<String, byte[]> series = all.next();
          EncodedState state = new EncodedState(series.value);
          if (served == null || !state.isServedBy(served)) {
            served = state.served();
            count = found.computeIfAbsent(served, key -> new Count());
          }
          count.series++;
          Activation target =
              activations.find(
                  Activation.Role.SERVE,
                  series.key,
                  state.lastStepMs(),
                  activation -> !refused.contains(activation.version()));
          count.waiting += target == null || target.version().equals(served.version()) ? 0 : 1;
        }
      }
      found.entrySet().stream()
          .sorted(
              Map.Entry.comparingByKey(java.util.Comparator.comparingLong(Forecast.Served::epoch)))
          .forEach(
              entry ->
                  counts.add(
                      new SeriesCount(
                          partition,
                          entry.getKey(),
                          entry.getValue().series,
                          entry.getValue().waiting)));
    }
    return counts;
  }

  /** Returns the partitions of the active tasks; those that key events by series have no series. */
  private SortedSet<Integer> partitions() {
    SortedSet<Integer> partitions = new TreeSet<>();
    streams
        .metadataForLocalThreads()
        .forEach(
            worker ->
                worker.activeTasks().stream()
                    .flatMap(task -> task.topicPartitions().stream())
                    .filter(partition -> partition.topic().equals(topics.source()))
                    .forEach(partition -> partitions.add(partition.partition())));
    return partitions;
  }

  private void send(byte @Nullable [] value) {
    var unused =
        producer.send(
            new ProducerRecord<>(topics.status(), codec.key(id), value),
            (sent, error) -> {
              if (error != null) {
                warn(error);
              }
            });
  }

  private void warn(Exception error) {
    String known = errors.describe(error, "Write");
    log.warn("cannot report the status: {}", known == null ? error.getMessage() : known);
  }

  /** Stops reporting and deletes the last report. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      // A report in progress must not follow the deletion.
      if (thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        send(null);
      }
    } catch (KafkaException e) {
      log.debug("cannot delete the status: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_TIMEOUT);
  }
}
