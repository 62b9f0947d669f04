package io.eddy.bench;

import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ModelRecords;
import io.eddy.kafka.registry.ModelCatalog;
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
 * What an event costs while series move: the topology with its stores on disk, over one partition
 * without a broker, whose series all have a full past. Timed is the processor's work on an event,
 * from its bytes to the forecast's, by the processor time of its thread and by the wall clock.
 */
public final class MigrationTimes implements AutoCloseable {
  private static final String MODEL = "bench";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final int CLEARED_EVERY = 500;

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

  /** Times of events. */
  public static final class Times {
    private final long[] cpuNs;
    private final long[] wallNs;
    private final int moved;

    /** Times of events; not copied. */
    public Times(long[] cpuNs, long[] wallNs, int moved) {
      this.cpuNs = cpuNs;
      this.wallNs = wallNs;
      this.moved = moved;
    }

    /** By the processor time of the thread; not a copy. */
    public long[] cpuNs() {
      return cpuNs;
    }

    /** By the wall clock; not a copy. */
    public long[] wallNs() {
      return wallNs;
    }

    /** Of how many the series moved. */
    public int moved() {
      return moved;
    }

    /** The same and others. */
    public Times and(Times others) {
      return new Times(
          joined(cpuNs, others.cpuNs), joined(wallNs, others.wallNs), moved + others.moved);
    }

    private static long[] joined(long[] first, long[] second) {
      long[] all = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      return all;
    }
  }

  /**
   * Series that are served by a version.
   *
   * @param folder for the stores; empty
   * @param file of the version, of events of which the first of a step closes it
   * @param count of the series
   */
  public MigrationTimes(Path folder, byte[] file, MigrationThrottle moves, int count) {
    specification = ModelFile.read(file).specification();
    series = count;
    StreamSettings settings =
        new StreamSettings(
            MODEL,
            EventMapping.defaults(EventFormat.JSON, List.of()),
            TOPICS,
            ModelLimits.NONE,
            StreamPolicies.DEFAULT.with(moves));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    ModelCatalog catalog = new ModelCatalog(List.of());
    driver =
        new TopologyTestDriver(ForecastTopology.build(settings, catalog, Timed::new), properties);
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

  /** Passes everything on, and looks at the clocks before and after each event. */
  private final class Timed implements Processor<byte[], byte[], byte[], byte[]> {
    private final Processor<byte[], byte[], byte[], byte[]> inner;

    Timed(Processor<byte[], byte[], byte[], byte[]> inner) {
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

  /** Publishes a version and lets it serve all series, at once. */
  public void activate(byte[] file) {
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

  /** Gives every series the past of the first. */
  private void fill() {
    String first = name(0);
    int context = specification.contextLength();
    for (int step = 0; step <= context; step++) {
      send(first);
    }
    KeyValueStore<String, byte[]> states = driver.getKeyValueStore(ForecastTopology.STATES);
    KeyValueStore<Bytes, byte[]> windows = driver.getKeyValueStore(ForecastTopology.WINDOWS);
    byte[] state = states.get(first);
    Map<Bytes, byte[]> past = new HashMap<>();
    try (KeyValueIterator<Bytes, byte[]> all = windows.all()) {
      all.forEachRemaining(one -> past.put(one.key, one.value));
    }
    for (int index = 1; index < series; index++) {
      String name = name(index);
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      states.put(name, state);
      past.forEach(
          (key, value) -> {
            byte[] own = key.get().clone();
            System.arraycopy(bytes, 0, own, 0, bytes.length);
            windows.put(Bytes.wrap(own), value);
          });
      steps.put(name, context + 1);
      if (index % CLEARED_EVERY == 0) {
        // Lets the driver forget what it would send to the changelogs.
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

  /** The next event of some of the series, one after the other. */
  public Times run(int from, int count) {
    long[] cpu = new long[count];
    long[] wall = new long[count];
    forecasts.readRecordsToList();
    List<String> names = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      names.add(name(from + index));
    }
    int moved = 0;
    for (int index = 0; index < count; index++) {
      send(names.get(index));
      cpu[index] = lastCpuNs;
      wall[index] = lastWallNs;
      byte[] forecast = forecasts.readValue();
      var known = forecastCodec.decode(names.get(index), forecast);
      moved += known.forecast().origin().served().epoch() == epoch ? 1 : 0;
    }
    return new Times(cpu, wall, moved);
  }

  @Override
  public void close() {
    driver.close();
  }
}
