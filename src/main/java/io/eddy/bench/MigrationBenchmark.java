package io.eddy.bench;

import io.eddy.kafka.config.ModelPolicies;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Measures the cost of an event while series migrate: runs the topology over one partition without
 * a broker, with its stores on disk and a full window for every series. Measures the processor's
 * work on an event, from the event's bytes to the forecast's, in thread CPU time and in wall-clock
 * time.
 */
final class MigrationBenchmark implements AutoCloseable {
  private static final String MODEL = "bench";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final int FLUSH_INTERVAL = 500;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final EventEncoder encoder = new EventEncoder(EventFormat.JSON);
  private final ForecastCodec forecastCodec = new ForecastCodec();
  private final ModelSpecification specification;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> events;
  private final TestInputTopic<String, byte[]> models;
  private final TestInputTopic<String, byte[]> activations;
  private final TestOutputTopic<String, byte[]> forecasts;
  private final int series;
  private final Map<String, Integer> steps = new HashMap<>();
  private long lastCpuNs;
  private long lastWallNs;
  private long epoch;

  /** Times of a number of events. */
  static final class Times {
    private final long[] cpuNs;
    private final long[] wallNs;
    private final int migrated;

    /**
     * Times of events; the arrays are not copied.
     *
     * @param cpuNs [events] thread CPU time
     * @param wallNs [events] wall-clock time
     * @param migrated number of events that migrated their series
     */
    Times(long[] cpuNs, long[] wallNs, int migrated) {
      this.cpuNs = cpuNs;
      this.wallNs = wallNs;
      this.migrated = migrated;
    }

    /** Returns the thread CPU time of every event; not a copy. */
    long[] cpuNs() {
      return cpuNs;
    }

    /** Returns the wall-clock time of every event; not a copy. */
    long[] wallNs() {
      return wallNs;
    }

    /** Returns how many events migrated their series. */
    int migrated() {
      return migrated;
    }

    /** Returns these times followed by others. */
    Times plus(Times others) {
      return new Times(
          join(cpuNs, others.cpuNs), join(wallNs, others.wallNs), migrated + others.migrated);
    }

    private static long[] join(long[] first, long[] second) {
      long[] all = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      return all;
    }
  }

  /**
   * Creates series that a version serves.
   *
   * @param folder for the stores; empty
   * @param file model file of the version, which must use the first observation of a step
   * @param count number of series
   */
  MigrationBenchmark(Path folder, byte[] file, MigrationThrottle throttle, int count) {
    specification = ModelFile.read(file).specification();
    series = count;
    StreamSettings settings =
        new StreamSettings(
            MODEL,
            EventMapping.defaults(EventFormat.JSON, List.of()),
            TOPICS,
            policies(throttle),
            OutputFormat.DEFAULT);
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    ModelCatalog catalog = new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of()));
    driver =
        new TopologyTestDriver(
            ForecastTopology.build(settings, catalog, TimedProcessor::new), properties);
    events = input(TOPICS.events());
    models = input(TOPICS.models());
    activations = input(TOPICS.activations());
    forecasts =
        driver.createOutputTopic(
            TOPICS.forecasts(), new StringDeserializer(), new ByteArrayDeserializer());
    activate(file);
    fill();
  }

  private TestInputTopic<String, byte[]> input(String topic) {
    return driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer());
  }

  /** Measures the time of a processor. */
  private final class TimedProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final Processor<byte[], byte[], byte[], byte[]> inner;

    TimedProcessor(Processor<byte[], byte[], byte[], byte[]> inner) {
      this.inner = inner;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      inner.init(context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      long wall = System.nanoTime();
      long cpu = threads.getCurrentThreadCpuTime();
      inner.process(record);
      lastCpuNs = threads.getCurrentThreadCpuTime() - cpu;
      lastWallNs = System.nanoTime() - wall;
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /** Publishes a version and activates it for all series, effective immediately. */
  void activate(byte[] file) {
    ModelRecords records = new ModelRecords();
    ModelVersion version = ModelVersion.of(file);
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    for (int index = 0; index < parts; index++) {
      models.pipeInput(ModelRecords.partKey(version, index), records.encodePart(file, index));
    }
    models.pipeInput(
        ModelRecords.manifestKey(version),
        records.encodeManifest(
            new Manifest(MODEL, version, file.length, parts, "{}", Instant.EPOCH)));
    ActivationCodec codec = new ActivationCodec();
    Activation activation =
        new Activation(MODEL, ++epoch, version, Activation.Terms.serving(Scope.all(), null), "");
    activations.pipeInput(
        new String(codec.key(activation), StandardCharsets.UTF_8), codec.encode(activation));
  }

  /** Feeds the first series, then copies its state and window to all others. */
  private void fill() {
    String first = name(0);
    int context = specification.contextLength();
    for (int step = 0; step <= context; step++) {
      send(first);
    }
    KeyValueStore<String, byte[]> states = driver.getKeyValueStore(ForecastTopology.STATES);
    KeyValueStore<Bytes, byte[]> windows = driver.getKeyValueStore(ForecastTopology.WINDOWS);
    byte[] state = states.get(first);
    Map<Bytes, byte[]> window = new HashMap<>();
    try (KeyValueIterator<Bytes, byte[]> all = windows.all()) {
      all.forEachRemaining(entry -> window.put(entry.key, entry.value));
    }
    for (int index = 1; index < series; index++) {
      String name = name(index);
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      states.put(name, state);
      window.forEach(
          (key, value) -> {
            byte[] own = key.get().clone();
            System.arraycopy(bytes, 0, own, 0, bytes.length);
            windows.put(Bytes.wrap(own), value);
          });
      steps.put(name, context + 1);
      if (index % FLUSH_INTERVAL == 0) {
        // An event makes the driver drop the records it collected for the changelogs.
        send(first);
      }
    }
  }

  private static String name(int index) {
    return "series-%08d".formatted(index);
  }

  private void send(String name) {
    int step = steps.merge(name, 1, Integer::sum) - 1;
    Observation observation =
        new Observation(
            name,
            specification.sampling().startMs(1_000_000L + step),
            20 + 5 * StrictMath.sin(step / 4.0));
    events.pipeInput(
        name, encoder.encode(observation), Instant.ofEpochMilli(observation.timestampMs()));
  }

  /** Sends the next event of each of {@code count} series. */
  Times run(int from, int count) {
    long[] cpu = new long[count];
    long[] wall = new long[count];
    forecasts.readRecordsToList();
    List<String> names = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      names.add(name(from + index));
    }
    int migrated = 0;
    for (int index = 0; index < count; index++) {
      send(names.get(index));
      cpu[index] = lastCpuNs;
      wall[index] = lastWallNs;
      byte[] forecast = forecasts.readValue();
      var decoded = forecastCodec.decode(names.get(index), forecast);
      migrated += decoded.forecast().origin().served().epoch() == epoch ? 1 : 0;
    }
    return new Times(cpu, wall, migrated);
  }

  @Override
  public void close() {
    driver.close();
  }

  private static StreamPolicies policies(MigrationThrottle throttle) {
    StreamPolicies policies = StreamPolicies.DEFAULT;
    return new StreamPolicies(
        policies.lateness(),
        policies.limits(),
        policies.series(),
        policies.nullValues(),
        new ModelPolicies(ModelLimits.NONE, throttle),
        policies.anomalies(),
        policies.alerts());
  }
}
