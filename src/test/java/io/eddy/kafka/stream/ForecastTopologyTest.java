package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eddy.engine.VersionSelector;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.Scope;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForecastTopologyTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.LSTM, 8, 24), 2);

  private TopologyFixture stream;
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> events;
  private TestOutputTopic<String, byte[]> forecasts;
  private TestOutputTopic<String, byte[]> scores;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start(@TempDir Path folder) {
    stream = TopologyFixture.withCovariates(folder, List.of("load", "height"));
    driver = stream.driver();
    events = stream.eventsTopic();
    forecasts = stream.forecastsTopic();
    scores = stream.scoresTopic();
    deadLetters = stream.deadLettersTopic();
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void forecastsEveryEventWithItsSource() {
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
  void usesCovariatesAcrossMigration() {
    byte[] second =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.LSTM, 8, 24),
                Covariate.past("load"),
                Covariate.staticCovariate("height", 100, 20)),
            2);
    publish(FIRST);
    publish(second);
    activate(1, FIRST, null);
    activate(2, second, withLoad(50).timestampMs());
    StepFunction steps = new StepFunction();
    Model model = ModelFile.read(second);
    SeriesState cold = SeriesState.inMemory(model);

    for (int i = 0; i < 120; i++) {
      send(withLoad(i));
      PublishedForecast published = readForecast();
      if (i >= 50 - 24) {
        StepResult result = steps.apply(cold, withLoad(i), model, 2);
        if (i >= 50) {
          assertThat(published.forecast().values())
              .isEqualTo(((StepResult.Advanced) result).forecast().values());
        }
      }
    }
  }

  @Test
  void usesFutureCovariatesAcrossMigration() {
    byte[] second =
        Models.file(
            Models.withCovariates(
                Models.withStepsDecoder(Models.specification(CellKind.LSTM, 8, 24), 5),
                Covariate.future("load"),
                Covariate.staticCovariate("height", 100, 20)),
            2);
    publish(FIRST);
    publish(second);
    activate(1, FIRST, null);
    activate(2, second, withLoad(50).timestampMs());
    StepFunction steps = new StepFunction();
    Model model = ModelFile.read(second);
    SeriesState cold = SeriesState.inMemory(model);

    for (int i = 0; i < 120; i++) {
      double[] ahead = new double[i % 6];
      Arrays.setAll(ahead, j -> ahead.length == j + 2 ? Double.NaN : StrictMath.cos(j));
      Observation event =
          withLoad(i).withFutureCovariates(FutureCovariates.of(Map.of("load", ahead)));
      send(event);
      PublishedForecast published = readForecast();
      if (i >= 50 - 24) {
        StepResult result = steps.apply(cold, event, model, 2);
        if (i >= 50) {
          assertThat(published.forecast().values())
              .isEqualTo(((StepResult.Advanced) result).forecast().values());
        }
      }
    }
  }

  @Test
  void deadLettersInvalidFutureCovariates() {
    publish(FIRST);
    activate(1, FIRST, null);
    events.pipeInput(
        "a", "{\"value\":1,\"ahead\":{\"load\":[1,1e300]}}".getBytes(StandardCharsets.UTF_8));

    assertThat(header(deadLetters.readRecord(), "message"))
        .isEqualTo("ahead.load: expected numbers within ±1e35");
    assertThat(forecasts.isEmpty()).isTrue();
  }

  @Test
  void deadLettersInvalidCovariate() {
    publish(FIRST);
    activate(1, FIRST, null);
    events.pipeInput("a", "{\"value\":1,\"load\":1e300}".getBytes(StandardCharsets.UTF_8));

    assertThat(header(deadLetters.readRecord(), "message"))
        .isEqualTo("load: expected a number within ±1e35");
    assertThat(forecasts.isEmpty()).isTrue();
  }

  /** The load is missing now and then. */
  private static Observation withLoad(int hour) {
    Observation value = observation("a", hour);
    double load = StrictMath.cos(hour / 3.0);
    return new Observation(
        "a",
        value.timestampMs(),
        value.value(),
        new Covariates(
            hour % 5 == 0 ? Map.of("height", 117.0) : Map.of("load", load, "height", 117.0)));
  }

  @Test
  void seriesAreIndependent() {
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
  void immediateActivationServesNextEvent() {
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
  void activationServesFromItsEventTime() {
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

  static Stream<Arguments> migrations() {
    byte[] several = Models.ensembleFile(CellKind.GRU, 24, 1);
    byte[] others = Models.combined(SECOND, Models.ensembleFile(CellKind.LSTM, 24, 5));
    return Stream.of(
        Arguments.of("single to single", FIRST, SECOND),
        Arguments.of("single to several", FIRST, several),
        Arguments.of("several to single", several, FIRST),
        Arguments.of("several to others", several, others),
        Arguments.of("several to fewer", others, several));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("migrations")
  void migratedForecastsEqualColdStart(String how, byte[] from, byte[] to) {
    publish(from);
    publish(to);
    activate(1, from, null);
    Model second = ModelFile.read(to);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 50; i++) {
      send(observation("a", i));
      readForecast();
      if (i >= 50 - 24) {
        steps.apply(cold, observation("a", i), second, 2);
      }
    }
    activate(2, to, null);

    for (int i = 50; i < 80; i++) {
      send(observation("a", i));

      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), second, 2);
      assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void longerContextStartsWithRetainedSteps() {
    byte[] longer = Models.file(Models.specification(CellKind.LSTM, 8, 100), 2);
    publish(FIRST);
    publish(longer);
    activate(1, FIRST, null);
    Model second = ModelFile.read(longer);
    SeriesState cold = SeriesState.inMemory(second);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 200; i++) {
      send(observation("a", i));
      readForecast();
      if (i >= 200 - 24) {
        steps.apply(cold, observation("a", i), second, 2);
      }
    }
    activate(2, longer, null);

    for (int i = 200; i < 320; i++) {
      send(observation("a", i));

      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), second, 2);
      assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void rollbackIsHigherEpochOfOldVersion() {
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
  void oldVersionServesUntilNewOneIsComplete() {
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
  void refusesAlteredVersion() {
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
  void deadLettersUndecodableRecord() {
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
    assertThat(header(dead, "message")).isEqualTo("not valid JSON");
    assertThat(header(dead, "exception")).endsWith("InvalidRecordException");
  }

  @Test
  void deadLettersValueThatIsNoClass() {
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
        .startsWith("value: expected a class, a whole number from 0 to 2; version ");
    assertThat(header(dead, "offset")).isEqualTo("1");
  }

  @Test
  void deadLettersRecordWithoutKeyOrValue() {
    publish(FIRST);
    activate(1, FIRST, null);

    events.pipeInput(null, "{\"value\":1}".getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
    events.pipeInput("a", null, Instant.EPOCH);

    assertThat(forecasts.isEmpty()).isTrue();
    assertThat(header(deadLetters.readRecord(), "message")).startsWith("key is empty");
    assertThat(header(deadLetters.readRecord(), "message")).startsWith("value is null");
  }

  @Test
  void deadLettersEventWithoutVersion() {
    send(observation("a", 0));

    assertThat(forecasts.isEmpty()).isTrue();
    assertThat(header(deadLetters.readRecord(), "message"))
        .startsWith("no version of model m serves events of ");
  }

  @Test
  void dropsDuplicateEvent() {
    publish(FIRST);
    activate(1, FIRST, null);

    send(observation("a", 0));
    send(observation("a", 0));

    assertThat(forecasts.getQueueSize()).isEqualTo(1);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void scoresForecastAfterItsHorizon() {
    publish(FIRST);
    activate(1, FIRST, null);
    for (int i = 0; i < 6; i++) {
      send(observation("a", i));
    }

    Score score = new ScoreCodec().decode("a", scores.readValue()).score();

    PublishedForecast first = readForecast();
    assertThat(scores.isEmpty()).isTrue();
    assertThat(score.origin())
        .usingRecursiveComparison()
        .ignoringFields("quality")
        .isEqualTo(first.forecast().origin());
    assertThat(score.absoluteError()[3])
        .isEqualTo((float) Math.abs(observation("a", 4).value() - first.forecast().median(4)));
  }

  @Test
  void bytesPerEventDoNotGrowWithHistory() {
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

  @Test
  void bytesPerEventDoNotGrowWithDilation() {
    List<List<Integer>> narrow = putsOfEvents("narrow", dilated(CellKind.LSTM, List.of(1, 2, 4)));
    List<List<Integer>> wide = putsOfEvents("wide", dilated(CellKind.LSTM, List.of(1, 24, 168)));

    assertThat(wide).isEqualTo(narrow);
    // The state and one slot for each dilated layer; sometimes a segment or a pending forecast.
    assertThat(wide).allSatisfy(sizes -> assertThat(sizes).hasSizeBetween(3, 5));
  }

  @Test
  void streamEqualsStateInMemory() {
    byte[] before = calibrated(CellKind.LSTM, List.of(1, 3, 24));
    byte[] after = calibrated(CellKind.GRU, List.of(2, 36, 1));
    publish(before);
    publish(after);
    activate(1, before, null);
    activate(2, after, observation("a", 60).timestampMs());
    activate(3, before, observation("a", 120).timestampMs());
    SeriesState state = SeriesState.inMemory(ModelFile.read(before));
    StepFunction steps = new StepFunction();

    for (int i = 0; i < 260; i++) {
      // Gaps to impute after 40 and 140 steps, a longer one after 200.
      int gap = (i > 40 ? 2 : 0) + (i > 140 ? 2 : 0) + (i > 200 ? 50 : 0);
      Observation observation = observation("a", i + gap);
      send(observation);

      PublishedForecast published = readForecast();
      Forecast.Served served = served(published);
      byte[] file = served.epoch() == 2 ? after : before;
      StepResult.Advanced expected =
          (StepResult.Advanced)
              steps.apply(state, observation, ModelFile.read(file), served.epoch());
      assertThat(published.forecast().values()).isEqualTo(expected.forecast().values());
      assertThat(published.forecast().origin()).isEqualTo(expected.forecast().origin());
    }
    assertThat(state.served().epoch()).isEqualTo(3);
  }

  @Test
  void deletesSlotsOfLargerRings() {
    byte[] wide = dilated(CellKind.GRU, List.of(1, 30, 7));
    byte[] narrow = dilated(CellKind.GRU, List.of(1, 4, 1));
    publish(wide);
    publish(narrow);
    publish(FIRST);
    activate(1, wide, null);
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      if (i == 50) {
        slots.add(slots());
        activate(2, narrow, null);
      } else if (i == 100) {
        slots.add(slots());
        activate(3, FIRST, null);
      }
      send(observation("a", i));
    }
    slots.add(slots());

    assertThat(slots).containsExactly(37, 4, 0);
  }

  @Test
  void restoredStateEqualsOnePass(@TempDir Path other) {
    byte[] file = calibrated(CellKind.LSTM, List.of(1, 5, 24));
    publish(file);
    activate(1, file, null);
    Model model = ModelFile.read(file);
    SeriesState state = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    for (int i = 0; i < 70; i++) {
      send(observation("a", i));
      steps.apply(state, observation("a", i), model, 1);
    }
    List<TestRecord<byte[], byte[]>> states = changelog(ForecastTopology.STATES);
    List<TestRecord<byte[], byte[]>> windows = changelog(ForecastTopology.WINDOWS);

    driver.close();
    start(other);
    publish(file);
    activate(1, file, null);
    restore(states, windows);

    for (int i = 70; i < 140; i++) {
      send(observation("a", i));
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(state, observation("a", i), model, 1);
      assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  /** A crash may leave this behind, because the stores are not written in one transaction. */
  @Test
  void slotAheadOfStateRebuildsState() {
    byte[] file = dilated(CellKind.GRU, List.of(1, 5));
    publish(file);
    activate(1, file, null);
    Model model = ModelFile.read(file);
    SeriesState cold = SeriesState.inMemory(model);
    StepFunction steps = new StepFunction();
    var states = driver.<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    for (int i = 0; i < 50; i++) {
      send(observation("a", i));
    }
    byte[] behind = states.get("a");
    send(observation("a", 50));
    states.put("a", behind);
    forecasts.readRecordsToList();
    for (int i = 51 - 24; i < 50; i++) {
      steps.apply(cold, observation("a", i), model, 1);
    }

    for (int i = 50; i < 90; i++) {
      send(observation("a", i));
      StepResult.Advanced expected =
          (StepResult.Advanced) steps.apply(cold, observation("a", i), model, 1);
      assertThat(readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    }
  }

  @Test
  void releasesFormerVersions() {
    int count = 200;
    byte[] first = Models.file(Models.specification(CellKind.GRU, 4, 24), 0);
    for (int i = 0; i < count; i++) {
      byte[] file = Models.file(Models.specification(CellKind.GRU, 4, 24), i);
      publish(file);
      activate(i + 1, file, observation("a", i).timestampMs());
    }
    VersionSelector versions =
        new VersionSelector(
            new GlobalStoreModels(
                "m",
                new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of())),
                driver.getKeyValueStore(ForecastTopology.ACTIVATIONS),
                driver.getKeyValueStore(ForecastTopology.MODELS)),
            MigrationThrottle.DEFAULT);
    StepFunction steps = new StepFunction();
    List<WeakReference<Model>> served = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      served.add(new WeakReference<>(forecast(versions, steps, i)));
    }

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(served.stream().filter(model -> model.get() != null))
                  .hasSizeLessThanOrEqualTo(16);
            });
    assertThat(forecast(versions, steps, 0).version()).isEqualTo(ModelVersion.of(first));
  }

  /** Forecasts with the version that serves an hour; returns its model. */
  private static Model forecast(VersionSelector versions, StepFunction steps, int hour) {
    Observation observation = observation("a", hour);
    Model model =
        Objects.requireNonNull(versions.select("a", observation.timestampMs()).version()).model();
    steps.apply(SeriesState.inMemory(model), observation, model, 1);
    return model;
  }

  /** A dilated model with calibrated quantiles. */
  private static byte[] calibrated(CellKind kind, List<Integer> dilations) {
    return Models.file(
        Models.calibrated(Models.withLayers(Models.specification(kind, 8, 24), dilations, 3)), 1);
  }

  private static byte[] dilated(CellKind kind, List<Integer> dilations) {
    return Models.file(Models.withLayers(Models.specification(kind, 8, 24), dilations, 3), 1);
  }

  /** Returns the sizes of the values that each event puts, once every ring is full. */
  private List<List<Integer>> putsOfEvents(String series, byte[] file) {
    publish(file);
    activate(series.equals("narrow") ? 1 : 2, file, null);
    List<List<Integer>> puts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      send(observation(series, i));
      List<Integer> sizes = new ArrayList<>();
      for (String store : List.of(ForecastTopology.STATES, ForecastTopology.WINDOWS)) {
        changelog(store).stream()
            .filter(put -> put.value() != null)
            .forEach(put -> sizes.add(put.value().length));
      }
      sizes.sort(null);
      if (i >= 200) {
        puts.add(sizes);
      }
    }
    return puts;
  }

  /** Counts the ring slots in the window store. */
  private int slots() {
    int slots = 0;
    try (var all = driver.<Bytes, byte[]>getKeyValueStore(ForecastTopology.WINDOWS).all()) {
      while (all.hasNext()) {
        byte[] key = all.next().key.get();
        slots += ByteBuffer.wrap(key).getLong(key.length - 8) < Integer.MIN_VALUE ? 1 : 0;
      }
    }
    return slots;
  }

  /** Returns the changes of a store since the last call; a value is null if it was deleted. */
  private List<TestRecord<byte[], byte[]>> changelog(String store) {
    return driver
        .createOutputTopic(
            "test-" + store + "-changelog",
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private void restore(
      List<TestRecord<byte[], byte[]>> states, List<TestRecord<byte[], byte[]>> windows) {
    var stateStore = driver.<String, byte[]>getKeyValueStore(ForecastTopology.STATES);
    states.forEach(
        put -> stateStore.put(new String(put.key(), StandardCharsets.UTF_8), put.value()));
    var windowStore = driver.<Bytes, byte[]>getKeyValueStore(ForecastTopology.WINDOWS);
    windows.forEach(put -> windowStore.put(Bytes.wrap(put.key()), put.value()));
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
    stream.publish(file);
  }

  private void publish(byte[] named, byte[] bytes) {
    ModelVersion version = ModelVersion.of(named);
    stream.publish(new Manifest("m", version, bytes.length, 1, "{}", Instant.EPOCH), bytes);
  }

  private void activate(long epoch, byte[] file, @Nullable Long fromMs) {
    stream.activate(epoch, file, Terms.serving(Scope.all(), fromMs));
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
