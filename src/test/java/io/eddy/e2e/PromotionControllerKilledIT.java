package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.promotion.ShadowScores;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicNames;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance that is killed and restarted during a shadow comparison decides once, with the errors
 * that a single pass over the scores gives.
 */
@Timeout(600)
@Tag("slow")
final class PromotionControllerKilledIT {
  private static final int SERIES = 6;
  private static final int FORECASTS = 60;

  /** Interval between two scored forecasts of a series. */
  private static final int HOURS = 5;

  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final ModelSpecification SMALL = Models.specification(CellKind.GRU, 8, 24);

  /** Equals its baseline; the other version adds large errors to it. */
  private static final byte[] GOOD = Models.scaledFile(SMALL, 0);

  private static final byte[] BAD = Models.scaledFile(SMALL, 30);

  @TempDir Path folder;
  private RunningEddy eddy;
  private int hour;

  @BeforeEach
  void start() {
    eddy = new RunningEddy(folder, TOPICS, 1, MODEL);
  }

  @AfterEach
  void stop() {
    eddy.close();
  }

  @Test
  void killedInstanceDecidesOnce() throws Exception {
    eddy.activate(BAD);
    ModelRegistry registry = eddy.registry();
    registry.publisher().publish(MODEL, GOOD);
    registry
        .rollout()
        .activate(MODEL, ModelVersion.of(GOOD), "", Terms.shadowing(Scope.all(), null));
    Activation shadow =
        registry
            .rollout()
            .promoteWhen(
                MODEL,
                Scope.all(),
                Condition.parse(
                    "better by 2%% over %d forecasts, within 1 day".formatted(FORECASTS)),
                "");
    Path config = eddy.config("serve", Map.of("kafka.commit.interval.ms", "200"));
    Path log = eddy.log("serve");

    ServeProcess serve = eddy.serve("serve", config);
    try {
      send(SMALL.contextLength());
      for (int part = 1; part <= 2; part++) {
        sendUntil(log, shadow, part * FORECASTS / 3);
        assertThat(status(shadow).decision()).isNull();
        assertThat(registry.activations().read(MODEL).highestEpoch()).isEqualTo(shadow.epoch());
        serve.kill();
        serve = eddy.serve("serve", config);
      }
      sendUntil(log, shadow, FORECASTS);
      until(log, () -> serving().epoch() != 1);
      // Further scores must not cause another decision.
      sendAndAwait(log);
      sendAndAwait(log);
      assertThat(serve.stop()).as(ServeProcess.output(log)).isZero();
    } finally {
      serve.close();
    }

    assertThat(serving().version()).isEqualTo(ModelVersion.of(GOOD));
    assertThat(registry.activations().read(MODEL).descending())
        .extracting(Activation::epoch)
        .containsExactly(shadow.epoch() + 2, shadow.epoch() + 1, shadow.epoch(), 2L, 1L);
    assertThat(serving().reason())
        .startsWith("automatic promotion: ")
        .contains(" over %d forecasts ".formatted(FORECASTS))
        .isEqualTo(Objects.requireNonNull(status(shadow).decision()));
    eddy.verifyConsistent(config);
  }

  private Activation serving() {
    return eddy.registry().activations().read(MODEL).heads(Role.SERVE).get(0);
  }

  /** Returns the comparison by all scores, regardless of decisions. */
  private ShadowComparisonStatus status(Activation shadow) {
    return Objects.requireNonNull(
        ShadowScores.read(eddy.client(), TOPICS.scores(), MODEL, new Activations(List.of(shadow)))
            .get(shadow.epoch()));
  }

  /** Sends events until a number of forecasts can be compared. */
  private void sendUntil(Path log, Activation shadow, int compared) throws IOException {
    while (status(shadow).compared() < compared) {
      sendAndAwait(log);
    }
  }

  /** Sends some hours of events and waits until each has a forecast. */
  private void sendAndAwait(Path log) throws IOException {
    send(HOURS);
    until(log, () -> eddy.read(TOPICS.forecasts()).size() == hour * SERIES);
  }

  private static void until(Path log, java.util.concurrent.Callable<Boolean> condition)
      throws IOException {
    await()
        .alias(ServeProcess.output(log))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofMinutes(2))
        .until(condition);
  }

  /** Sends the next hours of events: a sine of period six hours plus noise. */
  private void send(int hours) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(eddy.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
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
}
