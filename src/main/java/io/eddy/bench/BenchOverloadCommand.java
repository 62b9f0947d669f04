package io.eddy.bench;

import io.eddy.bench.stream.Overload;
import io.eddy.bench.stream.OverloadPlan;
import io.eddy.bench.stream.OverloadPlan.Flood;
import io.eddy.bench.stream.OverloadReport;
import io.eddy.bench.stream.OverloadResult;
import io.eddy.bench.stream.StreamPlan;
import io.eddy.cli.option.Within;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventFormat;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy bench overload}. */
@Command(
    name = "overload",
    description = {
      "Publishes more events than serve can process, and measures its memory meanwhile.",
      "Starts a broker and serve in processes of their own, creates the series, measures how many"
          + " events per second serve processes while events wait, publishes a multiple of that for"
          + " some time, and waits until all of them are processed. The exit code is 1 if resident"
          + " memory grows by more than 10 %% from the first to the last third of an overload of at"
          + " least 5 minutes, if the metrics do not report the lag, if an event has no forecast or"
          + " dead letter, or if verify finds a difference.",
      "Needs Linux, and space in the folder for temporary files."
    },
    mixinStandardHelpOptions = true)
final class BenchOverloadCommand implements Callable<Integer> {
  private static final int CONTEXT = 168;
  private static final int SEED = 1;
  private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

  @Spec private @Nullable CommandSpec spec;

  @Within(min = 1, max = 10_000_000)
  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Number of series. Default: ${DEFAULT-VALUE}.")
  private int keys;

  @Within(min = 100, max = 1e9)
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Events by which the capacity is measured. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Within(min = 1, max = 100)
  @Option(
      names = "--factor",
      paramLabel = "X",
      defaultValue = "3",
      description = "Input as a multiple of the capacity. Default: ${DEFAULT-VALUE}.")
  private double factor;

  @Within(min = 5_000)
  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      defaultValue = "PT10M",
      description = "Length of the overload, 5 s or more. Default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "512m",
      description = "Heap of serve, as in -Xmx. Default: ${DEFAULT-VALUE}.")
  private String heap = "";

  @Option(
      names = "--flood",
      paramLabel = "KIND",
      defaultValue = "none",
      description =
          "Every second event of the overload: series, each of a new series, or invalid, each"
              + " without a valid value. Default: ${DEFAULT-VALUE}.")
  private String flood = "";

  @Within(min = 1, max = 4096)
  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "16",
      description = "Units of the model's one layer. Default: ${DEFAULT-VALUE}.")
  private int units;

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "12",
      description = "Steps ahead. Default: ${DEFAULT-VALUE}.")
  private int horizon;

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
      description = "Stream threads. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of serve, such as rocksdb.memory=64MiB. Repeatable.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--no-verify",
      description = "Count forecasts and dead letters only, instead of running verify, too.")
  private boolean isNotVerified;

  @Option(names = "--json", description = "Print the result, with all samples, as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException, InterruptedException {
    OverloadPlan plan = plan();
    Console console = Console.of(spec);
    OverloadResult result;
    try (Overload overload = new Overload(plan, model(), line -> console.printErr("%s", line))) {
      result = overload.run();
    }
    OverloadReport report = new OverloadReport(plan, result);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return result.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private OverloadPlan plan() {
    if (!heap.matches("[1-9]\\d{0,5}[mg]")) {
      throw new UsageException("--heap: expected a size such as 512m or 2g, got " + heap);
    }
    // Reports invalid settings before a process is started.
    var unused = new SettingSources().assignments(settings).load();
    StreamPlan stream =
        new StreamPlan(
            new StreamPlan.Load(
                keys, events, 0, new StreamPlan.EventTopic(partitions, EventFormat.JSON)),
            new StreamPlan.Streams(threads, 1, settings),
            new StreamPlan.Latency(1, Duration.ZERO),
            1);
    return new OverloadPlan(stream, factor, duration, heap, flood(), !isNotVerified);
  }

  private Flood flood() {
    try {
      return Flood.valueOf(flood.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--flood: expected none, series or invalid, got " + flood);
    }
  }

  private byte[] model() {
    return RandomModel.combined(
        new ModelSpecification.Network(CellKind.GRU, units, List.of(1)),
        LEVELS,
        horizon,
        CONTEXT,
        SEED);
  }
}
