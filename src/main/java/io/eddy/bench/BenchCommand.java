package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.DevelopmentCommand;
import io.eddy.cli.terminal.Console;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eddy bench}. */
@Command(
    name = "bench",
    description = "Measures how fast this machine is at it, and how good its forecasts are.",
    subcommands = {AccuracyCommand.class, MigrationBenchmark.class, ModelsBenchmark.class},
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Runnable, DevelopmentCommand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OTHER = "onnxruntime_lstm";
  private static final String PLAIN = "lstm_plain_java";
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final int REFERENCE_SIZE = 64;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "expected cells, training, migration, models or accuracy");
  }

  /** A median over iterations, for one series and step. */
  private record Figure(String cell, int hiddenSize, boolean isBatch, double ns) {}

  @Command(
      name = "cells",
      description = {
        "Times one step of one layer with 8 inputs: for one series, and for each of 64 side by"
            + " side.",
        "ONNX Runtime's LSTM operator stands beside it, its state in and out, where it can be had,"
            + " and where the JDK's vectors are in use, the LSTM without them."
      },
      mixinStandardHelpOptions = true)
  int cells(@Option(names = "--json", description = "Print JSON.") boolean isJson)
      throws RunnerException {
    Console console = Console.of(spec);
    Optional<String> other = ReferenceRuntime.ONNX_RUNTIME.find(console);
    console.printErr("measuring, this takes about %d minutes", other.isPresent() ? 4 : 3);
    List<Figure> figures = measure(other);
    if (isJson) {
      console.println("%s", json(figures));
    } else {
      print(figures, console);
    }
    return 0;
  }

  @Command(
      name = "training",
      description = {
        "Times an update of eddy train: forward, backward and Adam, LSTM of 64 units, 8 inputs,"
            + " 32 sequences of 96 steps; by one thread and by one for each core.",
        "PyTorch's LSTM stands beside it, called through DJL, where it can be had. They take turns."
      },
      mixinStandardHelpOptions = true)
  int training(@Option(names = "--json", description = "Print JSON.") boolean isJson)
      throws RunnerException {
    Console console = Console.of(spec);
    Optional<String> other = ReferenceRuntime.PYTORCH.find(console);
    console.printErr("measuring, this takes about %d minutes", other.isPresent() ? 3 : 2);
    TrainingBenchmarkReport figures = TrainingBenchmarkReport.measure(other);
    if (isJson) {
      console.println("%s", figures.json());
    } else {
      figures.print(console);
    }
    return 0;
  }

  /** Runs every benchmark in a process of its own, with ONNX Runtime on its class path. */
  private static List<Figure> measure(Optional<String> other) throws RunnerException {
    List<Figure> figures = new ArrayList<>(measureAll(other));
    List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    if (arguments.contains(VECTORS)) {
      String[] without =
          arguments.stream().filter(one -> !one.equals(VECTORS)).toArray(String[]::new);
      ChainedOptionsBuilder options =
          options(CellBenchmark.class).param("cell", CellKind.LSTM.name()).jvmArgs(without);
      figures(new Runner(options.build()).run()).stream()
          .map(figure -> new Figure(PLAIN, figure.hiddenSize(), figure.isBatch(), figure.ns()))
          .forEach(figures::add);
    }
    return figures;
  }

  static ChainedOptionsBuilder options(Class<?> benchmark) {
    return new OptionsBuilder()
        .include(benchmark.getName())
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  private static List<Figure> measureAll(Optional<String> other) throws RunnerException {
    ChainedOptionsBuilder options = options(CellBenchmark.class);
    if (other.isPresent()) {
      options.include(OnnxRuntimeBenchmark.class.getName());
    }
    return figures(run(options, other));
  }

  /** Runs benchmarks in processes of their own, with another runtime on their class path. */
  static Collection<RunResult> run(ChainedOptionsBuilder options, Optional<String> other)
      throws RunnerException {
    String classPath = System.getProperty("java.class.path");
    other.ifPresent(
        jars -> System.setProperty("java.class.path", classPath + File.pathSeparator + jars));
    try {
      return new Runner(options.build()).run();
    } finally {
      System.setProperty("java.class.path", classPath);
    }
  }

  /** Times of the iterations. */
  static DoubleStream times(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(IterationResult::getPrimaryResult)
        .mapToDouble(time -> time.getScore());
  }

  private static List<Figure> figures(Collection<RunResult> results) {
    List<Figure> figures = new ArrayList<>();
    for (RunResult result : results) {
      BenchmarkParams parameters = result.getParams();
      String cell = parameters.getParam("cell");
      double[] times = times(result).sorted().toArray();
      figures.add(
          new Figure(
              cell == null ? OTHER : CellKind.valueOf(cell).id(),
              Integer.parseInt(parameters.getParam("hiddenSize")),
              parameters.getBenchmark().endsWith(".batch"),
              times[times.length / 2]));
    }
    return figures;
  }

  private static void print(List<Figure> figures, Console console) {
    console.println(
        "One step of one layer, %d inputs, float32, one thread, %s, ns (medians)",
        CellBenchmark.INPUT_SIZE, CellStack.kernelName());
    List<String> cells = figures.stream().map(Figure::cell).distinct().toList();
    List<Integer> sizes = figures.stream().map(Figure::hiddenSize).distinct().sorted().toList();
    for (boolean isBatch : new boolean[] {false, true}) {
      console.println(
          "%n%s", isBatch ? "each of %d series".formatted(CellBenchmark.LANES) : "one series");
      StringBuilder header = new StringBuilder("%8s".formatted("units"));
      cells.forEach(cell -> header.append("%18s".formatted(cell)));
      console.println("%s", header);
      for (int size : sizes) {
        StringBuilder line = new StringBuilder("%8d".formatted(size));
        for (String cell : cells) {
          line.append("%18.0f".formatted(ns(figures, cell, size, isBatch).orElse(Double.NaN)));
        }
        console.println("%s", line);
      }
    }
    ratio(figures)
        .ifPresent(
            ratio ->
                console.println(
                    "%nLSTM of %d units, one series: %.1f times as fast as ONNX Runtime's",
                    REFERENCE_SIZE, ratio));
  }

  private static ObjectNode json(List<Figure> figures) {
    ObjectNode node = JSON.createObjectNode();
    node.put("java", System.getProperty("java.version"));
    node.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    node.put("kernel", CellStack.kernelName());
    node.put("inputSize", CellBenchmark.INPUT_SIZE);
    ArrayNode array = node.putArray("figures");
    for (Figure figure : figures) {
      ObjectNode entry = array.addObject();
      entry.put("cell", figure.cell());
      entry.put("hiddenSize", figure.hiddenSize());
      entry.put("series", figure.isBatch() ? CellBenchmark.LANES : 1);
      entry.put("nsPerStep", figure.ns());
    }
    OptionalDouble ratio = ratio(figures);
    if (ratio.isPresent()) {
      node.put("ratioToOnnxRuntime", ratio.getAsDouble());
    } else {
      node.putNull("ratioToOnnxRuntime");
    }
    return node;
  }

  private static OptionalDouble ratio(List<Figure> figures) {
    OptionalDouble ours = ns(figures, CellKind.LSTM.id(), REFERENCE_SIZE, false);
    OptionalDouble theirs = ns(figures, OTHER, REFERENCE_SIZE, false);
    return ours.isPresent() && theirs.isPresent()
        ? OptionalDouble.of(theirs.getAsDouble() / ours.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble ns(List<Figure> figures, String cell, int size, boolean isBatch) {
    return figures.stream()
        .filter(f -> f.cell().equals(cell) && f.hiddenSize() == size && f.isBatch() == isBatch)
        .mapToDouble(Figure::ns)
        .findFirst();
  }
}
