package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.nn.CellStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Results of {@link TrainingBenchmark} and {@link PyTorchBenchmark}: medians in nanoseconds per
 * sequence and step.
 *
 * @param eddy by number of threads
 * @param pyTorch by number of threads; empty if PyTorch is not installed
 * @param pyTorchName name and version of PyTorch; empty if it is not installed
 */
record TrainingBenchmarkReport(
    Map<Integer, Double> eddy, Map<Integer, Double> pyTorch, String pyTorchName) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 5;

  /** Measures both in alternating rounds, so that other load on the machine affects both alike. */
  static TrainingBenchmarkReport measure(ReferenceRuntime.@Nullable Installed pyTorch)
      throws RunnerException {
    Map<Integer, List<Double>> eddyTimes = new TreeMap<>();
    Map<Integer, List<Double>> pyTorchTimes = new TreeMap<>();
    int[] threadCounts =
        IntStream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toArray();
    for (int round = 0; round < ROUNDS; round++) {
      for (int threads : threadCounts) {
        ChainedOptionsBuilder options =
            BenchmarkRunner.options(TrainingBenchmark.class)
                .param("threads", Integer.toString(threads));
        run(options, null, eddyTimes.computeIfAbsent(threads, key -> new ArrayList<>()));
        if (pyTorch != null) {
          options =
              BenchmarkRunner.options(PyTorchBenchmark.class)
                  .jvmArgsAppend(pyTorchOptions(threads, pyTorch));
          run(options, pyTorch, pyTorchTimes.computeIfAbsent(threads, key -> new ArrayList<>()));
        }
      }
    }
    return new TrainingBenchmarkReport(
        medians(eddyTimes), medians(pyTorchTimes), pyTorch == null ? "" : pyTorch.name());
  }

  private static String[] pyTorchOptions(int threads, ReferenceRuntime.Installed pyTorch) {
    return new String[] {
      "-Dai.djl.pytorch.num_threads=" + threads,
      "-Dai.djl.pytorch.num_interop_threads=1",
      "-DENGINE_CACHE_DIR=" + pyTorch.folder().resolve("native"),
      "-Dai.djl.offline=true",
      "-DOPT_OUT_TRACKING=true"
    };
  }

  private static void run(
      ChainedOptionsBuilder options,
      ReferenceRuntime.@Nullable Installed runtime,
      List<Double> times)
      throws RunnerException {
    for (RunResult result : BenchmarkRunner.run(options, runtime)) {
      BenchmarkRunner.times(result).forEach(times::add);
    }
  }

  private static Map<Integer, Double> medians(Map<Integer, List<Double>> times) {
    Map<Integer, Double> medians = new TreeMap<>();
    times.forEach(
        (threads, all) -> medians.put(threads, all.stream().sorted().toList().get(all.size() / 2)));
    return medians;
  }

  /** Returns PyTorch's best time divided by Eddy's best. */
  OptionalDouble ratio() {
    OptionalDouble best = best(pyTorch);
    return best.isPresent()
        ? OptionalDouble.of(best.getAsDouble() / best(eddy).orElseThrow())
        : best;
  }

  private static OptionalDouble best(Map<Integer, Double> medians) {
    return medians.values().stream().flatMapToDouble(DoubleStream::of).min();
  }

  void print(Console console) {
    console.println(
        "One update, LSTM of %d units, %d inputs, %d sequences of %d steps, float32, %s,"
            + " ns per sequence and step (medians)",
        TrainingBenchmark.HIDDEN_SIZE,
        TrainingBenchmark.INPUT_SIZE,
        TrainingBenchmark.BATCH,
        TrainingBenchmark.SEQUENCE_LENGTH,
        CellStack.kernelName());
    console.println("%n%8s%12s%16s", "threads", "eddy", pyTorchName);
    eddy.forEach(
        (threads, ns) -> {
          Double other = pyTorch.get(threads);
          console.println(
              "%8d%12.0f%16s", threads, ns, other == null ? "" : "%.0f".formatted(other));
        });
    ratio()
        .ifPresent(
            ratio -> console.println("%nBest against best: %.1f times as fast as PyTorch", ratio));
  }

  ObjectNode json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("java", System.getProperty("java.version"));
    node.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    node.put("kernel", CellStack.kernelName());
    node.put("inputSize", TrainingBenchmark.INPUT_SIZE);
    node.put("hiddenSize", TrainingBenchmark.HIDDEN_SIZE);
    node.put("sequenceLength", TrainingBenchmark.SEQUENCE_LENGTH);
    node.put("batch", TrainingBenchmark.BATCH);
    ArrayNode figures = node.putArray("figures");
    put(figures, "eddy", eddy);
    put(figures, pyTorchName, pyTorch);
    if (ratio().isPresent()) {
      node.put("ratioToPyTorch", ratio().getAsDouble());
    } else {
      node.putNull("ratioToPyTorch");
    }
    return node;
  }

  private static void put(ArrayNode figures, String by, Map<Integer, Double> medians) {
    medians.forEach(
        (threads, ns) ->
            figures.addObject().put("by", by).put("threads", threads).put("nsPerSequenceStep", ns));
  }
}
