package io.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.bench.WatchersBenchmark.Turn;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import io.eddy.training.ModelPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench watchers}. */
@Command(
    name = "watchers",
    description = {
      "Measures the cost of clients of the event streams and of a scrape every second.",
      "Compares the events per second of a forecaster with and without them, in turns.",
      "Broker, forecaster and clients run in this process, and events are published as fast as they"
          + " are processed. Each client follows another series. The added CPU per event does not"
          + " include the clients or the compiler, the cost in events per second does; the serving"
          + " CPU is that of the threads that answer requests, relative to all others."
    },
    mixinStandardHelpOptions = true)
final class BenchWatchersCommand implements Callable<Integer> {
  private static final int MAX_CLIENTS = 250;
  private static final int CONTEXT = 168;

  /** Rounds that are not measured. After them, most of the code is compiled. */
  private static final int WARM_UP_ROUNDS = 2;

  @Spec private @Nullable CommandSpec spec;

  @Within(min = 1, max = MAX_CLIENTS)
  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "100",
      description = "Clients, 1 to " + MAX_CLIENTS + ". Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Series of the stream. Default: ${DEFAULT-VALUE}.")
  private int series;

  @Within(min = 10_000)
  @Option(
      names = "--turn",
      paramLabel = "DURATION",
      defaultValue = "PT15S",
      description = "Length of a turn, 10 s or more. Default: ${DEFAULT-VALUE}.")
  private Duration turn = Duration.ZERO;

  @Within(min = 1, max = 1000)
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds of a turn without and a turn with clients. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  /** A turn without and a turn with clients. */
  private record Round(Turn alone, Turn watched) {
    /** Returns the share of events per second that the clients cost. */
    double cost() {
      return 1 - watched.eventsPerSecond() / alone.eventsPerSecond();
    }

    /** Returns the share of CPU time per event that serving the clients adds. */
    double addedCpu() {
      return watched.cpuNsPerEvent() / alone.cpuNsPerEvent() - 1;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("eddy-bench-watchers");
    try {
      List<Round> measured = measure(folder);
      if (isJson) {
        Console.of(spec).println("%s", json(measured));
      } else {
        print(measured);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private List<Round> measure(Path folder) throws IOException, InterruptedException {
    byte[] file =
        RandomModel.file(
            new ModelSpecification.Network(
                CellKind.GRU, ModelPlan.Network.DEFAULT_HIDDEN_SIZE, List.of(1)),
            ModelPlan.Head.DEFAULT_QUANTILE_LEVELS,
            ModelPlan.Output.DEFAULT_HORIZON,
            CONTEXT,
            1);
    List<Round> measured = new ArrayList<>();
    try (WatchersBenchmark benchmark = new WatchersBenchmark(folder, file, series)) {
      benchmark.awaitForecasts();
      benchmark.compileScrapes();
      for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        var unusedWatched = benchmark.runWatched(turn, clients);
        var unusedAlone = benchmark.runAlone(turn);
      }
      for (int round = 0; round < rounds; round++) {
        // The order alternates, so that a drift of the machine's speed cancels out.
        if (round % 2 == 0) {
          Turn alone = benchmark.runAlone(turn);
          measured.add(new Round(alone, benchmark.runWatched(turn, clients)));
        } else {
          Turn watched = benchmark.runWatched(turn, clients);
          measured.add(new Round(benchmark.runAlone(turn), watched));
        }
        Console.of(spec).printErr("round %d of %d", round + 1, rounds);
      }
    }
    return measured;
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void print(List<Round> measured) {
    Console console = Console.of(spec);
    console.println(
        "%d clients of %d series and a scrape per second, turns of %d s",
        clients, series, turn.toSeconds());
    console.println(
        "%5s %18s %16s %8s %10s %12s %20s %8s",
        "round",
        "without, events/s",
        "with, events/s",
        "cost",
        "added CPU",
        "serving CPU",
        "forecasts received",
        "scrapes");
    for (int i = 0; i < measured.size(); i++) {
      Round round = measured.get(i);
      console.println(
          "%5d %18.0f %16.0f %7.1f%% %9.1f%% %11.1f%% %20d %8d",
          i + 1,
          round.alone().eventsPerSecond(),
          round.watched().eventsPerSecond(),
          100 * round.cost(),
          100 * round.addedCpu(),
          100 * round.watched().servingShare(),
          round.watched().received().forecasts(),
          round.watched().received().scrapes());
    }
    console.println(
        "median: %.0f and %.0f events/s, cost %.1f %%, added CPU %.1f %%, serving CPU %.1f %%",
        median(measured, round -> round.alone().eventsPerSecond()),
        median(measured, round -> round.watched().eventsPerSecond()),
        100 * median(measured, Round::cost),
        100 * median(measured, Round::addedCpu),
        100 * median(measured, round -> round.watched().servingShare()));
  }

  private ObjectNode json(List<Round> measured) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("clients", clients).put("series", series).put("turn", turn.toString());
    ArrayNode array = node.putArray("rounds");
    for (Round round : measured) {
      array
          .addObject()
          .put("aloneEventsPerSecond", round.alone().eventsPerSecond())
          .put("watchedEventsPerSecond", round.watched().eventsPerSecond())
          .put("cost", round.cost())
          .put("addedCpu", round.addedCpu())
          .put("servingCpu", round.watched().servingShare())
          .put("forecastsReceived", round.watched().received().forecasts())
          .put("bytesReceived", round.watched().received().bytes())
          .put("scrapes", round.watched().received().scrapes());
    }
    return node.put("cost", median(measured, Round::cost))
        .put("addedCpu", median(measured, Round::addedCpu))
        .put("servingCpu", median(measured, round -> round.watched().servingShare()));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
