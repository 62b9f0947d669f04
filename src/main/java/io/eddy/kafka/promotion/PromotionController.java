package io.eddy.kafka.promotion;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.model.InvalidModelException;
import io.eddy.rollout.Activation;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.RolloutDecision;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
 * Decides by scores which version serves: lets shadows that meet their challenge serve, ends those
 * that do not, and takes back what serves badly. In a thread of its own, outside the stream's
 * transactions.
 *
 * <p>Of all instances the one judges that a consumer group gives partition 0 of the scores topic;
 * when it dies another one takes the seat. All it knows it reads from the topic, and what it
 * decides it writes only if what it judged still stands, so that it may be killed at any point, and
 * a second one that judged at the same time would change nothing.
 */
public final class PromotionController implements PromotionControllerMXBean, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PromotionController.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(5);
  private static final int SESSION_MS = 15_000;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final StreamSettings settings;
  private final Map<String, Object> client;
  private final RollbackRules rules;
  private final ModelCatalog catalog;
  private final ModelRegistry registry;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> seat;
  private final Thread thread;
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final AtomicLong promotions = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();
  private final AtomicLong rollbacks = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private volatile boolean isSeated;
  private volatile String lastDecision = "";
  private @Nullable ScoreConsumer bench;
  private long seenChanges = -1;

  /**
   * A judge that is yet to be started.
   *
   * @param catalog tells when activations change
   * @param clock by which challenges time out
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
    registry = new ModelRegistry(client, settings.topics(), settings.modelLimits());
    Map<String, Object> seating = new HashMap<>(client);
    seating.keySet().removeIf(key -> !ConsumerConfig.configNames().contains(key));
    seating.put(ConsumerConfig.GROUP_ID_CONFIG, deployment.applicationId() + "-judge");
    seating.put(ConsumerConfig.CLIENT_ID_CONFIG, id.instance() + "-judge");
    seating.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    seating.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    // That of the stream's own group may be none of a consumer's.
    seating.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    seating.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MS);
    seat = new KafkaConsumer<>(seating, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    thread = new Thread(this::run, "eddy-judge");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try (seat) {
      seat.subscribe(List.of(settings.topics().scores()));
      while (!isClosing.get()) {
        try {
          sit();
        } catch (WakeupException | InterruptException e) {
          if (isClosing.get()) {
            break;
          }
        } catch (KafkaException | BrokerException e) {
          log.warn("no scores are judged for now: {}", e.getMessage());
          rise();
          pause();
        }
      }
    } catch (KafkaException e) {
      log.warn("no scores are judged any more: {}", e.getMessage());
    } finally {
      rise();
    }
  }

  private void sit() {
    // What is read here is of no interest: the group only says who judges.
    seat.pause(seat.assignment());
    var unused = seat.poll(bench == null ? PAUSE : Duration.ZERO);
    boolean isChosen =
        seat.assignment().contains(new TopicPartition(settings.topics().scores(), 0));
    if (!isChosen) {
      rise();
      return;
    }
    if (bench == null) {
      bench = new ScoreConsumer(client, settings.topics().scores(), settings.model(), rules);
      seenChanges = -1;
      isSeated = true;
    }
    long changes = catalog.changes();
    if (changes != seenChanges) {
      bench.refresh(registry.activations(settings.model()));
      seenChanges = changes;
    }
    bench.read();
    bench.settle(clock.instant(), this::settle);
  }

  private void rise() {
    isSeated = false;
    if (bench != null) {
      bench.close();
      bench = null;
    }
  }

  private boolean settle(ScoreConsumer.Settled settled) {
    Activation judged = settled.activation();
    RolloutDecision verdict = settled.verdict();
    try {
      List<Activation> written = registry.settle(judged, verdict);
      if (!written.isEmpty()) {
        say(judged, verdict, written.get(0));
      }
    } catch (InvalidModelException e) {
      unanswered.incrementAndGet();
      lastDecision =
          "version %s of epoch %d stays: %s, but %s"
              .formatted(
                  judged.version().shortSha(), judged.epoch(), verdict.why(), e.getMessage());
      log.error("{}", lastDecision);
    }
    return true;
  }

  private void say(Activation judged, RolloutDecision verdict, Activation written) {
    lastDecision =
        "version %s of epoch %d, epoch %d from now on: %s"
            .formatted(
                judged.version().shortSha(), judged.epoch(), written.epoch(), written.reason());
    switch (verdict.kind()) {
      case PROMOTE -> {
        promotions.incrementAndGet();
        log.info("shadow {}", lastDecision);
      }
      case DROP -> {
        drops.incrementAndGet();
        log.info("shadow {}", lastDecision);
      }
      case ROLL_BACK -> {
        rollbacks.incrementAndGet();
        log.error("ROLLED BACK: {}", lastDecision);
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LONG_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isSeated() {
    return isSeated;
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
  public long getUnanswered() {
    return unanswered.get();
  }

  @Override
  public String getLastDecision() {
    return lastDecision;
  }

  /** Leaves the seat to another one. */
  @Override
  public void close() {
    isClosing.set(true);
    if (!thread.isAlive()) {
      seat.close();
      return;
    }
    seat.wakeup();
    try {
      thread.join(GRACE.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
