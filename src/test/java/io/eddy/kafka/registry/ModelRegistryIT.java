package io.eddy.kafka.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.Covariate;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Activations;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.RolloutDecision;
import io.eddy.rollout.Scope;
import io.eddy.rollout.SigningKeys;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
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

/** The registry with a broker. Each test uses its own topics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelRegistryIT {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);
  private static final ModelVersion V1 = ModelVersion.of(FIRST);
  private static final ModelVersion V2 = ModelVersion.of(SECOND);
  private static final KeyPair KEY = SigningKeys.generate();
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
  void createTopics(TestInfo test) {
    String prefix = test.getTestMethod().orElseThrow().getName();
    topics =
        new TopicNames(
            prefix + "-events",
            prefix + "-forecasts",
            prefix + "-scores",
            prefix + "-models",
            prefix + "-activations",
            prefix + "-dead",
            "model-status");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(topics, 1);
    }
    registry = new ModelRegistry(client, topics);
    registry.publisher().publish("m", FIRST);
    registry.publisher().publish("m", SECOND);
  }

  @Test
  void concurrentActivationsHaveDistinctEpochs() {
    ExecutorService operators = Executors.newFixedThreadPool(2);
    try {
      List<CompletableFuture<List<Long>>> done = new ArrayList<>();
      for (byte[] file : List.of(FIRST, SECOND)) {
        done.add(CompletableFuture.supplyAsync(() -> activations(file, 5), operators));
      }

      List<Long> epochs = new ArrayList<>();
      done.forEach(future -> epochs.addAll(future.join()));

      assertThat(epochs)
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 10).boxed().toList());
      assertThat(registry.activations().read("m").descending()).hasSize(10);
    } finally {
      operators.shutdown();
    }
  }

  private List<Long> activations(byte[] file, int count) {
    ModelRegistry own = new ModelRegistry(client, topics);
    return IntStream.range(0, count)
        .mapToObj(i -> own.rollout().activate("m", ModelVersion.of(file), null, "").epoch())
        .toList();
  }

  @Test
  void appliesDecisionOnlyOnce() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, "", Terms.shadowing(PLANT, null));
    Condition condition = Condition.parse("better by 2% over 5 forecasts, within 1 day");
    Activation shadow = registry.rollout().promoteWhen("m", PLANT, condition, "");
    RolloutDecision promoted = new RolloutDecision(RolloutDecision.Kind.PROMOTE, "better");

    assertThat(registry.rollout().apply(shadow, promoted)).hasSize(2);
    assertThat(new ModelRegistry(client, topics).rollout().apply(shadow, promoted)).isEmpty();

    Activation serving = registry.activations().read("m").heads(Role.SERVE).get(0);
    assertThat(serving.terms()).isEqualTo(Terms.serving(PLANT, null));
    assertThat(serving.version()).isEqualTo(V2);
    RolloutDecision bad = new RolloutDecision(RolloutDecision.Kind.ROLL_BACK, "worse");
    assertThat(registry.rollout().apply(serving, bad)).hasSize(1);
    assertThat(registry.rollout().apply(serving, bad)).isEmpty();
    assertThat(registry.activations().read("m").heads(Role.SERVE)).hasSize(1);
    assertThat(registry.activations().read("m").highestEpoch()).isEqualTo(6);
  }

  @Test
  void ignoresDecisionForReplacedShadow() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, "", Terms.shadowing(Scope.all(), null));
    Condition condition = Condition.parse("better by 2% over 5 forecasts, within 1 day");
    Activation first = registry.rollout().promoteWhen("m", Scope.all(), condition, "");
    registry.rollout().activate("m", V1, "", Terms.shadowing(Scope.all(), null));

    assertThat(
            registry
                .rollout()
                .apply(first, new RolloutDecision(RolloutDecision.Kind.PROMOTE, "better")))
        .isEmpty();

    assertThat(registry.activations().read("m").heads(Role.SHADOW).get(0).version()).isEqualTo(V1);
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().promote("m", PLANT, ""))
        .withMessage(
            "no version of model m shadows prefix plant-7/; run `eddy models shadow VERSION`"
                + " first");
  }

  @Test
  void fencedWriterDecidesAgain() {
    ExclusiveWriter slow = new ExclusiveWriter(client, topics);
    List<Long> seen = new ArrayList<>();

    slow.write(
        () -> {
          long next = registry.activations().read("m").nextEpoch();
          seen.add(next);
          if (seen.size() == 1) {
            registry.rollout().activate("m", V1, null, "concurrent");
          }
          return List.of(record(new Activation("m", next, V2, 7L, "")));
        });

    assertThat(seen).containsExactly(1L, 2L);
    assertThat(registry.activations().read("m").descending())
        .extracting(Activation::version)
        .containsExactly(V2, V1);
  }

  @Test
  void ignoresActivationOfAbortedTransaction() throws Exception {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("transactional.id", "eddy-registry-" + topics.activations());
    try (KafkaProducer<byte[], byte[]> aborted =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      aborted.initTransactions();
      aborted.beginTransaction();
      aborted.send(record(new Activation("m", 1, V2, 7L, ""))).get();

      Activation activation = registry.rollout().activate("m", V1, null, "");

      assertThat(activation.epoch()).isEqualTo(1);
      assertThat(registry.activations().read("m").descending()).containsExactly(activation);
    }
  }

  /** A commit returns before its records are readable. */
  @Test
  void activationIsReadableImmediately() {
    for (long epoch = 1; epoch <= 40; epoch++) {
      registry.rollout().activate("m", epoch % 2 == 0 ? V1 : V2, null, "");

      assertThat(registry.activations().read("m").highestEpoch()).isEqualTo(epoch);
    }
  }

  @Test
  void rejectsRetirementOfServingVersion() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, 1000L, "");

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().retire(V1))
        .withMessage(
            "version %s of model m serves all under epoch 1, until 1970-01-01T00:00:01Z;"
                + " activate another version first",
            V1.shortSha());
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().retire(V2))
        .withMessageContaining("serves all under epoch 2, from 1970-01-01T00:00:01Z;");
    assertThat(registry.models().list()).hasSize(2);
  }

  @Test
  void rejectsRetirementOfShadowVersion() {
    registry.rollout().activate("m", V2, "", Terms.shadowing(PLANT, null));

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().retire(V2))
        .withMessageContaining("shadows prefix plant-7/ under epoch 1");
  }

  @Test
  void retiresReplacedVersion() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, null, "");

    assertThat(registry.rollout().retire(V1)).isEqualTo(2);

    assertThat(registry.models().list())
        .extracting(entry -> entry.manifest().version())
        .containsExactly(V2);
    assertThat(registry.models().withoutManifest()).isEmpty();
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().rollback("m", Scope.all()))
        .withMessageStartingWith("no version " + V1.shortSha() + " of model m is published");
    registry.publisher().publish("m", FIRST);
    assertThat(registry.rollout().rollback("m", Scope.all()).version()).isEqualTo(V1);
  }

  @Test
  void rejectsRetirementOfUnknownVersion() {
    ModelVersion unknown = ModelVersion.of(new byte[1]);

    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().retire(unknown))
        .withMessageStartingWith("no version " + unknown.shortSha() + " is published");
  }

  @Test
  void rollbackReturnsToPreviousVersionThenWiderScope() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, "", Terms.serving(PLANT, null));
    registry.rollout().activate("m", V1, "", Terms.serving(PLANT, null));

    Activation rollback = registry.rollout().rollback("m", PLANT);

    assertThat(rollback.version()).isEqualTo(V2);
    assertThat(rollback.terms()).isEqualTo(Terms.serving(PLANT, null).at(Timing.URGENT));
    registry.rollout().activate("m", V2, "", Terms.serving(TENTH, null));
    Activation end = registry.rollout().rollback("m", TENTH);
    assertThat(end.terms()).isEqualTo(Terms.ending(TENTH, Role.SERVE, null).at(Timing.URGENT));
    assertThat(registry.rollout().rollback("m", TENTH).terms())
        .isEqualTo(Terms.serving(TENTH, null).at(Timing.URGENT));
    assertThat(registry.activations().read("m").findForAll(Role.SERVE, 0, activation -> true))
        .extracting(Activation::epoch)
        .isEqualTo(1L);
  }

  @Test
  void rejectsRollbackWithoutPreviousVersion() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().rollback("m", PLANT))
        .withMessage("no version of model m was ever activated for prefix plant-7/");
    registry.rollout().activate("m", V1, null, "");
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().rollback("m", Scope.all()))
        .withMessageContaining("is the only version that ever served");
  }

  @Test
  void activationEverywhereEndsNarrowerScopes() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V1, "", Terms.serving(PLANT, null));
    registry.rollout().activate("m", V1, "", Terms.serving(TENTH, null));
    registry.rollout().activate("m", V1, "", Terms.shadowing(PLANT, null));

    List<Activation> written = registry.rollout().activateEverywhere("m", V2, "", Timing.from(50L));

    assertThat(written).extracting(Activation::epoch).containsExactly(5L, 6L, 7L);
    Activations current = registry.activations().read("m");
    assertThat(current.descending()).startsWith(written.get(2), written.get(1), written.get(0));
    assertThat(current.find(Role.SERVE, "plant-7/pump-3", 50, activation -> true))
        .isEqualTo(written.get(0));
    assertThat(current.find(Role.SERVE, "plant-7/pump-3", 49, activation -> true))
        .extracting(Activation::epoch)
        .isEqualTo(2L);
  }

  @Test
  void rejectsEndOfUnservedScope() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.rollout().end("m", Terms.ending(PLANT, Role.SERVE, null), ""))
        .withMessage("nothing to end: no version of model m serves prefix plant-7/");
  }

  @Test
  void rejectsSecondModelNameForVersion() {
    assertThatExceptionOfType(InvalidModelException.class)
        .isThrownBy(() -> registry.publisher().publish("other", FIRST))
        .withMessage("version %s is already published as a version of model m", V1.shortSha());
    assertThat(registry.models().list()).allMatch(entry -> entry.manifest().model().equals("m"));
  }

  @Test
  void selectsServingVersionBySeries() {
    registry.rollout().activate("m", V1, null, "");
    registry.rollout().activate("m", V2, "", Terms.serving(PLANT, 100L));

    assertThat(registry.serving("m", 200).orElseThrow().version()).isEqualTo(V1);
    assertThat(registry.serving("m", "plant-7/a", 100).orElseThrow().version()).isEqualTo(V2);
    assertThat(registry.serving("m", "plant-7/a", 99).orElseThrow().version()).isEqualTo(V1);
    assertThat(registry.serving("unknown", 200)).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // a key without a record gives null
  void verifyRejectsWhatServeRejects() {
    byte[] large = Models.file(Models.specification(CellKind.GRU, 64, 24), 3);
    byte[] covariates =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.GRU, 8, 24), Covariate.past("load")),
            4);
    ModelLimits limits = new ModelLimits(FIRST.length + 4096, List.of(KEY.getPublic()));
    StreamSettings settings =
        StreamSettingsBuilder.settings("m")
            .topics(topics)
            .policies(StreamPoliciesBuilder.policies().modelLimits(limits).build())
            .build();
    for (byte[] file : List.of(FIRST, large, covariates)) {
      registry.publisher().publish("m", file, KEY.getPrivate(), null);
    }
    Map<String, byte[]> records = new HashMap<>();
    TopicReader reader = new TopicReader(client);
    reader.read(
        topics.models(),
        record -> records.put(new String(record.key(), StandardCharsets.UTF_8), record.value()));
    ModelCatalog serve = new ModelCatalog(ModelLoader.of(settings));
    ModelLookup verify = new TopicModelLookup(reader, settings);

    for (byte[] file : List.of(FIRST, SECOND, large, covariates)) {
      ModelVersion version = ModelVersion.of(file);
      boolean isAccepted = file == FIRST;
      assertThat(serve.find(version, records::get) != null).isEqualTo(isAccepted);
      assertThat(verify.find(version) != null).isEqualTo(isAccepted);
    }
    assertThat(serve.contents().rejected()).hasSize(3);
  }

  private ProducerRecord<byte[], byte[]> record(Activation activation) {
    ActivationCodec codec = new ActivationCodec();
    return new ProducerRecord<>(
        topics.activations(), codec.key(activation), codec.encode(activation));
  }
}
