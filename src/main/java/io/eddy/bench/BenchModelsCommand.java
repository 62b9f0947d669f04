package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventEncoder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench models}. */
@Command(
    name = "models",
    description = {
      "Measures the start-up time and the memory of a forecaster with many published versions.",
      "Starts it first with an empty state folder, then with the state folder of the first start.",
      "Uses topics of its own, bench-models-…; use a development broker. A second call reuses the"
          + " published versions."
    },
    mixinStandardHelpOptions = true)
final class BenchModelsCommand implements Callable<Integer> {
  private static final String MODEL = "bench";
  private static final long TIMEOUT_S = 300;
  private static final TopicNames TOPICS =
      new TopicNames(
          "bench-models-events",
          "bench-models-forecasts",
          "bench-models-scores",
          "bench-models-models",
          "bench-models-activations",
          "bench-models-dead-letters",
          "bench-models-status");

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @InputFile
  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "A model file; the versions are copies that differ in their last weight.")
  private Path file = Path.of("");

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--versions",
      paramLabel = "N",
      defaultValue = "200",
      description = "Number of versions. Default: ${DEFAULT-VALUE}.")
  private int versions;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException {
    Map<String, Object> client = connection.settings().client();
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, 1);
    }
    Model model = ModelSource.read(file);
    publish(client);
    Path folder = Files.createTempDirectory("eddy-bench-models");
    try {
      String application = "bench-models-" + UUID.randomUUID();
      long heapBefore = heap();
      for (String state : List.of("empty", "kept")) {
        send(client, model);
        print(state, measure(client, application, folder), heapBefore, size(folder));
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  /** Publishes the missing versions and activates the last one. */
  private void publish(Map<String, Object> client) {
    ModelRegistry registry = new ModelRegistry(client, TOPICS);
    byte[] bytes = ModelSource.bytes(file);
    int present = registry.models().list().size();
    for (int i = present; i < versions; i++) {
      registry.publisher().publish(MODEL, variant(bytes, i));
      if ((i + 1) % 50 == 0) {
        Console.of(spec).printErr("published %d of %d versions", i + 1, versions);
      }
    }
    ModelVersion last = ModelFile.read(variant(bytes, versions - 1)).version();
    registry.rollout().activate(MODEL, last, null, "");
  }

  private static byte[] variant(byte[] file, int number) {
    byte[] bytes = file.clone();
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - Float.BYTES, number / 1000f);
    return bytes;
  }

  /**
   * A start of the forecaster.
   *
   * @param seconds until the first forecast
   * @param heapBytes heap in use after a garbage collection
   * @param residentBytes resident memory of the process; 0 if unknown
   */
  private record Start(double seconds, long heapBytes, long residentBytes) {}

  private static Start measure(Map<String, Object> client, String application, Path folder) {
    StreamSettings settings =
        new StreamSettings(
            MODEL,
            EventMapping.defaults(EventFormat.JSON, List.of()),
            TOPICS,
            StreamPolicies.DEFAULT,
            OutputFormat.DEFAULT);
    Deployment deployment =
        new Deployment(
            application,
            folder.toString(),
            ThreadSettings.of(1),
            client,
            RollbackRules.DEFAULT,
            RocksDbSettings.DEFAULT);
    long before = forecasts(client);
    long begin = System.nanoTime();
    try (Forecaster forecaster = new Forecaster(settings, deployment)) {
      forecaster.start();
      while (forecasts(client) == before) {
        forecaster.requireAlive();
        if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(TIMEOUT_S)) {
          throw new BrokerException(
              "no forecast within " + TIMEOUT_S + " s", new IllegalStateException());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Start(seconds, heap(), resident());
    }
  }

  private static long forecasts(Map<String, Object> client) {
    return new TopicReader(client)
        .endOffsets(TOPICS.forecasts()).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Sends the next event of the only series. */
  private static void send(Map<String, Object> client, Model model) {
    long step =
        new TopicReader(client)
            .endOffsets(TOPICS.events()).values().stream().mapToLong(Long::longValue).sum();
    Observation observation =
        new Observation(
            "series", model.specification().sampling().startMs(1000 + step), 10 + step % 7);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  TOPICS.events(),
                  observation.series().getBytes(StandardCharsets.UTF_8),
                  new EventEncoder(EventFormat.JSON).encode(observation)));
    }
  }

  private void print(String state, Start start, long heapBefore, long disk) {
    if (isJson) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("stateFolder", state).put("versions", versions);
      node.put("secondsToFirstForecast", start.seconds());
      node.put("heapBytes", start.heapBytes() - heapBefore);
      node.put("residentBytes", start.residentBytes()).put("diskBytes", disk);
      Console.of(spec).println("%s", node);
      return;
    }
    Console.of(spec)
        .println(
            "%-5s state folder: first forecast after %.1f s, heap %+.1f MiB, resident %.0f MiB,"
                + " disk %.0f MiB",
            state,
            start.seconds(),
            mebibytes(start.heapBytes() - heapBefore),
            mebibytes(start.residentBytes()),
            mebibytes(disk));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  /** Returns the heap in use after a garbage collection, in bytes. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Returns the resident memory of the process in bytes, or 0 if the system does not report it. */
  private static long resident() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
