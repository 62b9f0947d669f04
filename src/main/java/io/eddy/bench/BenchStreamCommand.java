package io.eddy.bench;

import io.eddy.bench.stream.GrowthReport;
import io.eddy.bench.stream.RestoreBenchmark;
import io.eddy.bench.stream.RestoreReport;
import io.eddy.bench.stream.StreamBenchmark;
import io.eddy.bench.stream.StreamPlan;
import io.eddy.bench.stream.StreamReport;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventFormat;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench stream}. */
@Command(
    name = "stream",
    description = {
      "Compares serve with a bare Kafka Streams topology that carries as many bytes.",
      "The bare topology reads and writes one state per event and emits one result, of the sizes that"
          + " Eddy's have, with the same settings, and computes nothing.",
      "Broker and streams run in processes of their own on this machine. The streams process the"
          + " same events in turns; the one that waits is suspended. A warm-up, the first tenth of a"
          + " turn's events and the first fifth of the timed events are not measured.",
      "The model has random weights, which cost as much as trained ones. Needs several GB in the"
          + " folder for temporary files."
    },
    mixinStandardHelpOptions = true)
final class BenchStreamCommand implements Callable<Integer> {
  private static final int CONTEXT = 168;
  private static final int MAX_LEVELS = 99;
  private static final List<EventFormat> FORMATS =
      List.of(EventFormat.JSON, EventFormat.AVRO, EventFormat.DOUBLE);
  private static final int SEED = 1;
  private static final int MIN_TIMED = 10;
  private static final List<String> GUARANTEES = List.of("exactly_once_v2", "at_least_once");

  /** Settings that an option or the benchmark itself sets. */
  private static final List<String> OWN_SETTINGS =
      List.of(
          "bootstrap.servers",
          "application.id",
          "state.dir",
          "model",
          "events.format",
          "threads",
          "kafka.processing.guarantee",
          "kafka.session.timeout.ms",
          "kafka.max.poll.interval.ms");

  @Spec private @Nullable CommandSpec spec;

  @Within(min = 1, max = 10_000_000)
  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Number of series. Default: ${DEFAULT-VALUE}.")
  private int keys;

  @Within(min = 100, max = 1e9)
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "300000",
      description = "Events of a turn. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Within(min = 100, max = 1e9)
  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "400000",
      description =
          "Events that each stream processes before it is suspended for the first time, and again"
              + " after it: time-outs that pass during the suspension make the JVM discard compiled"
              + " code. Default: ${DEFAULT-VALUE}.")
  private long warmUp;

  @Within(min = 1, max = 1000)
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds of one turn of each stream. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "lstm",
      description =
          "Cell of the model: rnn_tanh, rnn_relu, gru, lstm, slstm or lru. Default: ${DEFAULT-VALUE}.")
  private String cell = "";

  @Within(min = 1, max = 4096)
  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "64",
      description = "Units of the model's one layer. Default: ${DEFAULT-VALUE}.")
  private int units;

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "24",
      description = "Steps ahead. Default: ${DEFAULT-VALUE}.")
  private int horizon;

  @Within(min = 1, max = MAX_LEVELS)
  @Option(
      names = "--quantiles",
      paramLabel = "N",
      defaultValue = "9",
      description = "Number of quantiles, an odd number. Default: ${DEFAULT-VALUE}.")
  private int quantiles;

  @Option(
      names = "--no-combination",
      description = "Measure a model that is not combined with simple forecasts.")
  private boolean isNotCombined;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description = "Format of the events: json, avro or double. Default: ${DEFAULT-VALUE}.")
  private String format = "";

  @Within(min = 1, max = 1000)
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of the events topic. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Within(min = 1, max = 999)
  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Stream threads of a process. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Within(min = 1, max = 100)
  @Option(
      names = "--instances",
      paramLabel = "N",
      defaultValue = "1",
      description = "Processes of each stream. Default: ${DEFAULT-VALUE}.")
  private int instances;

  @Option(
      names = "--guarantee",
      paramLabel = "GUARANTEE",
      defaultValue = "exactly_once_v2",
      description =
          "Processing guarantee: exactly_once_v2 or at_least_once. Default: ${DEFAULT-VALUE}.")
  private String guarantee = "";

  @Within(min = 0, max = 1L << 40)
  @Option(
      names = "--store-cache",
      paramLabel = "BYTES",
      description =
          "Size of the cache that Kafka Streams puts before the stores. Default: Kafka's, 10 MiB.")
  private @Nullable Long storeCache;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of serve, for both streams, such as kafka.commit.interval.ms=20. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Events per second at which latencies are measured. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Within(min = 0, max = 3_600_000)
  @Option(
      names = "--rate-time",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description = "Time for the latencies of a turn; 0s for none. Default: ${DEFAULT-VALUE}.")
  private Duration rateTime = Duration.ZERO;

  @Option(
      names = "--growth",
      description = {
        "Measure how the cost grows instead: with the number of series, in powers of ten from 1,000"
            + " to --keys, and with 100 and 10,000 steps per series."
      })
  private boolean isGrowth;

  @Option(
      names = "--restore",
      description =
          "Measure instead how long serve takes to restore the state of all series into an empty"
              + " directory.")
  private boolean isRestore;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (isGrowth && isRestore) {
      throw new UsageException("expected only one of --growth and --restore");
    }
    StreamPlan plan = plan();
    byte[] model = model();
    if (isGrowth) {
      growth(plan, model);
    } else if (isRestore) {
      restore(plan, model);
    } else {
      compare(plan, model);
    }
    return 0;
  }

  private void compare(StreamPlan plan, byte[] model) throws IOException, InterruptedException {
    Console console = Console.of(spec);
    StreamReport report;
    try (StreamBenchmark benchmark = new StreamBenchmark(plan, model, this::progress)) {
      report = new StreamReport(plan, benchmark.run());
    }
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
  }

  private void growth(StreamPlan plan, byte[] model) throws IOException, InterruptedException {
    Console console = Console.of(spec);
    GrowthReport report;
    try (StreamBenchmark benchmark =
        new StreamBenchmark(plan.withoutLatency(), model, this::progress)) {
      report = new GrowthReport(benchmark.growth());
    }
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
  }

  private void restore(StreamPlan plan, byte[] model) throws InterruptedException {
    Console console = Console.of(spec);
    RestoreReport report;
    try (RestoreBenchmark benchmark = new RestoreBenchmark(plan, model, this::progress)) {
      report = new RestoreReport(benchmark.run());
    }
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
  }

  private void progress(String line) {
    Console.of(spec).printErr("%s", line);
  }

  private StreamPlan plan() {
    StreamPlan.Latency latency = new StreamPlan.Latency(rate, rateTime);
    if (!rateTime.isZero() && latency.count() < MIN_TIMED) {
      throw new UsageException(
          "--rate-time: expected at least %d events, got %d".formatted(MIN_TIMED, latency.count()));
    }
    return new StreamPlan(
        new StreamPlan.Load(keys, events, warmUp, new StreamPlan.EventTopic(partitions, format())),
        new StreamPlan.Streams(threads, instances, settings()),
        latency,
        rounds);
  }

  /** Returns the settings of both streams. */
  private List<String> settings() {
    for (String setting : settings) {
      String key = setting.split("=", 2)[0].strip();
      if (OWN_SETTINGS.contains(key)) {
        throw new UsageException("--set: %s is set by the benchmark".formatted(key));
      }
    }
    if (!GUARANTEES.contains(guarantee)) {
      throw new UsageException(
          "--guarantee: expected %s, got '%s'"
              .formatted(String.join(" or ", GUARANTEES), guarantee));
    }
    List<String> all = new ArrayList<>(settings);
    all.add("kafka.processing.guarantee=" + guarantee);
    if (storeCache != null) {
      all.add("kafka.statestore.cache.max.bytes=" + storeCache);
    }
    // Reports invalid settings before a process is started.
    var unused = new SettingSources().assignments(all).load();
    return all;
  }

  private EventFormat format() {
    return FORMATS.stream()
        .filter(candidate -> candidate.id().equals(format))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--format: expected json, avro or double, got '%s'".formatted(format)));
  }

  private CellKind cell() {
    try {
      return CellKind.of(cell);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private byte[] model() {
    if (quantiles % 2 == 0) {
      throw new UsageException(
          "--quantiles: expected an odd number, so that the median is among them, got "
              + quantiles);
    }
    List<Double> levels =
        IntStream.rangeClosed(1, quantiles).mapToObj(i -> i / (quantiles + 1.0)).toList();
    ModelSpecification.Network network = new ModelSpecification.Network(cell(), units, List.of(1));
    return isNotCombined
        ? RandomModel.calibrated(network, levels, horizon, CONTEXT, SEED)
        : RandomModel.combined(network, levels, horizon, CONTEXT, SEED);
  }
}
