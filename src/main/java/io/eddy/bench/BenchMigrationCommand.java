package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.bench.MigrationBenchmark.Times;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.UsageException;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.rollout.MigrationThrottle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench migration}. */
@Command(
    name = "migration",
    description = {
      "Times events that migrate their series to new weights.",
      "Measures the event of one series, and the events while all series migrate: with the migration"
          + " throttle, without it, and without migrations, in turns.",
      "Runs the processor and the stores of the stream without a broker. The stores take about 8"
          + " KiB per series in the folder for temporary files."
    },
    mixinStandardHelpOptions = true)
final class BenchMigrationCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HORIZON = 24;
  private static final int CHUNK = 250;
  private static final int SINGLE_MIGRATIONS = 400;

  @Spec private @Nullable CommandSpec spec;

  @Within(min = 250, max = 10_000_000)
  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Series that migrate at once. Default: ${DEFAULT-VALUE}.")
  private int series;

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--context",
      paramLabel = "W",
      defaultValue = "336",
      description = "Steps that a migration runs under the new weights. Default: ${DEFAULT-VALUE}.")
  private int context;

  @Within(min = 1, max = 1e9)
  @Option(
      names = "--steps-per-event",
      paramLabel = "N",
      description = "The migration throttle, in steps per event. Default: the stream's default.")
  private int stepsPerEvent = MigrationThrottle.GRADUAL.stepsPerEvent();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  /**
   * Percentiles of times, in nanoseconds.
   *
   * @param median the 50th
   * @param p99 the 99th
   */
  private record Percentiles(long median, long p99) {
    static Percentiles of(long[] times) {
      long[] sorted = times.clone();
      Arrays.sort(sorted);
      return new Percentiles(
          sorted[sorted.length / 2], sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
    }
  }

  /**
   * The time that a migration adds to an event.
   *
   * @param cell of the network's one layer
   * @param hiddenSize of the layer
   * @param cpuNs added thread CPU time
   * @param wallNs added wall-clock time
   */
  private record MigrationCost(CellKind cell, int hiddenSize, long cpuNs, long wallNs) {}

  @Override
  public Integer call() throws IOException {
    if (series < CHUNK || series > 10_000_000) {
      throw new UsageException(
          "--series: expected %d to 10000000, got %d".formatted(CHUNK, series));
    }
    if (context < 1 || context > 100_000) {
      throw new UsageException("--context: expected 1 to 100000, got " + context);
    }
    MigrationThrottle throttle;
    try {
      throttle = new MigrationThrottle(stepsPerEvent);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--steps-per-event: " + e.getMessage());
    }
    Path folder = Files.createTempDirectory("eddy-bench-migration");
    try {
      List<MigrationCost> costs = new ArrayList<>();
      for (CellKind cell : List.of(CellKind.RNN_TANH, CellKind.GRU, CellKind.LSTM)) {
        for (int hiddenSize : new int[] {64, 128}) {
          costs.add(measureOne(folder, cell, hiddenSize));
        }
      }
      Map<String, Times> all = measureAll(folder, throttle);
      if (isJson) {
        Console.of(spec).println("%s", json(costs, all));
      } else {
        print(costs, all);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  /** Measures events that migrate their series, in turns with events that do not. */
  private MigrationCost measureOne(Path folder, CellKind cell, int hiddenSize) throws IOException {
    byte[] first = modelFile(cell, hiddenSize, 1);
    byte[] second = modelFile(cell, hiddenSize, 2);
    int warmUp = SINGLE_MIGRATIONS / 2;
    int count = SINGLE_MIGRATIONS + warmUp;
    try (MigrationBenchmark migrating = start(folder, first, MigrationThrottle.UNLIMITED, count);
        MigrationBenchmark quiet = start(folder, first, MigrationThrottle.UNLIMITED, count)) {
      migrating.activate(second);
      migrating.run(0, warmUp);
      quiet.run(0, warmUp);
      Times migrated = none();
      Times idle = none();
      for (int from = warmUp; from < count; from += 20) {
        idle = idle.plus(quiet.run(from, 20));
        migrated = migrated.plus(migrating.run(from, 20));
      }
      return new MigrationCost(
          cell,
          hiddenSize,
          Percentiles.of(migrated.cpuNs()).median() - Percentiles.of(idle.cpuNs()).median(),
          Percentiles.of(migrated.wallNs()).median() - Percentiles.of(idle.wallNs()).median());
    }
  }

  /** Measures one event of every series while all of them migrate, and while none does. */
  private Map<String, Times> measureAll(Path folder, MigrationThrottle throttle)
      throws IOException {
    byte[] first = modelFile(CellKind.LSTM, 64, 1);
    byte[] second = modelFile(CellKind.LSTM, 64, 2);
    Console.of(spec).printErr("filling the stores of %d series, three times", series);
    try (MigrationBenchmark quiet = start(folder, first, throttle, series);
        MigrationBenchmark throttled = start(folder, first, throttle, series);
        MigrationBenchmark unlimited = start(folder, first, MigrationThrottle.UNLIMITED, series)) {
      throttled.activate(second);
      unlimited.activate(second);
      Map<String, MigrationBenchmark> streams = new LinkedHashMap<>();
      streams.put("quiet", quiet);
      streams.put("throttled", throttled);
      streams.put("unlimited", unlimited);
      Map<String, List<Times>> parts = new LinkedHashMap<>();
      for (int from = 0; from + CHUNK <= series; from += CHUNK) {
        for (Map.Entry<String, MigrationBenchmark> stream : streams.entrySet()) {
          parts
              .computeIfAbsent(stream.getKey(), name -> new ArrayList<>())
              .add(stream.getValue().run(from, CHUNK));
        }
      }
      Map<String, Times> times = new LinkedHashMap<>();
      parts.forEach((name, list) -> times.put(name, join(list)));
      return times;
    }
  }

  private static Times none() {
    return new Times(new long[0], new long[0], 0);
  }

  private static Times join(List<Times> parts) {
    return new Times(
        parts.stream().flatMapToLong(part -> Arrays.stream(part.cpuNs())).toArray(),
        parts.stream().flatMapToLong(part -> Arrays.stream(part.wallNs())).toArray(),
        parts.stream().mapToInt(Times::migrated).sum());
  }

  private static MigrationBenchmark start(
      Path folder, byte[] file, MigrationThrottle throttle, int count) throws IOException {
    return new MigrationBenchmark(
        Files.createTempDirectory(folder, "stores"), file, throttle, count);
  }

  private byte[] modelFile(CellKind cell, int hiddenSize, long seed) {
    return RandomModel.file(
        new ModelSpecification.Network(cell, hiddenSize, List.of(1)),
        List.of(0.1, 0.5, 0.9),
        HORIZON,
        context,
        seed);
  }

  private void print(List<MigrationCost> costs, Map<String, Times> all) {
    Console console = Console.of(spec);
    console.println(
        "Time that a migration adds to an event, W = %d, horizon %d, %s (medians)",
        context, HORIZON, CellStack.kernelName());
    console.println("%-10s %6s %14s %14s", "cell", "units", "CPU, µs", "wall clock, µs");
    for (MigrationCost cost : costs) {
      console.println(
          "%-10s %6d %14.1f %14.1f",
          cost.cell().id(), cost.hiddenSize(), cost.cpuNs() / 1e3, cost.wallNs() / 1e3);
    }
    console.println(
        "%nTime of an event while %d series migrate, LSTM of 64 units, W = %d, throttle %d steps"
            + " per event, µs",
        series, context, stepsPerEvent);
    console.println(
        "%-10s %8s %24s %24s", "", "migrated", "CPU, median  p99", "wall clock, median  p99");
    all.forEach(
        (name, times) -> {
          Percentiles cpu = Percentiles.of(times.cpuNs());
          Percentiles wall = Percentiles.of(times.wallNs());
          console.println(
              "%-10s %8d %17.1f %6.1f %17.1f %6.1f",
              name,
              times.migrated(),
              cpu.median() / 1e3,
              cpu.p99() / 1e3,
              wall.median() / 1e3,
              wall.p99() / 1e3);
        });
  }

  private ObjectNode json(List<MigrationCost> costs, Map<String, Times> all) {
    ObjectNode node = JSON.createObjectNode();
    node.put("java", System.getProperty("java.version"));
    node.put("kernel", CellStack.kernelName());
    node.put("context", context).put("series", series).put("stepsPerEvent", stepsPerEvent);
    ArrayNode array = node.putArray("migrations");
    for (MigrationCost cost : costs) {
      array
          .addObject()
          .put("cell", cost.cell().id())
          .put("hiddenSize", cost.hiddenSize())
          .put("addedCpuNs", cost.cpuNs())
          .put("addedWallNs", cost.wallNs());
    }
    ObjectNode atOnce = node.putObject("atOnce");
    all.forEach(
        (name, times) -> {
          Percentiles cpu = Percentiles.of(times.cpuNs());
          Percentiles wall = Percentiles.of(times.wallNs());
          atOnce
              .putObject(name)
              .put("migrated", times.migrated())
              .put("cpuMedianNs", cpu.median())
              .put("cpuP99Ns", cpu.p99())
              .put("wallMedianNs", wall.median())
              .put("wallP99Ns", wall.p99());
        });
    return node;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
