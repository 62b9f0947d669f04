package io.eddy.kafka.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Activations;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.Scope;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** The registry over a broker. Each test has topics of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelRegistryIT {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);
  private static final ModelVersion V1 = ModelVersion.of(FIRST);
  private static final ModelVersion V2 = ModelVersion.of(SECOND);
  private static final Scope PLANT = new Scope.Prefix("plant-7/");
  private static final Scope TENTH = Scope.Share.ofPercent(BigDecimal.TEN);

  private EmbeddedBroker broker = EmbeddedBroker.start();
  private Map<String, Object> client = Map.of();
  private TopicNames topics = TopicNames.DEFAULT;
  private ModelRegistry registry = new ModelRegistry(client, topics);

  @BeforeAll
  void connect() {
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @BeforeEach
  void makeTopics(TestInfo test) {
    String prefix = test.getTestMethod().orElseThrow().getName();
    topics =
        new TopicNames(
            prefix + "-events",
            prefix + "-forecasts",
            prefix + "-scores",
            prefix + "-models",
            prefix + "-activations",
            prefix + "-dead");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(topics, 1);
    }
    registry = new ModelRegistry(client, topics);
    registry.publish("m", FIRST);
    registry.publish("m", SECOND);
  }

  @Test
  void registriesThatActivateAtOnceTakeEpochsOfTheirOwn() {
    ExecutorService operators = Executors.newFixedThreadPool(2);
    try {
      List<CompletableFuture<List<Long>>> done = new ArrayList<>();
      for (byte[] file : List.of(FIRST, SECOND)) {
        done.add(CompletableFuture.supplyAsync(() -> activations(file, 5), operators));
      }

      List<Long> epochs = new ArrayList<>();
      done.forEach(one -> epochs.addAll(one.join()));

      assertThat(epochs)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
      assertThat(registry.activations("m").descending()).hasSize(10);
    } finally {
      operators.shutdown();
    }
  }

  private List<Long> activations(byte[] file, int count) {
    ModelRegistry mine = new ModelRegistry(client, topics);
    return IntStream.range(0, count)
        .mapToObj(i -> mine.activate("m", ModelVersion.of(file), null, "").epoch())
        .toList();
  }

  @Test
  void verdictThatIsWrittenTwiceAsByAJudgeThatWasKilledChangesNothingTheSecondTime() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, "", Terms.shadowing(PLANT, null));
    Condition condition = Condition.parse("better by 2% over 5 forecasts, within 1 day");
    Activation shadow = registry.challenge("m", PLANT, condition, "");
    RolloutDecision promoted = new RolloutDecision(RolloutDecision.Kind.PROMOTE, "better");

    assertThat(registry.settle(shadow, promoted)).hasSize(2);
    assertThat(new ModelRegistry(client, topics).settle(shadow, promoted)).isEmpty();

    Activation serving = registry.activations("m").heads(Role.SERVE).get(0);
    assertThat(serving.terms()).isEqualTo(Terms.serving(PLANT, null));
    assertThat(serving.version()).isEqualTo(V2);
    RolloutDecision bad = new RolloutDecision(RolloutDecision.Kind.ROLL_BACK, "worse");
    assertThat(registry.settle(serving, bad)).hasSize(1);
    assertThat(registry.settle(serving, bad)).isEmpty();
    assertThat(registry.activations("m").heads(Role.SERVE)).hasSize(1);
    assertThat(registry.activations("m").highestEpoch()).isEqualTo(6);
  }

  @Test
  void newShadowOfAScopeTakesThePlaceOfTheOneThatWasToBeJudged() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, "", Terms.shadowing(Scope.all(), null));
    Condition condition = Condition.parse("better by 2% over 5 forecasts, within 1 day");
    Activation first = registry.challenge("m", Scope.all(), condition, "");
    registry.activate("m", V1, "", Terms.shadowing(Scope.all(), null));

    assertThat(registry.settle(first, new RolloutDecision(RolloutDecision.Kind.PROMOTE, "better")))
        .isEmpty();

    assertThat(registry.activations("m").heads(Role.SHADOW).get(0).version()).isEqualTo(V1);
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.promote("m", PLANT, ""))
        .withMessage(
            "no version of model m shadows prefix plant-7/: `eddy models shadow VERSION` first");
  }

  @Test
  void writerThatAnotherOvertookDecidesAnew() {
    ExclusiveWriter slow = new ExclusiveWriter(client, "eddy-registry-" + topics.activations());
    List<Long> seen = new ArrayList<>();

    slow.write(
        () -> {
          long next = registry.activations("m").nextEpoch();
          seen.add(next);
          if (seen.size() == 1) {
            registry.activate("m", V1, null, "in the meantime");
          }
          return List.of(record(new Activation("m", next, V2, 7L, "")));
        });

    assertThat(seen).containsExactly(1L, 2L);
    assertThat(registry.activations("m").descending())
        .extracting(Activation::version)
        .containsExactly(V2, V1);
  }

  @Test
  void activationThatWasGivenUpInTheMidstIsNone() throws Exception {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("transactional.id", "eddy-registry-" + topics.activations());
    try (KafkaProducer<byte[], byte[]> dying =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      dying.initTransactions();
      dying.beginTransaction();
      dying.send(record(new Activation("m", 1, V2, 7L, ""))).get();

      Activation activation = registry.activate("m", V1, null, "");

      assertThat(activation.epoch()).isEqualTo(1);
      assertThat(registry.activations("m").descending()).containsExactly(activation);
    }
  }

  /** A commit is answered before the broker lets others read what it ended. */
  @Test
  void whatWasActivatedCanBeReadAtOnce() {
    for (long epoch = 1; epoch <= 40; epoch++) {
      registry.activate("m", epoch % 2 == 0 ? V1 : V2, null, "");

      assertThat(registry.activations("m").highestEpoch()).isEqualTo(epoch);
    }
  }

  @Test
  void versionThatMayStillServeIsNotRetired() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, 1000L, "");

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.retire(V1))
        .withMessage(
            "version %s of model m serves all under epoch 1, until 1970-01-01T00:00:01Z:"
                + " activate another in its place first",
            V1.shortSha());
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.retire(V2))
        .withMessageContaining("serves all under epoch 2, from 1970-01-01T00:00:01Z:");
    assertThat(registry.list()).hasSize(2);
  }

  @Test
  void versionThatShadowsIsNotRetired() {
    registry.activate("m", V2, "", Terms.shadowing(PLANT, null));

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.retire(V2))
        .withMessageContaining("shadows prefix plant-7/ under epoch 1");
  }

  @Test
  void versionThatAnotherReplacedIsRetiredAndCanBePublishedAgain() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, null, "");

    assertThat(registry.retire(V1)).isEqualTo(2);

    assertThat(registry.list()).extracting(entry -> entry.manifest().version()).containsExactly(V2);
    assertThat(registry.torn()).isEmpty();
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollback("m", Scope.all()))
        .withMessageStartingWith("no version " + V1.shortSha() + " of model m is published");
    registry.publish("m", FIRST);
    assertThat(registry.rollback("m", Scope.all()).version()).isEqualTo(V1);
  }

  @Test
  void versionOfWhichNothingIsThereIsNotRetired() {
    ModelVersion unknown = ModelVersion.of(new byte[1]);

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.retire(unknown))
        .withMessageStartingWith("no version " + unknown.shortSha() + " is published");
  }

  @Test
  void rollbackOfAScopeLeadsToItsVersionBeforeAndThenToTheWiderScope() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, "", Terms.serving(PLANT, null));
    registry.activate("m", V1, "", Terms.serving(PLANT, null));

    Activation back = registry.rollback("m", PLANT);

    assertThat(back.version()).isEqualTo(V2);
    assertThat(back.terms()).isEqualTo(Terms.serving(PLANT, null).at(Timing.URGENT));
    registry.activate("m", V2, "", Terms.serving(TENTH, null));
    Activation end = registry.rollback("m", TENTH);
    assertThat(end.terms()).isEqualTo(Terms.ending(TENTH, Role.SERVE, null).at(Timing.URGENT));
    assertThat(registry.rollback("m", TENTH).terms())
        .isEqualTo(Terms.serving(TENTH, null).at(Timing.URGENT));
    assertThat(registry.activations("m").findForAll(Role.SERVE, 0, one -> true))
        .extracting(Activation::epoch)
        .isEqualTo(1L);
  }

  @Test
  void rollbackWithoutAnythingBeforeIsRefused() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollback("m", PLANT))
        .withMessage("no version of model m was ever activated for prefix plant-7/");
    registry.activate("m", V1, null, "");
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollback("m", Scope.all()))
        .withMessageContaining("is the only one that ever served");
  }

  @Test
  void activationEverywhereEndsNarrowerScopes() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V1, "", Terms.serving(PLANT, null));
    registry.activate("m", V1, "", Terms.serving(TENTH, null));
    registry.activate("m", V1, "", Terms.shadowing(PLANT, null));

    List<Activation> written = registry.activateEverywhere("m", V2, "", Timing.from(50L));

    assertThat(written).extracting(Activation::epoch).containsExactly(5L, 6L, 7L);
    Activations now = registry.activations("m");
    assertThat(now.descending()).startsWith(written.get(2), written.get(1), written.get(0));
    assertThat(now.find(Role.SERVE, "plant-7/pump-3", 50, one -> true)).isEqualTo(written.get(0));
    assertThat(now.find(Role.SERVE, "plant-7/pump-3", 49, one -> true))
        .extracting(Activation::epoch)
        .isEqualTo(2L);
  }

  @Test
  void endOfWhatNothingServesIsRefused() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.end("m", Terms.ending(PLANT, Role.SERVE, null), ""))
        .withMessage("no version of model m serves prefix plant-7/: there is nothing to end");
  }

  @Test
  void versionIsPublishedUnderOneNameAlone() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.publish("other", FIRST))
        .withMessage(
            "version %s is published as one of model m: it cannot be one of other too",
            V1.shortSha());
    assertThat(registry.list()).allMatch(entry -> entry.manifest().model().equals("m"));
  }

  @Test
  void whatServesIsReadFromTheTopicsBySeries() {
    registry.activate("m", V1, null, "");
    registry.activate("m", V2, "", Terms.serving(PLANT, 100L));

    assertThat(registry.serving("m", 200).orElseThrow().version()).isEqualTo(V1);
    assertThat(registry.serving("m", "plant-7/a", 100).orElseThrow().version()).isEqualTo(V2);
    assertThat(registry.serving("m", "plant-7/a", 99).orElseThrow().version()).isEqualTo(V1);
    assertThat(registry.serving("nobody", 200)).isEmpty();
  }

  private ProducerRecord<byte[], byte[]> record(Activation activation) {
    ActivationCodec codec = new ActivationCodec();
    return new ProducerRecord<>(
        topics.activations(), codec.key(activation), codec.encode(activation));
  }
}
