package io.eddy.kafka.stream;

import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.DeadLetters;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.verify.ActivationTimeline;
import io.eddy.kafka.verify.AnomalyRecords;
import io.eddy.kafka.verify.DeadLetterIndex;
import io.eddy.kafka.verify.PartitionReplays;
import io.eddy.kafka.verify.PartitionVerifier;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.Scope;
import io.eddy.series.Aggregation;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology over one partition, with its recorded input and output. */
public final class RecordedStream implements AutoCloseable {
  public static final long HOUR = Models.INTERVAL.toMillis();
  public static final int SERIES = 3;
  public static final byte[] GRU = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  public static final byte[] LSTM = Models.file(Models.specification(CellKind.LSTM, 6, 24), 2);
  public static final byte[] RNN = Models.file(Models.specification(CellKind.RNN_TANH, 5, 12), 4);
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  public final List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
  public final List<ConsumerRecord<byte[], byte[]>> forecasts = new ArrayList<>();
  public final List<ConsumerRecord<byte[], byte[]>> anomalies = new ArrayList<>();
  public final List<ConsumerRecord<byte[], byte[]>> alerts = new ArrayList<>();
  public final List<TestRecord<byte[], byte[]>> letters = new ArrayList<>();

  /** Events re-keyed by series, if fields name the series. */
  public final List<ConsumerRecord<byte[], byte[]>> keyed = new ArrayList<>();

  public final DeadLetterIndex dead = new DeadLetterIndex(false);
  private final StreamSettings settings;
  private final List<ActivationTimeline.Entry> activations = new ArrayList<>();
  private final Map<ModelVersion, Model> models = new HashMap<>();
  private final TopologyTestDriver driver;
  private final Map<String, TestInputTopic<byte[], byte[]>> in = new HashMap<>();
  private final TestOutputTopic<byte[], byte[]> forecastsOut;
  private final TestOutputTopic<byte[], byte[]> deadOut;
  private final @Nullable TestOutputTopic<byte[], byte[]> keyedOut;
  private final @Nullable TestOutputTopic<byte[], byte[]> anomaliesOut;
  private final @Nullable TestOutputTopic<byte[], byte[]> alertsOut;

  public RecordedStream(Path folder) {
    this(folder, List.of());
  }

  public RecordedStream(Path folder, List<String> covariates) {
    this(folder, EventMapping.defaults(EventFormat.JSON, covariates));
  }

  /** Creates a fixture with a migration throttle. */
  public RecordedStream(Path folder, MigrationThrottle moves) {
    this(folder, StreamPoliciesBuilder.policies().migration(moves).build());
  }

  /** Creates a stream with an event mapping. */
  public RecordedStream(Path folder, EventMapping mapping) {
    this(folder, mapping, StreamPolicies.DEFAULT);
  }

  public RecordedStream(Path folder, StreamPolicies policies) {
    this(folder, EventMapping.defaults(EventFormat.JSON, List.of()), policies);
  }

  private RecordedStream(Path folder, EventMapping mapping, StreamPolicies policies) {
    TopicNames keyedNames = !mapping.isRekeyed() ? TOPICS : TOPICS.withKeyedEvents("keyed-events");
    TopicNames detecting =
        policies.anomalies().isOff()
            ? keyedNames
            : keyedNames.withAnomalies(TopicNames.DEFAULT_ANOMALIES);
    TopicNames topics = policies.alerts().isEmpty() ? detecting : detecting.withAlerts("alerts");
    settings =
        StreamSettingsBuilder.settings("m")
            .events(mapping)
            .topics(topics)
            .policies(policies)
            .build();
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver = new TopologyTestDriver(ForecastTopology.build(settings), properties);
    for (String topic : List.of(TOPICS.events(), TOPICS.models(), TOPICS.activations())) {
      in.put(
          topic,
          driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer()));
    }
    forecastsOut = output(TOPICS.forecasts());
    deadOut = output(TOPICS.deadLetters());
    alertsOut = topics.alerts() == null ? null : output(topics.alerts());
    keyedOut = topics.keyedEvents() == null ? null : output(topics.keyedEvents());
    anomaliesOut = topics.anomalies() == null ? null : output(topics.anomalies());
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  public void activate(long epoch, byte[] file, @Nullable Long fromMs) {
    publish(file);
    activate(new Activation("m", epoch, ModelVersion.of(file), fromMs, "because"));
  }

  public void activateOn(long epoch, byte[] file, Activation.Terms terms) {
    publish(file);
    activate(new Activation("m", epoch, ModelVersion.of(file), terms, "because"));
  }

  /** Deletes a version from the models that {@link #verify} reads. */
  public void retire(byte[] file) {
    models.remove(ModelVersion.of(file));
  }

  public void publish(byte[] file) {
    ModelRecords records = new ModelRecords();
    ModelVersion version = ModelVersion.of(file);
    models.put(version, ModelFile.read(file));
    pipe(TOPICS.models(), ModelRecords.partKey(version, 0), records.encodePart(file, 0), 0);
    pipe(
        TOPICS.models(),
        ModelRecords.manifestKey(version),
        records.encodeManifest(new Manifest("m", version, file.length, 1, "{}", Instant.EPOCH)),
        0);
  }

  /** Activates, at once, a version that is not on the models topic. */
  public void activateUnpublished(long epoch, byte[] file) {
    Activation.Terms terms = Activation.Terms.serving(Scope.all(), null);
    activate(new Activation("m", epoch, ModelVersion.of(file), terms, "because"));
  }

  private void activate(Activation activation) {
    ActivationCodec codec = new ActivationCodec();
    String key = new String(codec.key(activation), StandardCharsets.UTF_8);
    activations.add(new ActivationTimeline.Entry(key, activation));
    pipe(TOPICS.activations(), key, codec.encode(activation), 0);
  }

  /** Deletes the activation of an epoch. */
  public void deleteActivation(long epoch) {
    String key = "m/" + epoch;
    activations.add(new ActivationTimeline.Entry(key, null));
    pipe(TOPICS.activations(), key, null, 0);
  }

  public void send(Observation observation) {
    send(
        observation.series(),
        new EventEncoder(EventFormat.JSON).encode(observation),
        observation.timestampMs());
  }

  public void send(String key, byte @Nullable [] value, long timestampMs) {
    send(key.getBytes(StandardCharsets.UTF_8), value, timestampMs);
  }

  public void send(byte[] key, byte @Nullable [] value, long timestampMs) {
    long offset = events.size();
    events.add(record(TOPICS.events(), offset, timestampMs, key, value));
    pipe(TOPICS.events(), key, value, timestampMs);
    if (anomaliesOut != null) {
      for (TestRecord<byte[], byte[]> out : anomaliesOut.readRecordsToList()) {
        anomalies.add(
            record(
                TopicNames.DEFAULT_ANOMALIES,
                anomalies.size(),
                out.timestamp(),
                out.key(),
                out.value()));
      }
    }
    for (TestRecord<byte[], byte[]> out : forecastsOut.readRecordsToList()) {
      forecasts.add(
          record(TOPICS.forecasts(), forecasts.size(), out.timestamp(), out.key(), out.value()));
    }
    if (alertsOut != null) {
      for (TestRecord<byte[], byte[]> out : alertsOut.readRecordsToList()) {
        alerts.add(record("alerts", alerts.size(), out.timestamp(), out.key(), out.value()));
      }
    }
    if (keyedOut != null) {
      for (TestRecord<byte[], byte[]> out : keyedOut.readRecordsToList()) {
        ConsumerRecord<byte[], byte[]> brought =
            record("keyed-events", keyed.size(), out.timestamp(), out.key(), out.value());
        out.headers().forEach(brought.headers()::add);
        keyed.add(brought);
      }
    }
    for (TestRecord<byte[], byte[]> letter : deadOut.readRecordsToList()) {
      letters.add(letter);
      Set<String> refused = DeadLetters.rejectedSeries(letter.headers());
      if (refused.isEmpty()) {
        dead.add(0, offset);
      } else {
        dead.add(0, offset, refused);
      }
    }
  }

  /** Runs forty hours, with another version from hour 35 on. */
  public void run() {
    activate(1, GRU, null);
    sendHours(0, 35);
    activate(2, LSTM, null);
    sendHours(35, 38);
    activate(3, LSTM, null);
    sendHours(38, 40);
  }

  /** Advances the wall clock, for punctuations. */
  public void advanceWallClock(Duration time) {
    driver.advanceWallClockTime(time);
  }

  /** Returns the series that have a stored state, expired or not. */
  public List<String> storedSeries() {
    List<String> series = new ArrayList<>();
    try (var all = driver.<String, byte[]>getKeyValueStore(ForecastTopology.STATES).all()) {
      all.forEachRemaining(entry -> series.add(entry.key));
    }
    return series;
  }

  /** Counts the entries of the window store. */
  public int pastEntries() {
    int entries = 0;
    try (var all = driver.<Bytes, byte[]>getKeyValueStore(ForecastTopology.WINDOWS).all()) {
      for (; all.hasNext(); all.next()) {
        entries++;
      }
    }
    return entries;
  }

  /** Decodes the forecast at an index. */
  public PublishedForecast published(int index) {
    ConsumerRecord<byte[], byte[]> record = forecasts.get(index);
    return new ForecastCodec()
        .decode(new String(record.key(), StandardCharsets.UTF_8), record.value());
  }

  /** Returns the epochs that served a series, by forecast. */
  public List<Long> epochs(String series) {
    ForecastCodec codec = new ForecastCodec();
    return forecasts.stream()
        .map(
            record ->
                codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value()))
        .map(published -> published.forecast().origin())
        .filter(origin -> origin.series().equals(series))
        .map(origin -> origin.served().epoch())
        .toList();
  }

  public static byte[] mean(CellKind kind, long seed) {
    return Models.file(Models.specification(kind, 6, 12, Aggregation.MEAN), seed);
  }

  public void sendHours(int from, int to) {
    for (int hour = from; hour < to; hour++) {
      for (int series = 0; series < SERIES; series++) {
        send(observation(series, hour));
      }
    }
  }

  public void sendQuarters(int from, int to) {
    for (int hour = from; hour < to; hour++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        Observation whole = observation(0, hour);
        send(
            new Observation(
                whole.series(), whole.timestampMs() + quarter * HOUR / 4, whole.value() + quarter));
      }
    }
  }

  public static Observation observation(int series, int hour) {
    double value = 10 * series + 3 * StrictMath.sin((hour + series) / 4.0);
    return new Observation("series-" + series, hour * HOUR, value);
  }

  public void append(ConsumerRecord<byte[], byte[]> record) {
    forecasts.add(record(record.topic(), 10_000, record.timestamp(), record.key(), record.value()));
  }

  public void alter(int index, UnaryOperator<PublishedForecast> change) {
    ForecastCodec codec = new ForecastCodec();
    ConsumerRecord<byte[], byte[]> record = forecasts.get(index);
    String series = new String(record.key(), StandardCharsets.UTF_8);
    forecasts.set(
        index,
        record(
            record.topic(),
            record.offset(),
            record.timestamp(),
            record.key(),
            codec.encode(change.apply(codec.decode(series, record.value())))));
  }

  private void pipe(String topic, String key, byte @Nullable [] value, long timestampMs) {
    pipe(topic, key.getBytes(StandardCharsets.UTF_8), value, timestampMs);
  }

  private void pipe(String topic, byte[] key, byte @Nullable [] value, long timestampMs) {
    Objects.requireNonNull(in.get(topic)).pipeInput(key, value, Instant.ofEpochMilli(timestampMs));
  }

  public static ConsumerRecord<byte[], byte[]> record(
      String topic, long offset, long timestampMs, byte[] key, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        timestampMs,
        TimestampType.CREATE_TIME,
        key.length,
        value == null ? 0 : value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  /** Counts the entries of a store; −1 if the store does not exist. */
  public int entries(String store) {
    KeyValueStore<Bytes, byte[]> state = driver.getKeyValueStore(store);
    if (state == null) {
      return -1;
    }
    int entries = 0;
    try (KeyValueIterator<Bytes, byte[]> all = state.all()) {
      for (; all.hasNext(); all.next()) {
        entries++;
      }
    }
    return entries;
  }

  public VerifyReport verify() {
    return verify(VerifyScope.everything(10));
  }

  public VerifyReport verify(VerifyScope scope) {
    return verify(scope, 0, 0);
  }

  /** Verifies the stream after retention has deleted the first events and forecasts. */
  public VerifyReport verify(VerifyScope scope, int eventsCut, int forecastsCut) {
    List<ConsumerRecord<byte[], byte[]>> source = keyedOut == null ? events : keyed;
    VerifyReport.Builder report = new VerifyReport.Builder(scope.limit());
    PartitionVerifier verifier =
        new PartitionVerifier(
            new PartitionVerifier.Context(
                settings, new ActivationTimeline(activations, models::get), dead),
            new PartitionVerifier.Offsets(
                0, eventsCut, source.size(), source.size(), forecastsCut > 0),
            scope,
            report);
    if (alertsOut != null) {
      verifier.verifyAlerts(alerts.iterator(), false);
    }
    verifier.run(
        source.subList(eventsCut, source.size()).iterator(),
        forecasts.subList(forecastsCut, forecasts.size()).iterator(),
        new AnomalyRecords(anomalies.iterator(), false));
    return report.build();
  }

  /**
   * Verifies the stream from a chosen event on.
   *
   * @return empty if a replay of all events may give another result
   */
  public Optional<VerifyReport> verifyFrom(VerifyScope scope, int event) {
    return PartitionReplays.from(
        new PartitionVerifier.Context(
            settings, new ActivationTimeline(activations, models::get), dead),
        scope,
        event,
        events,
        forecasts);
  }

  @Override
  public void close() {
    driver.close();
  }
}
