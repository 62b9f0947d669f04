package io.eddy.kafka;

import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.activity.ActivityLog;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.promotion.PromotionController;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.reset.LocalState;
import io.eddy.kafka.reset.StateOrigin;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.rocksdb.SharedMemory;
import io.eddy.kafka.schema.SchemaRegistryClient;
import io.eddy.kafka.schema.SchemaRegistryException;
import io.eddy.kafka.state.UnknownLayoutException;
import io.eddy.kafka.status.MBeanRegistration;
import io.eddy.kafka.status.StatusReporter;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.kafka.stream.WatchedForecasts;
import io.eddy.kafka.supervision.ClusterWatch;
import io.eddy.kafka.supervision.FailureKind;
import io.eddy.kafka.supervision.SourcePartitions;
import io.eddy.kafka.supervision.ThreadSupervisor;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the forecast topology with status reporting and automatic promotion. */
public final class Forecaster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Forecaster.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MIN_CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final @Nullable SharedMemory memory;
  private final boolean isStaticMember;
  private final KafkaStreams streams;
  private final StatusReporter status;
  private final PromotionController promotion;
  private final ActivityLog activity;
  private final AccessCheck access;
  private final LocalState state;
  private final Map<String, Object> client;
  private final List<MBeanRegistration> beans;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<String> failure;
  private final StreamSettings settings;
  private final ModelCatalog catalog;
  private final InstanceStatus.Id id;
  private final StreamCounters counters = new StreamCounters();
  private final WatchedForecasts watched = new WatchedForecasts();
  private final RestoreProgress restore = new RestoreProgress();
  private final SourcePartitions partitions;
  private final ClusterWatch cluster;
  private final ThreadSupervisor supervisor;
  private final Thread starter = new Thread(this::startStreams, "eddy-start");
  private final ServableModel servable;
  private volatile boolean hasRun;
  private volatile boolean isClosing;
  private volatile boolean hasStopped;
  private volatile long stateNs = System.nanoTime();

  /**
   * Creates a forecaster that is not started.
   *
   * @throws IllegalStateException if the state folder cannot be used
   */
  public Forecaster(StreamSettings settings, Deployment deployment) {
    state = new LocalState(deployment);
    state.requireUsable();
    client = deployment.client();
    access = new AccessCheck(settings.topics(), deployment, AccessRole.SERVE);
    this.settings = settings;
    catalog = new ModelCatalog(ModelLoader.of(settings));
    isStaticMember = deployment.client().containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    RocksDbSettings rocksDb = deployment.rocksDb();
    memory = rocksDb == null ? null : new SharedMemory(rocksDb);
    partitions = new SourcePartitions(settings.topics().source(), counters::addExpired);
    streams =
        new KafkaStreams(
            ForecastTopology.build(settings, catalog, counters, watched),
            StreamProperties.of(deployment, memory),
            partitions);
    id = new InstanceStatus.Id(deployment.applicationId(), instance(), settings.model());
    servable = new ServableModel(streams, catalog, settings.model());
    status =
        new StatusReporter(
            new StatusReporter.Source(streams, catalog, counters),
            id,
            settings.topics(),
            deployment.client());
    promotion = new PromotionController(settings, deployment, catalog, id, InstantSource.system());
    activity =
        new ActivityLog(
            new ActivityLog.Source(
                streams, catalog, counters, status::counts, restore::partitions, restore::records),
            settings.model(),
            settings.topics().source(),
            String.valueOf(deployment.client().get(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG)));
    beans =
        List.of(
            new MBeanRegistration("Models", catalog, id),
            new MBeanRegistration("PromotionController", promotion, id));
    streams.setGlobalStateRestoreListener(restore);
    // Asks the broker which permissions are missing: not on a stream thread.
    failure = ended.handleAsync((nothing, error) -> error == null ? "it stopped" : reason(error));
    cluster =
        new ClusterWatch(
            deployment.client(),
            topics(settings.topics()),
            partitions,
            ended::completeExceptionally);
    if (deployment.threads().isWaitingForTopics()) {
      TopicNames names = settings.topics();
      cluster.await(
          Stream.of(names.forecasts(), names.scores(), names.deadLetters(), names.anomalies())
              .filter(Objects::nonNull)
              .map(Objects::requireNonNull)
              .toList());
    }
    supervisor =
        new ThreadSupervisor(
            deployment.threads().maxReplacements(),
            cluster::awaitAnswer,
            registry -> SchemaRegistryClient.of(registry).awaitAnswer(() -> isClosing),
            ended::completeExceptionally,
            System::nanoTime);
    streams.setUncaughtExceptionHandler(supervisor);
    streams.setStateListener(
        (now, before) -> {
          log.info("forecaster state: {}", now);
          stateNs = System.nanoTime();
          if (now == KafkaStreams.State.RUNNING) {
            hasRun = true;
            supervisor.running();
          } else if (now == KafkaStreams.State.NOT_RUNNING) {
            ended.complete(null);
          } else if (now == KafkaStreams.State.ERROR && !starter.isAlive()) {
            ended.completeExceptionally(new IllegalStateException("the forecaster failed"));
          }
        });
  }

  /** Returns a unique name: host, process id and a random suffix. */
  private static String instance() {
    String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
    return "%s-%d-%s"
        .formatted(
            host, ProcessHandle.current().pid(), UUID.randomUUID().toString().substring(0, 8));
  }

  /**
   * Starts in the background: the global stores are restored first, which takes as long as no
   * broker answers.
   */
  public void start() {
    cluster.start();
    starter.setDaemon(true);
    starter.start();
    status.start();
    promotion.start();
    activity.start();
  }

  private void startStreams() {
    try {
      prepare();
      streams.start();
      if (streams.state() == KafkaStreams.State.ERROR) {
        ended.completeExceptionally(new IllegalStateException("the forecaster failed"));
      }
    } catch (RuntimeException e) {
      if (!isClosing) {
        ended.completeExceptionally(e);
      }
    }
  }

  /** Returns the topics that the forecaster needs. */
  private static List<String> topics(TopicNames names) {
    return Stream.of(
            names.events(),
            names.source(),
            names.forecasts(),
            names.scores(),
            names.deadLetters(),
            names.models(),
            names.activations(),
            names.anomalies(),
            names.alerts())
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .distinct()
        .toList();
  }

  /**
   * Checks that the state on this machine was computed from this cluster and these topics, and
   * limits the partitions that are read to those that have state.
   */
  private void prepare() {
    TopicNames names = settings.topics();
    try (BrokerAdmin admin = new BrokerAdmin(client)) {
      admin
          .topics(ForecastTopology.changelogTopics(id.application()))
          .values()
          .forEach(changelog -> partitions.limit(changelog.partitions().size()));
      admin
          .topics(List.of(names.source()))
          .values()
          .forEach(
              source -> partitions.limit(Math.min(partitions.limit(), source.partitions().size())));
      String clusterId =
          admin.await(admin.client().describeCluster().clusterId(), "Describe on the cluster");
      Set<String> inputs =
          Set.copyOf(List.of(names.events(), names.source(), names.models(), names.activations()));
      new StateOrigin(state)
          .require(
              clusterId,
              ids(admin, inputs),
              ids(admin, topics(names).stream().filter(name -> !inputs.contains(name)).toList()));
    }
  }

  private static Map<String, String> ids(BrokerAdmin admin, Collection<String> topics) {
    Map<String, String> ids = new HashMap<>();
    admin.topics(topics).forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
    return ids;
  }

  public StreamSettings settings() {
    return settings;
  }

  public KafkaStreams.State state() {
    return streams.state();
  }

  /** Returns whether the forecaster was running at some time, with all of its state restored. */
  public boolean hasRun() {
    return hasRun;
  }

  /** Returns the duration of the current rebalance; zero if no rebalance is in progress. */
  public Duration rebalanceTime() {
    return state() == KafkaStreams.State.REBALANCING
        ? Duration.ofNanos(System.nanoTime() - stateNs)
        : Duration.ZERO;
  }

  /**
   * Returns why events are not processed at present: no broker answers, a topic is missing, or a
   * stream thread is being replaced.
   */
  public Optional<String> interruption() {
    return cluster.problem().or(supervisor::problem);
  }

  /** Returns the number of stream threads that failed and were replaced. */
  public long threadReplacements() {
    return supervisor.replacements();
  }

  /**
   * Returns whether the forecaster ended because no broker answered, so that it can be restarted.
   */
  public boolean hasLostBroker() {
    return ended.isCompletedExceptionally()
        && FailureKind.of(ended.handle((nothing, error) -> error).join()) == FailureKind.CONNECTION;
  }

  /**
   * Returns why no version of the model can serve; empty if one can. Loads a version if none is
   * loaded yet.
   */
  public Optional<String> modelProblem() {
    return servable.problem();
  }

  /** Returns the stream threads with their tasks. */
  public Set<ThreadMetadata> threads() {
    return streams.metadataForLocalThreads();
  }

  /** Returns Kafka Streams, for queries and metrics only. */
  public KafkaStreams streams() {
    return streams;
  }

  /** Returns the application, the unique name of this instance, and the model. */
  public InstanceStatus.Id id() {
    return id;
  }

  /**
   * Returns the number of series by partition, version and epoch, counted some seconds ago; empty
   * before the first count.
   */
  public List<InstanceStatus.SeriesCount> seriesCounts() {
    return status.counts();
  }

  /** Returns what the stream threads have done since the start. */
  public StreamCounters counters() {
    return counters;
  }

  /** Returns the forecasts of watched series that are not committed yet. */
  public WatchedForecasts watchedForecasts() {
    return watched;
  }

  public RestoreProgress restoreProgress() {
    return restore;
  }

  public PromotionController promotion() {
    return promotion;
  }

  /** Returns the loaded and rejected versions. */
  public ModelCatalog catalog() {
    return catalog;
  }

  /**
   * Checks that the forecaster is running. If it failed, waits until the cause is known.
   *
   * @throws BrokerException if it failed or stopped, with the cause
   */
  public void requireAlive() {
    if (ended.isDone()) {
      Throwable cause = ended.handle((nothing, error) -> error).join();
      throw new BrokerException(
          "the forecaster failed: " + failure.join(),
          Objects.requireNonNullElseGet(cause, IllegalStateException::new));
    }
  }

  /**
   * Returns why the forecaster failed or stopped; empty if it has not, or the cause is not known
   * yet.
   */
  public Optional<String> failure() {
    return failure.isDone() ? Optional.of(failure.join()) : Optional.empty();
  }

  /**
   * Returns the reason of a failure, and logs it: missing permissions by resource and operation.
   */
  private String reason(Throwable cause) {
    Throwable root = root(cause);
    Optional<String> known =
        isExplained(root)
            ? Optional.ofNullable(root.getMessage())
            : missingTopics(root).or(() -> access.explain(cause));
    known.ifPresentOrElse(
        text -> log.error("stopping the forecaster: {}", text),
        () -> log.error("stopping the forecaster: a stream thread failed", cause));
    return known.orElseGet(() -> firstLine(root));
  }

  /** Returns the names of the missing topics, which Kafka Streams does not tell. */
  private Optional<String> missingTopics(Throwable root) {
    if (!(root instanceof MissingSourceTopicException)) {
      return Optional.empty();
    }
    try (BrokerAdmin admin = new BrokerAdmin(client)) {
      List<String> missing = new ArrayList<>(topics(settings.topics()));
      missing.removeAll(admin.topics(missing).keySet());
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "topic %s was deleted while the forecaster was running"
                  .formatted(String.join(", ", missing)));
    } catch (BrokerException e) {
      return Optional.empty();
    }
  }

  /** Returns the root cause. */
  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && !isExplained(root)) {
      root = root.getCause();
    }
    return root;
  }

  /** Returns whether the message of a failure names the cause and what to do. */
  private static boolean isExplained(Throwable error) {
    return error instanceof SchemaRegistryException
        || error instanceof BrokerException
        || error instanceof UnknownLayoutException;
  }

  /** Returns the first line of an error's message. */
  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message.lines().findFirst().orElse("");
  }

  /** Returns whether all threads ended when the forecaster was closed. */
  public boolean hasStopped() {
    return hasStopped;
  }

  /**
   * Commits and stops, within 20 seconds. Leaves the consumer group, unless it is a static member
   * ({@code group.instance.id}), whose partitions wait for its restart until the session expires.
   */
  @Override
  public void close() {
    long beganNs = System.nanoTime();
    isClosing = true;
    cluster.close();
    starter.interrupt();
    activity.close();
    status.close();
    promotion.close();
    beans.forEach(MBeanRegistration::close);
    GroupMembershipOperation membership =
        isStaticMember
            ? GroupMembershipOperation.REMAIN_IN_GROUP
            : GroupMembershipOperation.LEAVE_GROUP;
    CloseOptions options =
        CloseOptions.timeout(closeTimeout(beganNs)).withGroupMembershipOperation(membership);
    hasStopped = streams.close(options);
    if (!hasStopped) {
      // Threads that are still running use the memory: it is not released.
      log.warn("the forecaster did not stop within {} s", CLOSE_TIMEOUT.toSeconds());
    } else if (memory != null) {
      memory.close();
    }
  }

  /** Returns the time that is left for the threads, so that the process can report the outcome. */
  private static Duration closeTimeout(long beganNs) {
    Duration left = CLOSE_TIMEOUT.minusNanos(System.nanoTime() - beganNs);
    return left.compareTo(MIN_CLOSE_TIMEOUT) > 0 ? left : MIN_CLOSE_TIMEOUT;
  }
}
