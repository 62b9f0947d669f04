package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eddy.cell.CellKind;
import io.eddy.codec.EventEncoder;
import io.eddy.codec.EventFormat;
import io.eddy.codec.ForecastCodec;
import io.eddy.codec.PublishedForecast;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.StepFunction;
import io.eddy.forecast.StepResult;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.series.Observation;
import io.eddy.stream.Forecaster;
import io.eddy.stream.ModelRegistry;
import io.eddy.stream.StreamSettings;
import io.eddy.stream.TopicAdmin;
import io.eddy.stream.TopicNames;
import io.eddy.stream.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the whole has to do over a real broker, whichever it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndToEndContract {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SERIES = 20;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);

  @TempDir Path folder;
  private BrokerUnderTest broker;
  private Map<String, Object> client;

  abstract BrokerUnderTest startBroker();

  @BeforeAll
  void start() {
    broker = startBroker();
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  @AfterAll
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void missingTopicsAreNamedAndCreatedOnce() {
    TopicNames names = names("creation");
    try (TopicAdmin admin = new TopicAdmin(client)) {
      assertThat(admin.check(names)).hasSize(6).allMatch(p -> p.contains("eddy topics create"));

      assertThat(admin.create(names, 3)).containsExactlyElementsOf(names.all());

      assertThat(admin.create(names, 3)).isEmpty();
      assertThat(admin.check(names)).isEmpty();
    }
  }

  @Test
  void everyEventGivesOneForecastThatTheStepFunctionGivesToo() {
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
  void newWeightsTakeOverInMidStreamAndRollBack() {
    TopicNames names = createTopics("rolling");
    activate(names, FIRST);
    List<Observation> all = new ArrayList<>();
    try (Forecaster forecaster = start("rolling", names)) {
      all.addAll(observations(0, 30));
      send(names, observations(0, 30));
      awaitForecasts(names, all.size());
      registry(names).publish("m", SECOND);
      registry(names).activate("m", ModelVersion.of(SECOND), null, "second");
      sendUntilServedBy(names, all, ModelVersion.of(SECOND));
      registry(names).activate("m", ModelVersion.of(FIRST), null, "rollback");
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
  void recordThatIsNoEventGoesToTheDeadLettersAndTheStreamGoesOn() {
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
  void activationOfAVersionThatIsNotPublishedIsRefused() {
    TopicNames names = createTopics("refusal");
    registry(names).publish("m", FIRST);

    assertThatThrownBy(
            () -> registry(names).activate("m", ModelVersion.of(SECOND), null, "nothing"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is published: see `eddy models list`");
    assertThat(registry(names).activations("m").descending()).isEmpty();
  }

  @Test
  void largeModelTravelsInPartsAndComesBackWhole() {
    TopicNames names = createTopics("large");
    byte[] large = Models.file(Models.specification(CellKind.LSTM, 256, 24), 3);
    assertThat(large.length).isGreaterThan(1 << 20);

    registry(names).publish("m", large);
    registry(names).activate("m", ModelVersion.of(large), null, "large");
    send(names, observations(0, 1));

    assertThat(registry(names).list())
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

  @Test
  void killedServeLosesAndDuplicatesNothingAndGivesTheBitsOfAnUninterruptedRun()
      throws IOException, InterruptedException {
    TopicNames names = createTopics("kill");
    activate(names, FIRST);
    registry(names).publish("m", SECOND);
    registry(names).activate("m", ModelVersion.of(SECOND), (100 + 60) * HOUR, "in the midst of it");
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
    assertThat(exitCode).as(ServeProcess.said(log)).isZero();
    assertThat(disturbed).hasSize(events.size());
    assertThat(bySource(disturbed)).isEqualTo(bySource(read(undisturbed)));
    assertThat(disturbed.stream().map(f -> f.forecast().origin().served().epoch()).distinct())
        .containsExactlyInAnyOrder(1L, 2L);
  }

  private Forecaster start(String name, TopicNames names) {
    Forecaster forecaster =
        new Forecaster(
            new StreamSettings("m", EventFormat.JSON, names),
            new Forecaster.Deployment(name, folder.resolve(name + "-state").toString(), 1, client));
    forecaster.start();
    return forecaster;
  }

  private Path config(String name, TopicNames names) throws IOException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "application.id", name,
            "model", "m",
            "state.dir", folder.resolve(name + "-state").toString(),
            "topic.events", names.events(),
            "topic.forecasts", names.forecasts(),
            "topic.scores", names.scores(),
            "topic.models", names.models(),
            "topic.activations", names.activations(),
            "topic.dead-letters", names.deadLetters()));
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
        prefix + "-dead");
  }

  private static TopicNames withOutputs(TopicNames names, String prefix) {
    return new TopicNames(
        names.events(),
        prefix + "-forecasts",
        prefix + "-scores",
        names.models(),
        names.activations(),
        prefix + "-dead");
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
    registry(names).publish("m", file);
    Activation activation = registry(names).activate("m", ModelVersion.of(file), null, "first");
    assertThat(activation.epoch()).isEqualTo(1);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        new HashMap<>(client), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void send(TopicNames names, List<Observation> observations) {
    EventEncoder encoder = new EventEncoder(EventFormat.JSON);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (Observation observation : observations) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    names.events(),
                    null,
                    observation.timestampMs(),
                    observation.series().getBytes(StandardCharsets.UTF_8),
                    encoder.encode(observation)));
      }
    }
  }

  /** Sends an hour at a time until the newest forecasts are of that version. */
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

  /** Hours {@code from} to {@code to} of all series, in order of time. */
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

  private static Map<String, List<Integer>> replay(List<Observation> events, Model model) {
    Map<String, List<Integer>> expected = new HashMap<>();
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

  private static Map<String, List<Integer>> bySeriesAndOrigin(List<PublishedForecast> forecasts) {
    Map<String, List<Integer>> map = new HashMap<>();
    forecasts.forEach(f -> map.put(key(f.forecast()), bits(f.forecast())));
    return map;
  }

  private static Map<String, List<Integer>> bySource(List<PublishedForecast> forecasts) {
    Map<String, List<Integer>> map = new HashMap<>();
    for (PublishedForecast published : forecasts) {
      List<Integer> before =
          map.put(
              published.source() + " " + published.forecast().origin(), bits(published.forecast()));
      assertThat(before).as("forecast of %s a second time", published.source()).isNull();
    }
    return map;
  }

  private static String key(Forecast forecast) {
    return forecast.origin().series() + "@" + forecast.origin().timestampMs();
  }

  private static List<Integer> bits(Forecast forecast) {
    List<Integer> bits = new ArrayList<>();
    for (float value : forecast.values()) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }
}
