package io.eddy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cell.CellKind;
import io.eddy.codec.ActivationCodec;
import io.eddy.codec.EventEncoder;
import io.eddy.codec.EventFormat;
import io.eddy.codec.ForecastCodec;
import io.eddy.codec.Manifest;
import io.eddy.codec.ModelRecords;
import io.eddy.codec.PublishedForecast;
import io.eddy.codec.ScoreCodec;
import io.eddy.codec.SourcePosition;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.StepFunction;
import io.eddy.forecast.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTopologyTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);

  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> events;
  private TestInputTopic<String, byte[]> models;
  private TestInputTopic<String, byte[]> activations;
  private TestOutputTopic<String, byte[]> forecasts;
  private TestOutputTopic<String, byte[]> scores;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start(@TempDir java.nio.file.Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            ForecastTopology.build(new StreamSettings("m", EventFormat.JSON, TOPICS)), properties);
    events = input(TOPICS.events());
    models = input(TOPICS.models());
    activations = input(TOPICS.activations());
    forecasts =
        driver.createOutputTopic(
            TOPICS.forecasts(), new StringDeserializer(), new ByteArrayDeserializer());
    scores =
        driver.createOutputTopic(
            TOPICS.scores(), new StringDeserializer(), new ByteArrayDeserializer());
    deadLetters =
        driver.createOutputTopic(
            TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void topologyHasTheseNamesAndNoOthers() {
    String description =
        ForecastTopology.build(new StreamSettings("m", EventFormat.JSON, TOPICS))
            .describe()
            .toString();

    assertThat(description)
        .isEqualTo(
            """
            Topologies:
               Sub-topology: 0 for global store (will not generate tasks)
                Source: models-source (topics: [models])
                  --> models-keeper
                Processor: models-keeper (stores: [models])
                  --> none
                  <-- models-source
              Sub-topology: 1 for global store (will not generate tasks)
                Source: activations-source (topics: [activations])
                  --> activations-keeper
                Processor: activations-keeper (stores: [activations])
                  --> none
                  <-- activations-source
              Sub-topology: 2
                Source: events (topics: [sensor-events])
                  --> forecaster
                Processor: forecaster (stores: [series-window, series-state])
                  --> dead-letters, forecasts, scores
                  <-- events
                Sink: dead-letters (topic: dead-letters)
                  <-- forecaster
                Sink: forecasts (topic: forecasts)
                  <-- forecaster
                Sink: scores (topic: forecast-scores)
                  <-- forecaster

            """);
  }

  @Test
  void everyEventGivesTheStepFunctionsForecastWithItsSource() {
    publish(FIRST);
    activate(1, FIRST, null);
    Model model = ModelFile.read(FIRST);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();

    for (int i = 0; i < 60; i++) {
      Observation observation = observation("a", i);
      send(observation);

      PublishedForecast published = readForecast();
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation, model, 1);
      assertThat(published.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(published.forecast().origin()).isEqualTo(expected.forecast().origin());
      assertThat(published.source()).isEqualTo(new SourcePosition(TOPICS.events(), 0, i));
      assertThat(published.model()).isEqualTo("m");
    }
  }

  @Test
  void seriesDoNotTouchEachOther() {
    publish(FIRST);
    activate(1, FIRST, null);
    List<float[]> alone = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      send(observation("a", i));
      alone.add(readForecast().forecast().values());
    }

    for (int i = 0; i < 40; i++) {
      send(new Observation("b", (100 + i) * HOUR, 1000 + i));
      readForecast();
      send(new Observation("c", observation("a", i).timestampMs(), observation("a", i).value()));
      assertThat(readForecast().forecast().values()).isEqualTo(alone.get(i));
    }
  }

  @Test
  void activationAtOnceMovesTheNextEventToTheNewVersion() {
    publish(FIRST);
    publish(SECOND);
    activate(1, FIRST, null);
    send(observation("a", 0));
    activate(2, SECOND, null);
    send(observation("a", 1));

    assertThat(served(readForecast())).isEqualTo(served(FIRST, 1));
    assertThat(served(readForecast())).isEqualTo(served(SECOND, 2));
  }

  @Test
  void activationFromAnEventTimeMovesEachSeriesAtItsFirstEventFromThen() {
    publish(FIRST);
    publish(SECOND);
    activate(1, FIRST, null);
    activate(2, SECOND, observation("a", 3).timestampMs());
    List<Forecast.Served> a = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      send(observation("a", i));
      a.add(served(readForecast()));
    }
    send(observation("late-starter", 1));

    assertThat(a)
        .containsExactly(
            served(FIRST, 1),
            served(FIRST, 1),
            served(FIRST, 1),
            served(SECOND, 2),
            served(SECOND, 2));
    assertThat(served(readForecast())).isEqualTo(served(FIRST, 1));
  }

  @Test
  void migratedForecastEqualsAColdStartOnTheWindow() {
    publish(FIRST);
    publish(SECOND);
    activate(1, FIRST, null);
    Model second = ModelFile.read(SECOND);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 50; i++) {
      send(observation("a", i));
      readForecast();
      if (i >= 50 - 24) {
        steps.apply(cold, observation("a", i), second, 2);
      }
    }
    activate(2, SECOND, null);

    send(observation("a", 50));

    StepResult.Advanced expected =
        (StepResult.Advanced) steps.apply(cold, observation("a", 50), second, 2);
    assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
  }

  @Test
  void rollbackIsAHigherEpochOnTheOldVersion() {
    publish(FIRST);
    publish(SECOND);
    activate(1, FIRST, null);
    activate(2, SECOND, null);
    send(observation("a", 0));
    activate(3, FIRST, null);
    send(observation("a", 1));

    assertThat(served(readForecast())).isEqualTo(served(SECOND, 2));
    assertThat(served(readForecast())).isEqualTo(served(FIRST, 3));
  }

  @Test
  void versionThatIsNotWholeYetLeavesTheOldOneServing() {
    publish(FIRST);
    activate(1, FIRST, null);
    activate(2, SECOND, null);
    send(observation("a", 0));
    publish(SECOND);
    send(observation("a", 1));

    assertThat(served(readForecast())).isEqualTo(served(FIRST, 1));
    assertThat(served(readForecast())).isEqualTo(served(SECOND, 2));
  }

  @Test
  void alteredVersionIsRefusedAndTheOldOneServesOn() {
    publish(FIRST);
    activate(1, FIRST, null);
    byte[] altered = SECOND.clone();
    altered[altered.length - 1] ^= 1;
    publish(SECOND, altered);
    activate(2, SECOND, null);

    send(observation("a", 0));

    assertThat(served(readForecast())).isEqualTo(served(FIRST, 1));
  }

  @Test
  void undecodableRecordGoesToTheDeadLettersWithItsCoordinatesAndTheStreamGoesOn() {
    publish(FIRST);
    activate(1, FIRST, null);
    byte[] garbage = "{not json".getBytes(StandardCharsets.UTF_8);
    send(observation("a", 0));

    events.pipeInput("a", garbage, Instant.ofEpochMilli(5));
    send(observation("a", 1));

    assertThat(forecasts.getQueueSize()).isEqualTo(2);
    TestRecord<byte[], byte[]> dead = deadLetters.readRecord();
    assertThat(dead.value()).isEqualTo(garbage);
    assertThat(dead.key()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
    assertThat(header(dead, "topic")).isEqualTo(TOPICS.events());
    assertThat(header(dead, "partition")).isEqualTo("0");
    assertThat(header(dead, "offset")).isEqualTo("1");
    assertThat(header(dead, "message")).startsWith("no JSON: ");
    assertThat(header(dead, "exception")).endsWith("InvalidRecordException");
  }

  @Test
  void valueThatIsNoClassGoesToTheDeadLettersAndTheNextEventIsForecastAsIfItHadNotCome() {
    byte[] file = Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1);
    publish(file);
    activate(1, file, null);
    Model model = ModelFile.read(file);
    SeriesState state = SeriesState.inMemory(model);
    Observation first = new Observation("a", 100 * HOUR, 2);
    Observation second = new Observation("a", 101 * HOUR, 0);
    new StepFunction().apply(state, first, model, 1);

    send(first);
    send(new Observation("a", 101 * HOUR, 1.5));
    send(second);

    StepResult.Advanced expected =
        (StepResult.Advanced) new StepFunction().apply(state, second, model, 1);
    assertThat(readForecast().forecast().classes()).isEqualTo(3);
    assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    assertThat(forecasts.isEmpty()).isTrue();
    TestRecord<byte[], byte[]> dead = deadLetters.readRecord();
    assertThat(header(dead, "message"))
        .startsWith("value: expected a class, a whole number from 0 to 2, got 1.5; version ");
    assertThat(header(dead, "offset")).isEqualTo("1");
  }

  @Test
  void recordWithoutKeyOrValueGoesToTheDeadLetters() {
    publish(FIRST);
    activate(1, FIRST, null);

    events.pipeInput(null, "{\"value\":1}".getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
    events.pipeInput("a", null, Instant.EPOCH);

    assertThat(forecasts.isEmpty()).isTrue();
    assertThat(header(deadLetters.readRecord(), "message")).startsWith("the key is empty");
    assertThat(header(deadLetters.readRecord(), "message")).startsWith("the value is null");
  }

  @Test
  void eventThatNoVersionServesGoesToTheDeadLetters() {
    send(observation("a", 0));

    assertThat(forecasts.isEmpty()).isTrue();
    assertThat(header(deadLetters.readRecord(), "message"))
        .startsWith("no version of model m serves events of ");
  }

  @Test
  void duplicateEventGivesNoSecondForecast() {
    publish(FIRST);
    activate(1, FIRST, null);

    send(observation("a", 0));
    send(observation("a", 0));

    assertThat(forecasts.getQueueSize()).isEqualTo(1);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void forecastIsScoredWhenItsHorizonHasCome() {
    publish(FIRST);
    activate(1, FIRST, null);
    for (int i = 0; i < 5; i++) {
      send(observation("a", i));
    }

    Score score = new ScoreCodec().decode("a", scores.readValue());

    PublishedForecast first = readForecast();
    assertThat(scores.isEmpty()).isTrue();
    assertThat(score.origin()).isEqualTo(first.forecast().origin());
    assertThat(score.absoluteError()[3])
        .isEqualTo((float) Math.abs(observation("a", 4).value() - first.forecast().median(4)));
  }

  @Test
  void bytesWrittenPerEventDoNotGrowWithThePast() {
    publish(FIRST);
    activate(1, FIRST, null);
    var states = driver.<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    int largest = 0;
    for (int i = 0; i < 300; i++) {
      send(observation("a", i));
      if (i == 32) {
        largest = 0;
      }
      largest = i < 64 ? Math.max(largest, states.get("a").length) : largest;
      assertThat(states.get("a").length).isLessThanOrEqualTo(i < 64 ? 1 << 20 : largest);
    }
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  private static Observation observation(String series, int hour) {
    return new Observation(series, (100 + hour) * HOUR, 10 + 3 * StrictMath.sin(hour / 4.0));
  }

  private void send(Observation observation) {
    events.pipeInput(
        observation.series(),
        new EventEncoder(EventFormat.JSON).encode(observation),
        Instant.ofEpochMilli(observation.timestampMs()));
  }

  private PublishedForecast readForecast() {
    TestRecord<String, byte[]> record = forecasts.readRecord();
    return new ForecastCodec().decode(record.key(), record.value());
  }

  private void publish(byte[] file) {
    publish(file, file);
  }

  private void publish(byte[] named, byte[] bytes) {
    ModelRecords records = new ModelRecords();
    ModelVersion version = ModelVersion.of(named);
    models.pipeInput(ModelRecords.partKey(version, 0), records.encodePart(bytes, 0));
    models.pipeInput(
        ModelRecords.manifestKey(version),
        records.encodeManifest(new Manifest("m", version, bytes.length, 1, "{}", Instant.EPOCH)));
  }

  private void activate(long epoch, byte[] file, @Nullable Long fromMs) {
    Activation activation = new Activation("m", epoch, ModelVersion.of(file), fromMs, "because");
    ActivationCodec codec = new ActivationCodec();
    activations.pipeInput(
        new String(codec.key(activation), StandardCharsets.UTF_8), codec.encode(activation));
  }

  private static Forecast.Served served(PublishedForecast published) {
    return published.forecast().origin().served();
  }

  private static Forecast.Served served(byte[] file, long epoch) {
    return new Forecast.Served(ModelVersion.of(file), epoch);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader("__streams.errors." + name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
