package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.rollout.MigrationThrottle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

/** {@code eddy bench combination}. */
@Command(
    name = "combination",
    description = {
      "Times events with and without the combination with simple forecasts, in turns.",
      "Measures the CPU time of the stream's processor and stores for an event, without a broker:"
          + " the network alone, with the season that its baseline reads, and with a week besides.",
      "The cost is the median over the rounds of the ratio of the medians of a round."
    },
    mixinStandardHelpOptions = true)
final class BenchCombinationCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Double> LEVELS = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
  private static final List<Integer> LAST_STEPS = List.of(3, 8, 24);
  private static final int CONTEXT = 336;
  private static final int SERIES = 250;
  private static final int WARM_UP = 20;
  private static final String ALONE = "network alone";

  @Spec private @Nullable CommandSpec spec;

  @Within(min = 3, max = 10_000)
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "40",
      description = "Rounds of 250 events of each kind. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Within(min = 1, max = 4096)
  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "64",
      description = "Units of the GRU layer. Default: ${DEFAULT-VALUE}.")
  private int hiddenSize;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  /**
   * The cost of a combination.
   *
   * @param cpuNs median CPU time of an event
   * @param ratio to the CPU time of the network alone
   */
  private record Cost(String name, double cpuNs, double ratio) {}

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("eddy-bench-combination");
    Map<String, MigrationBenchmark> streams = new LinkedHashMap<>();
    try {
      streams.put(ALONE, start(folder, CombinationSpec.NONE));
      streams.put("day", start(folder, combination(List.of(24))));
      streams.put("day and week", start(folder, combination(List.of(24, 168))));
      print(measure(streams));
    } finally {
      streams.values().forEach(MigrationBenchmark::close);
      delete(folder);
    }
    return ExitCode.OK;
  }

  private List<Cost> measure(Map<String, MigrationBenchmark> streams) {
    Map<String, List<Double>> medians = new LinkedHashMap<>();
    for (int round = 0; round < WARM_UP + rounds; round++) {
      for (Map.Entry<String, MigrationBenchmark> stream : streams.entrySet()) {
        double median = median(stream.getValue().run(0, SERIES).cpuNs());
        if (round >= WARM_UP) {
          medians.computeIfAbsent(stream.getKey(), name -> new ArrayList<>()).add(median);
        }
      }
    }
    List<Double> alone = medians.getOrDefault(ALONE, List.of());
    List<Cost> costs = new ArrayList<>();
    medians.forEach((name, times) -> costs.add(cost(name, times, alone)));
    return costs;
  }

  private static Cost cost(String name, List<Double> times, List<Double> alone) {
    double[] ratios = new double[times.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = times.get(round) / alone.get(round);
    }
    double[] all = times.stream().mapToDouble(time -> time).toArray();
    Arrays.sort(ratios);
    Arrays.sort(all);
    return new Cost(name, all[all.length / 2], ratios[ratios.length / 2]);
  }

  private static double median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private MigrationBenchmark start(Path folder, CombinationSpec combination) throws IOException {
    byte[] alone =
        RandomModel.file(
            new ModelSpecification.Network(CellKind.GRU, hiddenSize, List.of(1)),
            LEVELS,
            LAST_STEPS.get(LAST_STEPS.size() - 1),
            CONTEXT,
            1);
    ModelFile file =
        ModelFile.of(
            ModelFile.read(alone).members().stream()
                .map(member -> member.withCombination(combination))
                .toList());
    return new MigrationBenchmark(
        Files.createTempDirectory(folder, "stores"),
        file.bytes(),
        MigrationThrottle.UNLIMITED,
        SERIES);
  }

  /** Returns a combination with equal prior weights and the default number of groups. */
  private static CombinationSpec combination(List<Integer> seasons) {
    CombinationSpec.Adjustment slow = new CombinationSpec.Adjustment(0.1, 1);
    int components = CombinationSpec.NONE.components() + 2 * seasons.size();
    return new CombinationSpec(
        0.1,
        new CombinationSpec.Trend(0.1, 0.1, 1),
        seasons.stream().map(steps -> new CombinationSpec.Season(steps, 0.1, slow, slow)).toList(),
        CombinationSpec.Learning.DEFAULT,
        LAST_STEPS.stream()
            .map(
                last ->
                    new CombinationSpec.Group(
                        last,
                        Collections.nCopies(components, 1.0 / components),
                        Collections.nCopies(components - 1, 1.0)))
            .toList());
  }

  private void print(List<Cost> costs) {
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", json(costs));
      return;
    }
    console.println(
        "CPU time of an event, GRU of %d units, W = %d, horizon 24, 9 quantiles, %s, %d rounds",
        hiddenSize, CONTEXT, CellStack.kernelName(), rounds);
    console.println("%-14s %8s %8s", "combination", "µs", "cost");
    for (Cost cost : costs) {
      console.println(
          "%-14s %8.1f %7.1f%%", cost.name(), cost.cpuNs() / 1e3, 100 * (cost.ratio() - 1));
    }
  }

  private ObjectNode json(List<Cost> costs) {
    ObjectNode node = JSON.createObjectNode();
    node.put("java", System.getProperty("java.version"));
    node.put("kernel", CellStack.kernelName());
    node.put("hiddenSize", hiddenSize).put("context", CONTEXT).put("rounds", rounds);
    ArrayNode array = node.putArray("combinations");
    for (Cost cost : costs) {
      array
          .addObject()
          .put("combination", cost.name())
          .put("cpuNs", cost.cpuNs())
          .put("ratio", cost.ratio());
    }
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
