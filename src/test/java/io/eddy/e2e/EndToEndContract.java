package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicDefinition;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicProblem;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * End-to-end tests that every broker must pass. The tests share a broker and use their own topics.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndToEndContract {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SERIES = 20;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);
  private static final byte[] DILATED =
      Models.file(
          Models.withLayers(Models.specification(CellKind.LSTM, 8, 24), List.of(1, 4, 30), 3), 4);

  @TempDir Path folder;
  private @Nullable BrokerUnderTest broker;
  private Map<String, Object> client = Map.of();

  /** Starts the broker. A failed assumption skips every test. */
  abstract BrokerUnderTest startBroker();

  @BeforeEach
  void start() {
    if (broker == null) {
      broker = startBroker();
      client = Map.of("bootstrap.servers", broker.bootstrapServers());
    }
  }

  @AfterAll
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void reportsAndCreatesMissingTopics() {
    TopicNames names = names("creation");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      assertThat(admin.check(names))
          .extracting(TopicProblem::topic, TopicProblem::problem)
          .containsExactlyElementsOf(
              names.all().stream().map(name -> tuple(name, "is missing")).toList());

      assertThat(admin.create(names, 3))
          .extracting(TopicDefinition::name, TopicDefinition::partitions)
          .containsExactly(
              tuple(names.events(), 3),
              tuple(names.forecasts(), 3),
              tuple(names.scores(), 3),
              tuple(names.models(), 1),
              tuple(names.activations(), 1),
              tuple(names.deadLetters(), 1),
              tuple(names.status(), 1));

      assertThat(admin.create(names, 5)).isEmpty();
      assertThat(admin.check(names)).isEmpty();
    }
  }

  @Test
  void createsForecastsWithPartitionsOfEvents() throws Exception {
    TopicNames names = names("given");
    createByHand(new NewTopic(names.events(), 5, (short) -1));
    try (TopicAdmin admin = new TopicAdmin(client)) {
      assertThat(admin.create(names, 2))
          .extracting(TopicDefinition::name, TopicDefinition::partitions)
          .doesNotContain(tuple(names.events(), 5))
          .contains(tuple(names.forecasts(), 5));
    }
  }

  @Test
  void reportsMisconfiguredTopics() throws Exception {
    TopicNames names = names("wrong");
    createByHand(
        new NewTopic(names.events(), 4, (short) -1),
        new NewTopic(names.forecasts(), 2, (short) -1),
        new NewTopic(names.models(), 1, (short) -1));
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(names, 2);

      List<TopicProblem> problems = admin.check(names);

      assertThat(problems)
          .extracting(TopicProblem::topic)
          .containsOnly(names.forecasts(), names.models());
      assertThat(problems)
          .extracting(TopicProblem::problem)
          .contains("has cleanup.policy=delete, expected compact")
          .anyMatch(problem -> problem.startsWith("has 2 partitions, expected 4"));
    }
  }

  @Test
  void ignoresAbortedRecords() throws Exception {
    TopicNames names = createTopics("transactions");
    try (KafkaProducer<byte[], byte[]> producer = transactionalProducer("transactions")) {
      sendInTransaction(producer, names.events(), "first");
      producer.commitTransaction();
      sendInTransaction(producer, names.events(), "aborted");
      producer.abortTransaction();
      sendInTransaction(producer, names.events(), "second");
      producer.commitTransaction();
    }

    List<String> values = new ArrayList<>();
    new TopicReader(client)
        .read(
            names.events(),
            record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
    assertThat(values).containsExactly("first", "second");
  }

  @Test
  void acceptsAnyTimestamp() throws Exception {
    TopicNames names = createTopics("times");
    long year3000 = 32_503_680_000_000L;
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (String topic : List.of(names.forecasts(), names.scores(), names.deadLetters())) {
        for (long timestamp : new long[] {0, year3000}) {
          RecordMetadata sent =
              producer
                  .send(new ProducerRecord<>(topic, 0, timestamp, new byte[1], new byte[1]))
                  .get();
          assertThat(sent.timestamp()).isEqualTo(timestamp);
        }
      }
    }
  }

  @Test
  void brokerRestartCausesNoLoss() {
    TopicNames names = createTopics("restart");
    activate(names, FIRST);
    List<Observation> events = observations(0, 40);
    try (Forecaster forecaster = start("restart", names)) {
      send(names, observations(0, 20));
      awaitForecasts(names, 10 * SERIES);

      broker().restart();

      send(names, observations(20, 40));
      awaitForecasts(names, events.size());
      forecaster.requireAlive();
    }

    List<PublishedForecast> forecasts = read(names);
    assertThat(forecasts).hasSize(events.size());
    assertThat(bySource(forecasts)).hasSize(events.size());
    assertThat(bySeriesAndOrigin(forecasts)).isEqualTo(replay(events, ModelFile.read(FIRST)));
  }

  @Test
  void everyEventProducesTheExpectedForecast() {
    TopicNames names = createTopics("plain");
    activate(names, FIRST);
    List<Observation> events = observations(0, 40);
    send(names, events);

    try (Forecaster forecaster = start("plain", names)) {
      awaitForecasts(names, events.size());
      forecaster.requireAlive();
    }

    Model model = ModelFile.read(FIRST);
    assertThat(bySeriesAndOrigin(read(names))).isEqualTo(replay(events, model));
  }

  @Test
  void dilatedNetContinuesWithAndWithoutState() throws IOException {
    TopicNames names = createTopics("dilated");
    activate(names, DILATED);
    List<Observation> events = observations(0, 120);

    for (int start = 0; start < 3; start++) {
      if (start == 2) {
        delete(folder.resolve("dilated-state"));
      }
      try (Forecaster forecaster = start("dilated", names)) {
        send(names, observations(start * 40, start * 40 + 40));
        awaitForecasts(names, (start + 1) * 40 * SERIES);
        forecaster.requireAlive();
      }
    }

    List<PublishedForecast> forecasts = read(names);
    assertThat(forecasts).hasSize(events.size());
    assertThat(bySeriesAndOrigin(forecasts)).isEqualTo(replay(events, ModelFile.read(DILATED)));
  }

  @Test
  void switchesVersionsAndRollsBack() {
    TopicNames names = createTopics("rolling");
    activate(names, FIRST);
    List<Observation> all = new ArrayList<>();
    try (Forecaster forecaster = start("rolling", names)) {
      all.addAll(observations(0, 30));
      send(names, observations(0, 30));
      awaitForecasts(names, all.size());
      registry(names).publisher().publish("m", SECOND);
      registry(names).rollout().activate("m", ModelVersion.of(SECOND), null, "second");
      sendUntilServedBy(names, all, ModelVersion.of(SECOND));
      registry(names).rollout().activate("m", ModelVersion.of(FIRST), null, "rollback");
      sendUntilServedBy(names, all, ModelVersion.of(FIRST));
      forecaster.requireAlive();
    }

    List<PublishedForecast> forecasts = read(names);
    assertThat(forecasts).hasSize(all.size());
    assertThat(forecasts.stream().map(PublishedForecast::source).distinct()).hasSize(all.size());
    assertThat(
            forecasts.stream()
                .filter(f -> f.forecast().origin().series().equals("series-0"))
                .map(f -> f.forecast().origin().served().epoch())
                .distinct())
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void deadLettersInvalidRecord() {
    TopicNames names = createTopics("garbage");
    activate(names, FIRST);
    send(names, observations(0, 2));
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  names.events(), 0, null, "garbage".getBytes(StandardCharsets.UTF_8)));
    }
    send(names, observations(2, 4));

    try (Forecaster forecaster = start("garbage", names)) {
      awaitForecasts(names, 4 * SERIES);
      forecaster.requireAlive();
    }

    List<ConsumerRecord<byte[], byte[]>> dead = new ArrayList<>();
    new TopicReader(client).read(names.deadLetters(), dead::add);
    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).value()).asString(StandardCharsets.UTF_8).isEqualTo("garbage");
    Header topic = dead.get(0).headers().lastHeader("__streams.errors.topic");
    assertThat(topic.value()).asString(StandardCharsets.UTF_8).isEqualTo(names.events());
  }

  @Test
  void rejectsActivationOfUnpublishedVersion() {
    TopicNames names = createTopics("refusal");
    registry(names).publisher().publish("m", FIRST);

    assertThatThrownBy(
            () -> registry(names).rollout().activate("m", ModelVersion.of(SECOND), null, "test"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is published; see `eddy models list`");
    assertThat(registry(names).activations().read("m").descending()).isEmpty();
  }

  @Test
  void publishesLargeModelInParts() {
    TopicNames names = createTopics("large");
    byte[] large = Models.file(Models.specification(CellKind.LSTM, 256, 24), 3);
    assertThat(large.length).isGreaterThan(1 << 20);

    registry(names).publisher().publish("m", large);
    registry(names).rollout().activate("m", ModelVersion.of(large), null, "large");
    send(names, observations(0, 1));

    assertThat(registry(names).models().list())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.missingParts()).isZero();
              assertThat(entry.manifest().parts()).isEqualTo(3);
            });
    try (Forecaster forecaster = start("large", names)) {
      awaitForecasts(names, SERIES);
      forecaster.requireAlive();
    }
  }

  /** A new topic has no leader at first; retries must not reorder the parts. */
  @Test
  void publishesToNewTopicCompletely() throws Exception {
    byte[] large = Models.file(Models.specification(CellKind.LSTM, 256, 24), 3);
    try (Admin admin = Admin.create(client)) {
      for (int run = 0; run < 10; run++) {
        TopicNames names = names("hasty-" + run);
        admin.createTopics(List.of(new NewTopic(names.models(), 1, (short) -1))).all().get();

        registry(names).publisher().publish("m", large);

        List<Long> offsets = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        new TopicReader(client)
            .read(
                names.models(),
                record -> {
                  offsets.add(record.offset());
                  keys.add(new String(record.key(), StandardCharsets.UTF_8));
                });
        String manifest = keys.get(keys.size() - 1);
        assertThat(offsets).containsExactly(0L, 1L, 2L, 3L);
        assertThat(keys)
            .containsExactly(manifest + "/0", manifest + "/1", manifest + "/2", manifest);
      }
    }
  }

  @Test
  void killedServeProducesBitsOfUninterruptedRun() throws IOException, InterruptedException {
    TopicNames names = createTopics("kill");
    activate(names, DILATED);
    registry(names).publisher().publish("m", SECOND);
    registry(names)
        .rollout()
        .activate("m", ModelVersion.of(SECOND), (100 + 60) * HOUR, "in the midst of it");
    Path config = config("kill", names);
    Path log = folder.resolve("kill.log");
    List<Observation> events = observations(0, 120);

    for (int kills = 0; kills < 2; kills++) {
      try (ServeProcess serve = new ServeProcess(config, log)) {
        int from = kills * 40;
        send(names, observations(from, from + 40));
        awaitForecasts(names, from * SERIES + 200);
        serve.kill();
      }
    }
    int exitCode;
    try (ServeProcess serve = new ServeProcess(config, log)) {
      send(names, observations(80, 120));
      awaitForecasts(names, events.size());
      exitCode = serve.stop();
    }

    TopicNames undisturbed = withOutputs(names, "undisturbed");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(undisturbed, 2);
    }
    try (Forecaster forecaster = start("undisturbed", undisturbed)) {
      awaitForecasts(undisturbed, events.size());
      forecaster.requireAlive();
    }
    List<PublishedForecast> disturbed = read(names);
    assertThat(exitCode).as(ServeProcess.output(log)).isZero();
    assertThat(disturbed).hasSize(events.size());
    assertThat(bySource(disturbed)).isEqualTo(bySource(read(undisturbed)));
    assertThat(disturbed.stream().map(f -> f.forecast().origin().served().epoch()).distinct())
        .containsExactlyInAnyOrder(1L, 2L);
  }

  private BrokerUnderTest broker() {
    return Objects.requireNonNull(broker);
  }

  private Forecaster start(String name, TopicNames names) {
    Forecaster forecaster =
        new Forecaster(
            StreamSettingsBuilder.settings("m").topics(names).build(),
            new Deployment(
                name,
                folder.resolve(name + "-state").toString(),
                ThreadSettings.of(1),
                client,
                RollbackRules.DEFAULT,
                RocksDbSettings.DEFAULT));
    forecaster.start();
    return forecaster;
  }

  private Path config(String name, TopicNames names) throws IOException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "bootstrap.servers", broker().bootstrapServers(),
            "application.id", name,
            "model", "m",
            "state.dir", folder.resolve(name + "-state").toString(),
            "topic.events", names.events(),
            "topic.forecasts", names.forecasts(),
            "topic.scores", names.scores(),
            "topic.models", names.models(),
            "topic.activations", names.activations(),
            "topic.dead-letters", names.deadLetters()));
    settings.setProperty("topic.status", names.status());
    settings.setProperty("kafka.session.timeout.ms", "6000");
    settings.setProperty("kafka.heartbeat.interval.ms", "1000");
    settings.setProperty("kafka.transaction.timeout.ms", "5000");
    Path file = folder.resolve(name + ".properties");
    try (var writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return file;
  }

  private static TopicNames names(String prefix) {
    return new TopicNames(
        prefix + "-events",
        prefix + "-forecasts",
        prefix + "-scores",
        prefix + "-models",
        prefix + "-activations",
        prefix + "-dead",
        prefix + "-status");
  }

  private static TopicNames withOutputs(TopicNames names, String prefix) {
    return new TopicNames(
        names.events(),
        prefix + "-forecasts",
        prefix + "-scores",
        names.models(),
        names.activations(),
        prefix + "-dead",
        prefix + "-status");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private TopicNames createTopics(String prefix) {
    TopicNames names = names(prefix);
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(names, 2);
    }
    return names;
  }

  private ModelRegistry registry(TopicNames names) {
    return new ModelRegistry(client, names);
  }

  private void activate(TopicNames names, byte[] file) {
    registry(names).publisher().publish("m", file);
    Activation activation =
        registry(names).rollout().activate("m", ModelVersion.of(file), null, "first");
    assertThat(activation.epoch()).isEqualTo(1);
  }

  private void createByHand(NewTopic... topics) throws Exception {
    List<String> names = Stream.of(topics).map(NewTopic::name).toList();
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(topics)).all().get();
      await().atMost(PATIENCE).until(() -> admin.listTopics().names().get().containsAll(names));
    }
  }

  private KafkaProducer<byte[], byte[]> transactionalProducer(String transactionalId) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("transactional.id", transactionalId);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static void sendInTransaction(
      KafkaProducer<byte[], byte[]> producer, String topic, String value) throws Exception {
    producer.beginTransaction();
    producer
        .send(new ProducerRecord<>(topic, 0, null, value.getBytes(StandardCharsets.UTF_8)))
        .get();
  }

  /** A producer that keeps the order of batches when a broker that just started rejects some. */
  private KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("max.in.flight.requests.per.connection", 1);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void send(TopicNames names, List<Observation> observations) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (Observation observation : observations) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    names.events(),
                    null,
                    observation.timestampMs(),
                    observation.series().getBytes(StandardCharsets.UTF_8),
                    encoder.encode(observation))));
      }
    }
    assertThat(sent).allSatisfy(one -> assertThat(one.get()).isNotNull());
  }

  /** Sends one hour at a time until the newest forecasts have the version. */
  private void sendUntilServedBy(TopicNames names, List<Observation> all, ModelVersion version) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              int hour = all.size() / SERIES;
              List<Observation> next = observations(hour, hour + 1);
              all.addAll(next);
              send(names, next);
              awaitForecasts(names, all.size());
              List<PublishedForecast> forecasts = read(names);
              return forecasts
                  .get(forecasts.size() - 1)
                  .forecast()
                  .origin()
                  .served()
                  .version()
                  .equals(version);
            });
  }

  private void awaitForecasts(TopicNames names, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> read(names).size() >= count);
  }

  private List<PublishedForecast> read(TopicNames names) {
    List<PublishedForecast> forecasts = new ArrayList<>();
    ForecastCodec codec = new ForecastCodec();
    new TopicReader(client)
        .read(
            names.forecasts(),
            record ->
                forecasts.add(
                    codec.decode(
                        new String(record.key(), StandardCharsets.UTF_8), record.value())));
    return forecasts;
  }

  /** Returns hours {@code from} to {@code to} of all series, ordered by time. */
  private static List<Observation> observations(int from, int to) {
    List<Observation> observations = new ArrayList<>();
    for (int hour = from; hour < to; hour++) {
      for (int series = 0; series < SERIES; series++) {
        double value = 10 * series + 3 * StrictMath.sin((hour + series) / 4.0);
        observations.add(new Observation("series-" + series, (100 + hour) * HOUR, value));
      }
    }
    return observations;
  }

  private static Map<String, List<Long>> replay(List<Observation> events, Model model) {
    Map<String, List<Long>> expected = new HashMap<>();
    Map<String, SeriesState> states = new HashMap<>();
    StepFunction steps = new StepFunction();
    for (Observation event : events) {
      SeriesState state =
          states.computeIfAbsent(event.series(), series -> SeriesState.inMemory(model));
      StepResult.Advanced advanced = (StepResult.Advanced) steps.apply(state, event, model, 1);
      expected.put(key(advanced.forecast()), bits(advanced.forecast()));
    }
    return expected;
  }

  private static Map<String, List<Long>> bySeriesAndOrigin(List<PublishedForecast> forecasts) {
    Map<String, List<Long>> map = new HashMap<>();
    forecasts.forEach(f -> map.put(key(f.forecast()), bits(f.forecast())));
    return map;
  }

  private static Map<String, List<Long>> bySource(List<PublishedForecast> forecasts) {
    Map<String, List<Long>> map = new HashMap<>();
    for (PublishedForecast published : forecasts) {
      List<Long> before =
          map.put(
              published.source() + " " + published.forecast().origin(), bits(published.forecast()));
      assertThat(before).as("forecast of %s a second time", published.source()).isNull();
    }
    return map;
  }

  private static String key(Forecast forecast) {
    return forecast.origin().series() + "@" + forecast.origin().timestampMs();
  }

  private static List<Long> bits(Forecast forecast) {
    List<Long> bits = new ArrayList<>();
    for (double value : forecast.values()) {
      bits.add(Double.doubleToRawLongBits(value));
    }
    return bits;
  }
}
