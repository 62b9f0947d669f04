package io.eddy.kafka.stream;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.PublishedScore;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology without a broker: model {@code m}, hourly series, JSON. */
public final class TopologyFixture implements AutoCloseable {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> events;
  private final TestInputTopic<String, byte[]> models;
  private final TestInputTopic<String, byte[]> activations;
  private final TestOutputTopic<String, byte[]> forecasts;
  private final TestOutputTopic<String, byte[]> scores;
  private final TestOutputTopic<byte[], byte[]> deadLetters;

  public TopologyFixture(Path folder) {
    this(folder, new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of())));
  }

  /** Creates a fixture with published versions, none of which serves. */
  public static TopologyFixture with(Path folder, byte[]... files) {
    TopologyFixture stream = new TopologyFixture(folder);
    for (byte[] file : files) {
      stream.publish(file);
    }
    return stream;
  }

  /** Creates a fixture with a migration throttle. */
  public TopologyFixture(Path folder, MigrationThrottle throttle) {
    this(folder, new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of())), throttle);
  }

  /** Creates a fixture whose events carry these covariates. */
  public static TopologyFixture withCovariates(Path folder, List<String> names) {
    ModelCatalog catalog = new ModelCatalog(new ModelLoader(ModelLimits.NONE, names));
    return new TopologyFixture(folder, catalog, MigrationThrottle.DEFAULT, names);
  }

  /** Creates a fixture with a catalog. */
  public TopologyFixture(Path folder, ModelCatalog catalog) {
    this(folder, catalog, MigrationThrottle.DEFAULT);
  }

  private TopologyFixture(Path folder, ModelCatalog catalog, MigrationThrottle throttle) {
    this(folder, catalog, throttle, List.of("load"));
  }

  private TopologyFixture(
      Path folder, ModelCatalog catalog, MigrationThrottle throttle, List<String> covariates) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            ForecastTopology.build(
                StreamSettingsBuilder.settings("m")
                    .events(EventMapping.defaults(EventFormat.JSON, covariates))
                    .topics(TOPICS)
                    .policies(StreamPoliciesBuilder.policies().migration(throttle).build())
                    .build(),
                catalog),
            properties);
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

  /** Publishes a version of model {@code m} and activates it for all series. */
  public static void publishAndActivate(TopologyTestDriver driver, byte[] file) {
    ModelRecords records = new ModelRecords();
    ModelVersion version = ModelVersion.of(file);
    TestInputTopic<String, byte[]> models =
        driver.createInputTopic(TOPICS.models(), new StringSerializer(), new ByteArraySerializer());
    models.pipeInput(ModelRecords.partKey(version, 0), records.encodePart(file, 0));
    models.pipeInput(
        ModelRecords.manifestKey(version),
        records.encodeManifest(new Manifest("m", version, file.length, 1, "{}", Instant.EPOCH)));
    Activation activation = new Activation("m", 1, version, Terms.serving(Scope.all(), null), "");
    ActivationCodec codec = new ActivationCodec();
    driver
        .createInputTopic(TOPICS.activations(), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(
            new String(codec.key(activation), StandardCharsets.UTF_8), codec.encode(activation));
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  /** Returns the start of an hour, epoch milliseconds. */
  public static long at(int hour) {
    return (100 + hour) * HOUR;
  }

  public static Observation observation(String series, int hour) {
    return new Observation(series, at(hour), 10 + series.length() + 3 * StrictMath.sin(hour / 4.0));
  }

  public void publish(byte[] file) {
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    publish(
        new Manifest("m", ModelVersion.of(file), file.length, parts, "{}", Instant.EPOCH), file);
  }

  /** Publishes bytes under a manifest, matching or not. */
  public void publish(Manifest manifest, byte[] file) {
    ModelRecords records = new ModelRecords();
    for (int index = 0; index < manifest.parts(); index++) {
      putModel(ModelRecords.partKey(manifest.version(), index), records.encodePart(file, index));
    }
    putModel(ModelRecords.manifestKey(manifest.version()), records.encodeManifest(manifest));
  }

  public void putModel(String key, byte @Nullable [] value) {
    models.pipeInput(key, value);
  }

  /** Activates a version for all series, immediately. */
  public void activate(long epoch, byte[] file) {
    activate(epoch, file, Terms.serving(Scope.all(), null));
  }

  /** Activates a version for all series from an event time on. */
  public void activate(long epoch, byte[] file, long fromMs) {
    activate(epoch, file, Terms.serving(Scope.all(), fromMs));
  }

  public void activate(long epoch, byte[] file, Terms terms) {
    put(new Activation("m", epoch, ModelVersion.of(file), terms, ""));
  }

  public void put(Activation activation) {
    ActivationCodec codec = new ActivationCodec();
    putActivation(
        new String(codec.key(activation), StandardCharsets.UTF_8), codec.encode(activation));
  }

  public void putActivation(String key, byte[] value) {
    activations.pipeInput(key, value);
  }

  /** Sends the event of an hour; returns its forecast, or null. */
  @Nullable PublishedForecast send(String series, int hour) {
    process(observation(series, hour));
    return forecasts.isEmpty() ? null : readForecast();
  }

  /** Sends an event. */
  void process(Observation observation) {
    events.pipeInput(
        observation.series(),
        new EventEncoder(EventFormat.JSON).encode(observation),
        Instant.ofEpochMilli(observation.timestampMs()));
  }

  /** Reads the next forecast. */
  PublishedForecast readForecast() {
    TestRecord<String, byte[]> record = forecasts.readRecord();
    return new ForecastCodec().decode(record.key(), record.value());
  }

  /** Reads the next forecast; returns the version that served it. */
  Forecast.Served readServed() {
    return readForecast().forecast().origin().served();
  }

  /** Returns the scores since the last call. */
  public List<PublishedScore> scores() {
    ScoreCodec codec = new ScoreCodec();
    return scores.readRecordsToList().stream()
        .map(record -> codec.decode(record.key(), record.value()))
        .toList();
  }

  /** Counts the entries of the shadow store. */
  public int shadowEntries() {
    int entries = 0;
    try (var all = driver.<Bytes, byte[]>getKeyValueStore(ForecastTopology.SHADOWS).all()) {
      for (; all.hasNext(); all.next()) {
        entries++;
      }
    }
    return entries;
  }

  /** Returns the series that have a shadow. */
  public Set<String> shadowed() {
    Set<String> series = new TreeSet<>();
    try (var all = driver.<Bytes, byte[]>getKeyValueStore(ForecastTopology.SHADOWS).all()) {
      while (all.hasNext()) {
        byte[] key = all.next().key.get();
        // The key ends with a byte and a number.
        series.add(new String(key, 0, key.length - 1 - Long.BYTES, StandardCharsets.UTF_8));
      }
    }
    return series;
  }

  /** Advances the wall clock, for punctuations. */
  public void advanceWallClock(Duration time) {
    driver.advanceWallClockTime(time);
  }

  /** Sends the event of an hour; returns the version that served it, or null. */
  public Forecast.@Nullable Served served(String series, int hour) {
    PublishedForecast forecast = send(series, hour);
    return forecast == null ? null : forecast.forecast().origin().served();
  }

  public static Forecast.Served by(byte[] file, long epoch) {
    return new Forecast.Served(ModelVersion.of(file), epoch);
  }

  /** Returns the number of dead letters since the last call. */
  public int deadLetters() {
    return deadLetters.readRecordsToList().size();
  }

  public TopologyTestDriver driver() {
    return driver;
  }

  TestInputTopic<String, byte[]> eventsTopic() {
    return events;
  }

  TestOutputTopic<String, byte[]> forecastsTopic() {
    return forecasts;
  }

  TestOutputTopic<String, byte[]> scoresTopic() {
    return scores;
  }

  TestOutputTopic<byte[], byte[]> deadLettersTopic() {
    return deadLetters;
  }

  @Override
  public void close() {
    driver.close();
  }
}
