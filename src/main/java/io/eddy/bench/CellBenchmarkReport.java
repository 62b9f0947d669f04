package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * Results of {@link CellBenchmark} and {@link OnnxRuntimeBenchmark}.
 *
 * @param figures median times by cell, size and form
 */
record CellBenchmarkReport(List<Figure> figures) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ONNX_RUNTIME = "onnxruntime_lstm";
  private static final String PLAIN_LSTM = "lstm_plain_java";
  private static final int RATIO_SIZE = 64;

  /**
   * The median time over iterations.
   *
   * @param cell name of the cell or runtime
   * @param hiddenSize H
   * @param isBatch whether series are processed in a batch
   * @param ns nanoseconds per series and step
   */
  record Figure(String cell, int hiddenSize, boolean isBatch, double ns) {}

  /** Runs the benchmarks, with ONNX Runtime if it is installed. */
  static CellBenchmarkReport measure(Optional<ReferenceRuntime.Installed> onnxRuntime)
      throws RunnerException {
    ChainedOptionsBuilder options = BenchmarkRunner.options(CellBenchmark.class);
    if (onnxRuntime.isPresent()) {
      options.include(OnnxRuntimeBenchmark.class.getName());
    }
    List<Figure> figures =
        new ArrayList<>(figures(BenchmarkRunner.run(options, onnxRuntime.orElse(null))));
    figures.addAll(plainLstm());
    return new CellBenchmarkReport(figures);
  }

  /** Measures the LSTM without the vector API; empty if this process does not use it either. */
  private static List<Figure> plainLstm() throws RunnerException {
    if (!CellStack.kernelName().startsWith("vectors")) {
      return List.of();
    }
    ChainedOptionsBuilder options =
        BenchmarkRunner.options(CellBenchmark.class)
            .param("cell", CellKind.LSTM.name())
            .jvmArgsAppend("-Deddy.vectors=off");
    return figures(BenchmarkRunner.run(options, null)).stream()
        .map(figure -> new Figure(PLAIN_LSTM, figure.hiddenSize(), figure.isBatch(), figure.ns()))
        .toList();
  }

  private static List<Figure> figures(Collection<RunResult> results) {
    List<Figure> figures = new ArrayList<>();
    for (RunResult result : results) {
      BenchmarkParams parameters = result.getParams();
      String cell = parameters.getParam("cell");
      double[] times = BenchmarkRunner.times(result).sorted().toArray();
      figures.add(
          new Figure(
              cell == null ? ONNX_RUNTIME : CellKind.valueOf(cell).id(),
              Integer.parseInt(parameters.getParam("hiddenSize")),
              parameters.getBenchmark().endsWith(".batch"),
              times[times.length / 2]));
    }
    return figures;
  }

  void print(Console console) {
    console.println(
        "One step of one layer, %d inputs, float32, one thread, %s, ns (medians)",
        CellBenchmark.INPUT_SIZE, CellStack.kernelName());
    List<String> cells = figures.stream().map(Figure::cell).distinct().toList();
    List<Integer> sizes = figures.stream().map(Figure::hiddenSize).distinct().sorted().toList();
    for (boolean isBatch : new boolean[] {false, true}) {
      console.println(
          "%n%s",
          isBatch ? "each series of a batch of %d".formatted(CellBenchmark.LANES) : "one series");
      StringBuilder header = new StringBuilder("%8s".formatted("units"));
      cells.forEach(cell -> header.append("%18s".formatted(cell)));
      console.println("%s", header);
      for (int size : sizes) {
        StringBuilder line = new StringBuilder("%8d".formatted(size));
        for (String cell : cells) {
          line.append("%18.0f".formatted(ns(cell, size, isBatch).orElse(Double.NaN)));
        }
        console.println("%s", line);
      }
    }
    ratio()
        .ifPresent(
            ratio ->
                console.println(
                    "%nLSTM of %d units, one series: %.1f times as fast as ONNX Runtime",
                    RATIO_SIZE, ratio));
  }

  ObjectNode json() {
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
    OptionalDouble ratio = ratio();
    if (ratio.isPresent()) {
      node.put("ratioToOnnxRuntime", ratio.getAsDouble());
    } else {
      node.putNull("ratioToOnnxRuntime");
    }
    return node;
  }

  /** Returns ONNX Runtime's time divided by Eddy's. */
  private OptionalDouble ratio() {
    OptionalDouble eddy = ns(CellKind.LSTM.id(), RATIO_SIZE, false);
    OptionalDouble onnxRuntime = ns(ONNX_RUNTIME, RATIO_SIZE, false);
    return eddy.isPresent() && onnxRuntime.isPresent()
        ? OptionalDouble.of(onnxRuntime.getAsDouble() / eddy.getAsDouble())
        : OptionalDouble.empty();
  }

  private OptionalDouble ns(String cell, int size, boolean isBatch) {
    return figures.stream()
        .filter(f -> f.cell().equals(cell) && f.hiddenSize() == size && f.isBatch() == isBatch)
        .mapToDouble(Figure::ns)
        .findFirst();
  }
}
