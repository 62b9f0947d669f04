package io.eddy.kafka.supervision;

import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers at short intervals whether they answer, and whether the topics exist. Runs in
 * its own thread.
 *
 * <p>Kafka Streams reconnects by itself, but reports neither that no broker answers nor that a
 * topic was deleted.
 */
public final class ClusterWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** A broker that has just started may not know all topics yet. */
  private static final int MAX_MISSES = 3;

  private final Map<String, Object> client;
  private final Collection<String> topics;
  private final SourcePartitions partitions;
  private final Consumer<Throwable> stop;
  private final Thread thread = new Thread(this::run, "eddy-cluster-watch");
  private final Map<String, Uuid> ids = new HashMap<>();
  private int misses;
  private boolean isClosed;
  private long answers;
  private volatile long lastAnswerNs = System.nanoTime();
  private volatile boolean isSilent;
  private volatile @Nullable String missing;
  private volatile @Nullable String growth;
  private Set<String> awaited = Set.of();

  /**
   * Creates a watch that is not started.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param topics names of the topics that must exist while the forecaster runs
   * @param partitions the partitions of the source topic that are read
   * @param stop receives the failure if a topic was deleted
   */
  public ClusterWatch(
      Map<String, Object> client,
      Collection<String> topics,
      SourcePartitions partitions,
      Consumer<Throwable> stop) {
    this.client = client;
    this.topics = topics;
    this.partitions = partitions;
    this.stop = stop;
    thread.setDaemon(true);
  }

  /** Sets the topics that are awaited when they were deleted, before the start. */
  public void await(Collection<String> topics) {
    awaited = Set.copyOf(topics);
  }

  public void start() {
    thread.start();
  }

  /**
   * Returns that a topic is missing, no broker answers, or partitions are not read; empty if
   * neither is the case.
   */
  public Optional<String> problem() {
    return missing != null ? Optional.of(missing) : silence().or(() -> Optional.ofNullable(growth));
  }

  private Optional<String> silence() {
    return isSilent
        ? Optional.of(
            "no broker at %s has answered for %d s"
                .formatted(
                    client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                    Duration.ofNanos(System.nanoTime() - lastAnswerNs).toSeconds()))
        : Optional.empty();
  }

  /** Waits until a broker answers a request that is sent after the call; false once closed. */
  public synchronized boolean awaitAnswer() {
    // The answer to a request that is under way may be older than the call.
    long awaited = answers + 2;
    try {
      while (!isClosed && answers < awaited) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !isClosed;
  }

  private void run() {
    Admin admin = null;
    while (!isClosed()) {
      try {
        admin = admin == null ? connect() : admin;
        var unused =
            admin
                .describeCluster()
                .clusterId()
                .get(TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
        answered();
        checkTopics(admin);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
          isSilent = true;
        } else {
          // A broker rejects the request, so it answers.
          answered();
        }
      } catch (TimeoutException | KafkaException e) {
        log.debug("no broker answers", e);
        isSilent = true;
      } catch (InterruptedException e) {
        break;
      }
      if (!pause()) {
        break;
      }
    }
    close(admin);
  }

  /** Stops the forecaster if a topic is missing, or was created again. */
  private void checkTopics(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    String found = null;
    boolean isFatal = false;
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        TopicDescription description =
            topic.getValue().get(TIMEOUT.toMillis() + 1000, TimeUnit.MILLISECONDS);
        checkPartitions(description);
        Uuid id = description.topicId();
        if (awaited.contains(topic.getKey())) {
          ids.put(topic.getKey(), id);
        } else if (!ids.computeIfAbsent(topic.getKey(), name -> id).equals(id)) {
          isFatal = true;
          found = "topic %s was deleted and created again".formatted(topic.getKey());
        }
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
        if (ids.containsKey(topic.getKey())) {
          isFatal |= !awaited.contains(topic.getKey());
          found = "topic %s was deleted".formatted(topic.getKey());
        }
      }
    }
    missing = found;
    misses = isFatal ? misses + 1 : 0;
    if (found != null) {
      log.error("{}", found);
      if (misses == MAX_MISSES) {
        stop.accept(
            new BrokerException(
                found + " while the forecaster was running", new IllegalStateException()));
      }
    }
  }

  /** Reports partitions that were added to the source topic and are not read. */
  private void checkPartitions(TopicDescription topic) {
    int read = partitions.limit();
    int present = topic.partitions().size();
    if (!topic.name().equals(partitions.topic()) || present <= read || growth != null) {
      return;
    }
    growth =
        ("topic %s has %d partitions, but the state has %d: events of partitions %d and above are"
                + " not read; stop every instance and run `eddy topics alter`")
            .formatted(topic.name(), present, read, read);
    log.error("{}", growth);
  }

  /** Pauses between two requests; returns false if interrupted. */
  private static boolean pause() {
    try {
      Thread.sleep(PERIOD.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private Admin connect() {
    Map<String, Object> settings = ClientProperties.admin(client);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2000);
    return Admin.create(settings);
  }

  private static void close(@Nullable Admin admin) {
    if (admin != null) {
      admin.close(CLOSE_TIMEOUT);
    }
  }

  private synchronized void answered() {
    answers++;
    lastAnswerNs = System.nanoTime();
    isSilent = false;
    notifyAll();
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  /** Ends the watch; threads that wait for an answer return. */
  @Override
  public synchronized void close() {
    isClosed = true;
    thread.interrupt();
    notifyAll();
  }
}
