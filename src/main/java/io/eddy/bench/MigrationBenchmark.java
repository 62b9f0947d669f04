package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.bench.MigrationTimes.Times;
import io.eddy.cli.terminal.Console;
import io.eddy.kafka.config.UsageException;
import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.Decoder;
import io.eddy.model.Head;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
      "Times what an event costs that moves its series to new weights, and what events cost while"
          + " all series are to move at once: with moves.steps-per-event, unbounded, and quiet"
          + " beside them, in turns.",
      "The stream's own processor and stores, without a broker. The stores take some 8 KiB of the"
          + " folder for temporary files for each series."
    },
    mixinStandardHelpOptions = true)
final class MigrationBenchmark implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HORIZON = 24;
  private static final int CHUNK = 250;
  private static final int SINGLE_MOVES = 400;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Series that are to move at once. Default: ${DEFAULT-VALUE}.")
  private int series;

  @Option(
      names = "--context",
      paramLabel = "W",
      defaultValue = "336",
      description = "Steps that a move runs through the new weights. Default: ${DEFAULT-VALUE}.")
  private int context;

  @Option(
      names = "--steps-per-event",
      paramLabel = "N",
      description = "The bound. Default: that of moves.steps-per-event.")
  private int stepsPerEvent = MigrationThrottle.SPARING.stepsPerEvent();

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  /** Median and 99th percentile, in nanoseconds. */
  private record Figure(long median, long high) {
    static Figure of(long[] times) {
      long[] sorted = times.clone();
      Arrays.sort(sorted);
      return new Figure(
          sorted[sorted.length / 2], sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)]);
    }
  }

  /** A net and what its move adds to an event, by processor time and by the wall clock. */
  private record Move(CellKind cell, int hiddenSize, long cpuNs, long wallNs) {}

  @Override
  public Integer call() throws IOException {
    if (series < CHUNK || series > 10_000_000) {
      throw new UsageException(
          "--series: expected %d to 10000000, got %d".formatted(CHUNK, series));
    }
    if (context < 1 || context > 100_000) {
      throw new UsageException("--context: expected 1 to 100000, got " + context);
    }
    MigrationThrottle bound;
    try {
      bound = new MigrationThrottle(stepsPerEvent);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--steps-per-event: " + e.getMessage());
    }
    Path folder = Files.createTempDirectory("eddy-bench-migration");
    try {
      List<Move> moves = new ArrayList<>();
      for (CellKind cell : List.of(CellKind.RNN_TANH, CellKind.GRU, CellKind.LSTM)) {
        for (int hiddenSize : new int[] {64, 128}) {
          moves.add(single(folder, cell, hiddenSize));
        }
      }
      Map<String, Times> together = together(folder, bound);
      if (isJson) {
        Console.of(spec).println("%s", json(moves, together));
      } else {
        tell(moves, together);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  /**
   * What a move adds to an event: events that move their series in turns with those that do not.
   */
  private Move single(Path folder, CellKind cell, int hiddenSize) throws IOException {
    byte[] first = file(cell, hiddenSize, 1);
    byte[] second = file(cell, hiddenSize, 2);
    int warmUp = SINGLE_MOVES / 2;
    int all = SINGLE_MOVES + warmUp;
    try (MigrationTimes moving = times(folder, first, MigrationThrottle.UNLIMITED, all);
        MigrationTimes quiet = times(folder, first, MigrationThrottle.UNLIMITED, all)) {
      moving.activate(second);
      moving.run(0, warmUp);
      quiet.run(0, warmUp);
      Times moved = none();
      Times unmoved = none();
      for (int from = warmUp; from < all; from += 20) {
        unmoved = unmoved.and(quiet.run(from, 20));
        moved = moved.and(moving.run(from, 20));
      }
      return new Move(
          cell,
          hiddenSize,
          Figure.of(moved.cpuNs()).median() - Figure.of(unmoved.cpuNs()).median(),
          Figure.of(moved.wallNs()).median() - Figure.of(unmoved.wallNs()).median());
    }
  }

  /** One event of every series, with all of them to move, and with none. */
  private Map<String, Times> together(Path folder, MigrationThrottle bound) throws IOException {
    byte[] first = file(CellKind.LSTM, 64, 1);
    byte[] second = file(CellKind.LSTM, 64, 2);
    Console.of(spec).printErr("giving %d series their past, three times", series);
    try (MigrationTimes quiet = times(folder, first, bound, series);
        MigrationTimes bounded = times(folder, first, bound, series);
        MigrationTimes unbounded = times(folder, first, MigrationThrottle.UNLIMITED, series)) {
      bounded.activate(second);
      unbounded.activate(second);
      Map<String, MigrationTimes> streams = new LinkedHashMap<>();
      streams.put("quiet", quiet);
      streams.put("bounded", bounded);
      streams.put("unbounded", unbounded);
      Map<String, List<Times>> parts = new LinkedHashMap<>();
      for (int from = 0; from + CHUNK <= series; from += CHUNK) {
        for (Map.Entry<String, MigrationTimes> stream : streams.entrySet()) {
          parts
              .computeIfAbsent(stream.getKey(), name -> new ArrayList<>())
              .add(stream.getValue().run(from, CHUNK));
        }
      }
      Map<String, Times> together = new LinkedHashMap<>();
      parts.forEach((name, times) -> together.put(name, all(times)));
      return together;
    }
  }

  private static Times none() {
    return new Times(new long[0], new long[0], 0);
  }

  private static Times all(List<Times> parts) {
    return new Times(
        parts.stream().flatMapToLong(part -> Arrays.stream(part.cpuNs())).toArray(),
        parts.stream().flatMapToLong(part -> Arrays.stream(part.wallNs())).toArray(),
        parts.stream().mapToInt(Times::moved).sum());
  }

  private static MigrationTimes times(Path folder, byte[] file, MigrationThrottle moves, int count)
      throws IOException {
    return new MigrationTimes(Files.createTempDirectory(folder, "stores"), file, moves, count);
  }

  /** A model of one layer with random weights: what it forecasts is of no matter here. */
  private byte[] file(CellKind cell, int hiddenSize, long seed) {
    ModelSpecification specification =
        new ModelSpecification(
            new ModelSpecification.Network(cell, hiddenSize, List.of(1)),
            new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
            new ModelSpecification.Inputs(2, true, 24),
            new ModelSpecification.Output(
                HORIZON, List.of(0.1, 0.5, 0.9), new BaselineSpec(Math.min(24, context))),
            context,
            new Provenance("bench", seed, BuildVersion.number(), Map.of()));
    SplittableRandom random = new SplittableRandom(seed);
    LayerParameters.Sizes sizes =
        new LayerParameters.Sizes(new InputEncoder(specification).size(), hiddenSize);
    CellStack stack =
        new CellStack(List.of(LayerParameters.random(cell, sizes, random)), List.of(1));
    return ModelFile.write(
        specification, stack, new Head(specification, Decoder.random(specification, 1, random)));
  }

  private void tell(List<Move> moves, Map<String, Times> together) {
    Console console = Console.of(spec);
    console.println(
        "What a move adds to an event, W = %d, %d outputs ahead, %s (medians)",
        context, HORIZON, CellStack.kernelName());
    console.println("%-10s %6s %14s %14s", "cell", "units", "processor, µs", "wall clock, µs");
    for (Move move : moves) {
      console.println(
          "%-10s %6d %14.1f %14.1f",
          move.cell().id(), move.hiddenSize(), move.cpuNs() / 1e3, move.wallNs() / 1e3);
    }
    console.println(
        "%nAn event of each of %d series that are to move at once, LSTM of 64 units, W = %d, %d"
            + " steps an event, µs",
        series, context, stepsPerEvent);
    console.println(
        "%-10s %8s %24s %24s", "", "moved", "processor, median  p99", "wall clock, median  p99");
    together.forEach(
        (name, times) -> {
          Figure cpu = Figure.of(times.cpuNs());
          Figure wall = Figure.of(times.wallNs());
          console.println(
              "%-10s %8d %17.1f %6.1f %17.1f %6.1f",
              name,
              times.moved(),
              cpu.median() / 1e3,
              cpu.high() / 1e3,
              wall.median() / 1e3,
              wall.high() / 1e3);
        });
  }

  private ObjectNode json(List<Move> moves, Map<String, Times> together) {
    ObjectNode node = JSON.createObjectNode();
    node.put("java", System.getProperty("java.version"));
    node.put("kernel", CellStack.kernelName());
    node.put("context", context).put("series", series).put("stepsPerEvent", stepsPerEvent);
    ArrayNode single = node.putArray("moves");
    for (Move move : moves) {
      single
          .addObject()
          .put("cell", move.cell().id())
          .put("hiddenSize", move.hiddenSize())
          .put("addedCpuNs", move.cpuNs())
          .put("addedWallNs", move.wallNs());
    }
    ObjectNode all = node.putObject("atOnce");
    together.forEach(
        (name, times) -> {
          Figure cpu = Figure.of(times.cpuNs());
          Figure wall = Figure.of(times.wallNs());
          all.putObject(name)
              .put("moved", times.moved())
              .put("cpuMedianNs", cpu.median())
              .put("cpuP99Ns", cpu.high())
              .put("wallMedianNs", wall.median())
              .put("wallP99Ns", wall.high());
        });
    return node;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
