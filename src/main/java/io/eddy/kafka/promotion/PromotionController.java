package io.eddy.kafka.promotion;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.BrokerErrors;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.ClientProperties;
import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Author;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promotes and drops shadow versions and rolls back serving versions, based on scores. Runs in its
 * own thread, outside the stream's transactions.
 *
 * <p>A consumer group elects the active instance: the one that is assigned partition 0 of the
 * scores topic. If it fails, another instance takes over and reads the scores again. A decision is
 * written only if its activation is still the latest, so that an instance can be killed at any
 * point and a second active instance changes nothing.
 */
public final class PromotionController implements PromotionControllerMXBean, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PromotionController.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration RETRY_BACKOFF = Duration.ofSeconds(5);
  private static final int SESSION_TIMEOUT_MS = 15_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(2);

  private final StreamSettings settings;
  private final Map<String, Object> client;
  private final RollbackRules rules;
  private final ModelCatalog catalog;
  private final ModelRegistry registry;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> election;
  private final Thread thread;
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final AtomicLong promotions = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();
  private final AtomicLong rollbacks = new AtomicLong();
  private final AtomicLong failedRollbacks = new AtomicLong();
  private volatile boolean isActive;
  private volatile String lastDecision = "";
  private @Nullable ScoreConsumer scores;
  private long seenChanges = -1;

  /**
   * Creates a controller that is not started.
   *
   * @param catalog signals changes of the activations
   * @param clock for the deadlines of promotion rules
   */
  public PromotionController(
      StreamSettings settings,
      Deployment deployment,
      ModelCatalog catalog,
      InstanceStatus.Id id,
      InstantSource clock) {
    this.settings = settings;
    client = deployment.client();
    rules = deployment.rollback();
    this.catalog = catalog;
    this.clock = clock;
    registry =
        new ModelRegistry(
            client,
            settings.topics(),
            ModelLoader.of(settings),
            Author.controller(id.application(), id.instance()));
    election =
        new KafkaConsumer<>(
            electionSettings(deployment, id),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    thread = new Thread(this::run, "eddy-promotion");
    thread.setDaemon(true);
  }

  /** Returns the consumer group that elects the active instance of an application. */
  public static String group(String applicationId) {
    return applicationId + "-promotion";
  }

  private static Map<String, Object> electionSettings(Deployment deployment, InstanceStatus.Id id) {
    Map<String, Object> settings = ClientProperties.consumer(deployment.client());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(deployment.applicationId()));
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, id.instance() + "-promotion");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    // Kafka Streams adds the number of the thread to the instance id of each stream thread.
    Object instanceId = deployment.client().get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    if (instanceId != null) {
      settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group(instanceId.toString()));
    }
    return settings;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      election.subscribe(List.of(settings.topics().scores()));
      while (!isClosing.get()) {
        try {
          runOnce();
        } catch (WakeupException | InterruptException e) {
          if (isClosing.get()) {
            break;
          }
        } catch (KafkaException | BrokerException e) {
          log.warn("promotion is suspended, retrying: {}", reason(e));
          deactivate();
          backOff();
        }
      }
    } catch (KafkaException e) {
      log.error("promotion has stopped: {}", reason(e));
    } finally {
      deactivate();
      closeElection();
    }
  }

  /** Leaves the group, if a broker answers soon. */
  private void closeElection() {
    try {
      election.close(CloseOptions.timeout(LEAVE_TIMEOUT));
    } catch (KafkaException e) {
      log.debug("cannot leave the group of the promotion", e);
    }
  }

  private @Nullable String reason(RuntimeException error) {
    String known = new BrokerErrors(client).describe(error, "Read");
    return known == null ? error.getMessage() : known;
  }

  private void runOnce() {
    // The group is only used for the election; its records are not read.
    election.pause(election.assignment());
    var unused = election.poll(scores == null ? POLL_TIMEOUT : Duration.ZERO);
    boolean isElected =
        election.assignment().contains(new TopicPartition(settings.topics().scores(), 0));
    if (!isElected) {
      deactivate();
      return;
    }
    if (scores == null) {
      scores = new ScoreConsumer(client, settings.topics().scores(), settings.model(), rules);
      seenChanges = -1;
      isActive = true;
    }
    long changes = catalog.changes();
    if (changes != seenChanges) {
      scores.refresh(registry.activations().read(settings.model()));
      seenChanges = changes;
    }
    scores.poll();
    scores.applyDecisions(clock.instant(), this::apply);
  }

  private void deactivate() {
    isActive = false;
    if (scores != null) {
      scores.close();
      scores = null;
    }
  }

  private void apply(Activation activation, RolloutDecision decision) {
    try {
      List<Activation> written = registry.rollout().apply(activation, decision);
      if (!written.isEmpty()) {
        report(activation, decision, written.get(0));
      }
    } catch (InvalidModelException e) {
      failedRollbacks.incrementAndGet();
      lastDecision =
          "cannot roll back version %s of epoch %d (%s): %s"
              .formatted(
                  activation.version().shortSha(),
                  activation.epoch(),
                  decision.reason(),
                  e.getMessage());
      log.error("{}", lastDecision);
    }
  }

  private void report(Activation activation, RolloutDecision decision, Activation written) {
    lastDecision =
        "version %s of epoch %d, new epoch %d: %s"
            .formatted(
                activation.version().shortSha(),
                activation.epoch(),
                written.epoch(),
                written.reason());
    switch (decision.kind()) {
      case PROMOTE -> {
        promotions.incrementAndGet();
        log.info("promoted shadow {}", lastDecision);
      }
      case DROP -> {
        drops.incrementAndGet();
        log.info("dropped shadow {}", lastDecision);
      }
      case ROLL_BACK -> {
        rollbacks.incrementAndGet();
        log.error("rolled back {}", lastDecision);
      }
    }
  }

  private static void backOff() {
    try {
      Thread.sleep(RETRY_BACKOFF.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isActive() {
    return isActive;
  }

  @Override
  public long getPromotions() {
    return promotions.get();
  }

  @Override
  public long getDrops() {
    return drops.get();
  }

  @Override
  public long getRollbacks() {
    return rollbacks.get();
  }

  @Override
  public long getFailedRollbacks() {
    return failedRollbacks.get();
  }

  @Override
  public String getLastDecision() {
    return lastDecision;
  }

  /** Leaves the consumer group, so that another instance becomes active. */
  @Override
  public void close() {
    isClosing.set(true);
    if (!thread.isAlive()) {
      election.close();
      return;
    }
    election.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
