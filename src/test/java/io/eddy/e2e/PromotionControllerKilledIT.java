package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.promotion.ShadowScores;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ShadowComparisonStatus;
import io.eddy.series.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A judge that is killed in the midst of a duel, several times, and started again: it decides once,
 * and by the very figures that one pass over the scores gives.
 */
@Timeout(600)
final class PromotionControllerKilledIT {
  private static final int SERIES = 6;
  private static final int FORECASTS = 60;

  /** As often as a forecast of a series is tried out. */
  private static final int HOURS = 5;

  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);

  /** Forecasts what its base does; the other one adds far too much to it. */
  private static final byte[] GOOD = Models.scaledFile(SMALL, 0);

  private static final byte[] BAD = Models.scaledFile(SMALL, 30);

  @TempDir Path folder;
  private final InProcessBroker broker = new InProcessBroker();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private final ModelRegistry registry = new ModelRegistry(client, TOPICS);
  private int hour;

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void judgeThatIsKilledInTheMidstOfADuelDecidesOnceAndTheSame() throws Exception {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 1);
    }
    List.of(GOOD, BAD).forEach(file -> registry.publisher().publish(MODEL, file));
    registry.rollout().activate(MODEL, ModelVersion.of(BAD), null, "");
    registry
        .rollout()
        .activate(MODEL, ModelVersion.of(GOOD), "", Terms.shadowing(Scope.all(), null));
    Activation duel =
        registry
            .rollout()
            .promoteWhen(
                MODEL,
                Scope.all(),
                Condition.parse(
                    "better by 2%% over %d forecasts, within 1 day".formatted(FORECASTS)),
                "");
    Path config = config();
    Path log = folder.resolve("serve.log");

    ServeProcess serve = new ServeProcess(config, log);
    try {
      send(SMALL.contextLength());
      for (int part = 1; part <= 2; part++) {
        sendUntil(log, duel, part * FORECASTS / 3);
        assertThat(standing(duel).decision()).isNull();
        assertThat(registry.activations().read(MODEL).highestEpoch()).isEqualTo(duel.epoch());
        serve.kill();
        serve = new ServeProcess(config, log);
      }
      sendUntil(log, duel, FORECASTS);
      until(log, () -> serving().epoch() != 1);
      // It judges on: nothing more follows from the same scores.
      sendAndAwait(log);
      sendAndAwait(log);
      assertThat(serve.stop()).as(ServeProcess.said(log)).isZero();
    } finally {
      serve.close();
    }

    assertThat(serving().version()).isEqualTo(ModelVersion.of(GOOD));
    assertThat(registry.activations().read(MODEL).descending())
        .extracting(Activation::epoch)
        .containsExactly(duel.epoch() + 2, duel.epoch() + 1, duel.epoch(), 2L, 1L);
    assertThat(serving().reason())
        .startsWith("automatic promotion: ")
        .contains(" over %d forecasts ".formatted(FORECASTS))
        .isEqualTo(Objects.requireNonNull(standing(duel).decision()));
    EddyProcess.Result verified =
        EddyProcess.run(folder.resolve("verify.log"), "verify", "--config", config.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
  }

  private Activation serving() {
    return registry.activations().read(MODEL).heads(Role.SERVE).get(0);
  }

  /** How the duel stands by all scores there are, whatever was decided. */
  private ShadowComparisonStatus standing(Activation duel) {
    return Objects.requireNonNull(
        ShadowScores.read(client, TOPICS.scores(), MODEL, new Activations(List.of(duel)))
            .get(duel.epoch()));
  }

  /** Sends events until so many forecasts of both can be compared. */
  private void sendUntil(Path log, Activation duel, int compared) throws IOException {
    while (standing(duel).compared() < compared) {
      sendAndAwait(log);
    }
  }

  /** Sends the events of some hours, and waits until every event has its forecast. */
  private void sendAndAwait(Path log) throws IOException {
    send(HOURS);
    until(
        log,
        () -> {
          long[] found = {0};
          new TopicReader(client).read(TOPICS.forecasts(), record -> found[0]++);
          return found[0] == (long) hour * SERIES;
        });
  }

  private static void until(Path log, java.util.concurrent.Callable<Boolean> condition)
      throws IOException {
    await()
        .alias(ServeProcess.said(log))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofMinutes(2))
        .until(condition);
  }

  /** Sends the events of the next hours: noise around a wave of six hours. */
  private void send(int hours) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int end = hour + hours; hour < end; hour++) {
        SplittableRandom random = new SplittableRandom(hour);
        for (int series = 0; series < SERIES; series++) {
          String name = "s" + series;
          long at = (100 + hour) * Models.INTERVAL.toMillis();
          double value = 10 * series + 3 * StrictMath.sin(Math.PI * hour / 3) + random.nextDouble();
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      TOPICS.events(),
                      null,
                      at,
                      name.getBytes(StandardCharsets.UTF_8),
                      encoder.encode(new Observation(name, at, value))));
        }
      }
    }
  }

  private Path config() throws IOException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "model",
            MODEL,
            "threads",
            "1",
            "state.dir",
            folder.resolve("state").toString(),
            "kafka.session.timeout.ms",
            "6000",
            "kafka.heartbeat.interval.ms",
            "1000",
            "kafka.commit.interval.ms",
            "200",
            "kafka.transaction.timeout.ms",
            "6000",
            "rollback.max-error-above-naive",
            "off"));
    Path file = folder.resolve("eddy.properties");
    try (var writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return file;
  }
}
