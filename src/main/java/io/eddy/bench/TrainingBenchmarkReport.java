package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.nn.CellStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Medians of {@link TrainingBenchmark} and {@link PyTorchBenchmark}, ns for each sequence and step.
 *
 * @param ours by number of threads
 * @param theirs the same; empty where PyTorch could not be had
 */
record TrainingBenchmarkReport(Map<Integer, Double> ours, Map<Integer, Double> theirs) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 5;

  /** Lets both take turns, so that what else the machine does meets both. */
  static TrainingBenchmarkReport measure(Optional<String> pyTorch) throws RunnerException {
    Map<Integer, List<Double>> ours = new TreeMap<>();
    Map<Integer, List<Double>> theirs = new TreeMap<>();
    int[] threadCounts =
        IntStream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toArray();
    for (int round = 0; round < ROUNDS; round++) {
      for (int threads : threadCounts) {
        ChainedOptionsBuilder options =
            BenchCommand.options(TrainingBenchmark.class)
                .param("threads", Integer.toString(threads));
        add(options, Optional.empty(), ours.computeIfAbsent(threads, key -> new ArrayList<>()));
        if (pyTorch.isPresent()) {
          options =
              BenchCommand.options(PyTorchBenchmark.class).jvmArgsAppend(pyTorchOptions(threads));
          add(options, pyTorch, theirs.computeIfAbsent(threads, key -> new ArrayList<>()));
        }
      }
    }
    return new TrainingBenchmarkReport(medians(ours), medians(theirs));
  }

  /** PyTorch's: {@code threads} within an operation, of which one runs at a time. */
  private static String[] pyTorchOptions(int threads) {
    return new String[] {
      "-Dai.djl.pytorch.num_threads=" + threads,
      "-Dai.djl.pytorch.num_interop_threads=1",
      "-DENGINE_CACHE_DIR=" + ReferenceRuntime.cache(),
      "-Dai.djl.offline=true",
      "-DOPT_OUT_TRACKING=true"
    };
  }

  private static void add(ChainedOptionsBuilder options, Optional<String> other, List<Double> times)
      throws RunnerException {
    for (RunResult result : BenchCommand.run(options, other)) {
      BenchCommand.times(result).forEach(times::add);
    }
  }

  private static Map<Integer, Double> medians(Map<Integer, List<Double>> times) {
    Map<Integer, Double> medians = new TreeMap<>();
    times.forEach(
        (threads, all) -> medians.put(threads, all.stream().sorted().toList().get(all.size() / 2)));
    return medians;
  }

  /** How many times as fast ours at its best is as theirs at its best. */
  OptionalDouble ratio() {
    OptionalDouble best = best(theirs);
    return best.isPresent()
        ? OptionalDouble.of(best.getAsDouble() / best(ours).orElseThrow())
        : best;
  }

  private static OptionalDouble best(Map<Integer, Double> figures) {
    return figures.values().stream().flatMapToDouble(DoubleStream::of).min();
  }

  void print(Console console) {
    console.println(
        "An update, LSTM of %d units, %d inputs, %d sequences of %d steps, float32, %s,"
            + " ns for each sequence and step (medians)",
        TrainingBenchmark.HIDDEN_SIZE,
        TrainingBenchmark.INPUT_SIZE,
        TrainingBenchmark.BATCH,
        TrainingBenchmark.SEQUENCE_LENGTH,
        CellStack.kernelName());
    console.println(
        "%n%8s%12s%16s", "threads", "eddy", theirs.isEmpty() ? "" : ReferenceRuntime.PYTORCH);
    ours.forEach(
        (threads, ns) -> {
          Double other = theirs.get(threads);
          console.println(
              "%8d%12.0f%16s", threads, ns, other == null ? "" : "%.0f".formatted(other));
        });
    ratio()
        .ifPresent(
            ratio -> console.println("%nEach at its best: %.1f times as fast as PyTorch", ratio));
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
    put(figures, "eddy", ours);
    put(figures, ReferenceRuntime.PYTORCH.toString(), theirs);
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
