package io.eddy.stream;

import io.eddy.codec.ActivationCodec;
import io.eddy.codec.EventEncoder;
import io.eddy.codec.EventFormat;
import io.eddy.codec.Manifest;
import io.eddy.codec.ModelRecords;
import io.eddy.forecast.Activation;
import io.eddy.forecast.Scope;
import io.eddy.model.Model;
import io.eddy.model.ModelFile;
import io.eddy.model.ModelVersion;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology over one partition, and everything that went in and came out of it. */
final class RecordedStream implements AutoCloseable {
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  final List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
  final List<ConsumerRecord<byte[], byte[]>> forecasts = new ArrayList<>();
  final DeadEvents dead = new DeadEvents(false);
  private final StreamSettings settings;
  private final List<ActivationTimeline.Entry> activations = new ArrayList<>();
  private final Map<ModelVersion, Model> models = new HashMap<>();
  private final TopologyTestDriver driver;
  private final Map<String, TestInputTopic<byte[], byte[]>> in = new HashMap<>();
  private final TestOutputTopic<byte[], byte[]> forecastsOut;
  private final TestOutputTopic<byte[], byte[]> deadOut;

  RecordedStream(Path folder) {
    this(folder, List.of());
  }

  RecordedStream(Path folder, List<String> covariates) {
    settings = new StreamSettings("m", EventFormat.JSON, TOPICS, covariates);
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
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  void activate(long epoch, byte[] file, @Nullable Long fromMs) {
    publish(file);
    activate(new Activation("m", epoch, ModelVersion.of(file), fromMs, "because"));
  }

  void activateOn(long epoch, byte[] file, Activation.Terms terms) {
    publish(file);
    activate(new Activation("m", epoch, ModelVersion.of(file), terms, "because"));
  }

  /** Takes a version off the models topic, as far as an audit is concerned. */
  void retire(byte[] file) {
    models.remove(ModelVersion.of(file));
  }

  void publish(byte[] file) {
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
  void activateUnpublished(long epoch, byte[] file) {
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
  void takeBack(long epoch) {
    String key = "m/" + epoch;
    activations.add(new ActivationTimeline.Entry(key, null));
    pipe(TOPICS.activations(), key, null, 0);
  }

  void send(Observation observation) {
    send(
        observation.series(),
        new EventEncoder(EventFormat.JSON).encode(observation),
        observation.timestampMs());
  }

  void send(String key, byte[] value, long timestampMs) {
    long offset = events.size();
    events.add(
        record(TOPICS.events(), offset, timestampMs, key.getBytes(StandardCharsets.UTF_8), value));
    pipe(TOPICS.events(), key, value, timestampMs);
    for (TestRecord<byte[], byte[]> out : forecastsOut.readRecordsToList()) {
      forecasts.add(
          record(TOPICS.forecasts(), forecasts.size(), out.timestamp(), out.key(), out.value()));
    }
    deadOut.readRecordsToList().forEach(letter -> dead.add(0, offset));
  }

  private void pipe(String topic, String key, byte @Nullable [] value, long timestampMs) {
    Objects.requireNonNull(in.get(topic))
        .pipeInput(key.getBytes(StandardCharsets.UTF_8), value, Instant.ofEpochMilli(timestampMs));
  }

  static ConsumerRecord<byte[], byte[]> record(
      String topic, long offset, long timestampMs, byte[] key, byte[] value) {
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        timestampMs,
        TimestampType.CREATE_TIME,
        key.length,
        value.length,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  AuditReport audit() {
    return audit(AuditScope.everything(10));
  }

  AuditReport audit(AuditScope scope) {
    return audit(scope, 0, 0);
  }

  /** Audits what is left once retention has deleted so many events and forecasts. */
  AuditReport audit(AuditScope scope, int eventsCut, int forecastsCut) {
    AuditReport.Tally tally = new AuditReport.Tally(scope.limit());
    new PartitionAudit(
            new PartitionAudit.Setting(
                settings, new ActivationTimeline(activations, models::get), dead),
            new PartitionAudit.Extent(0, eventsCut, events.size(), events.size(), forecastsCut > 0),
            scope,
            tally)
        .run(
            events.subList(eventsCut, events.size()).iterator(),
            forecasts.subList(forecastsCut, forecasts.size()).iterator());
    return tally.report();
  }

  @Override
  public void close() {
    driver.close();
  }
}
