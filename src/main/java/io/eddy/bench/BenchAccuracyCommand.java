package io.eddy.bench;

import io.eddy.bench.accuracy.AccuracyProtocol;
import io.eddy.bench.accuracy.AccuracyRecipe;
import io.eddy.bench.accuracy.AccuracyReport;
import io.eddy.bench.accuracy.AccuracyRun;
import io.eddy.bench.accuracy.AccuracyTask;
import io.eddy.bench.accuracy.BenchmarkData;
import io.eddy.bench.accuracy.EttH1;
import io.eddy.bench.accuracy.EttM1;
import io.eddy.bench.accuracy.M4Hourly;
import io.eddy.bench.accuracy.NycTaxi;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.TrainingProgress;
import io.eddy.cli.terminal.UsageException;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ModelSwitch;
import io.eddy.forecast.Forecast;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy bench accuracy}. */
@Command(
    name = "accuracy",
    description = {
      "Trains on a public data set and compares the errors with published results.",
      "Forecasts by the published protocol and writes the forecasts.",
      "Reads the files as published, plain or .gz: m4-hourly needs"
          + " Hourly-train.csv and Hourly-test.csv, nyc-taxi nyc_taxi_full.csv, ett-m1 ETTm1.csv,"
          + " ett-h1 ETTh1.csv."
    },
    mixinStandardHelpOptions = true)
final class BenchAccuracyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PROTOCOL",
      description = "Protocol: m4-hourly, nyc-taxi, ett-m1 or ett-h1.")
  private String protocol = "";

  @InputFile(isFolder = true)
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with the files of the data set.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "CSV file for the forecasts: series,origin,step,timestamp,mean,q…,model. With several"
              + " horizons one file each, with the horizon in its name, for example"
              + " forecasts-96.csv.")
  private Path out = Path.of("");

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--horizon",
      paramLabel = "N",
      description = "Only this horizon of ett-h1: 96, 192, 336 or 720. Default: all four.")
  private @Nullable Integer horizon;

  @Option(
      names = "--hold-out",
      description =
          "Shift the protocol into the training part by the length of the test part, for selecting"
              + " hyper-parameters without the test part.")
  private boolean isHeldOut;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Random seed of the first network; the others use the following seeds. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Within(min = 1, max = 64)
  @Option(
      names = "--members",
      paramLabel = "N",
      description = "Train only the first N networks of the recipe. Default: all.")
  private @Nullable Integer members;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      description =
          "Cell of all networks: rnn_tanh, rnn_relu, gru, lstm, slstm or lru. Default: the cells of"
              + " the recipe.")
  private @Nullable String cell;

  @Option(
      names = "--no-combination",
      description = "Forecast with the networks alone, without the combination.")
  private boolean isNetworkOnly;

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Number of epochs. Default: that of the recipe.")
  private @Nullable Integer epochs;

  @Within(min = 1, max = 999)
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Number of threads. The result does not depend on it. Default: the number of cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    AccuracyProtocol chosen = chosen();
    requireUsage();
    Console console = Console.of(spec);
    long startNs = System.nanoTime();
    List<AccuracyTask> tasks = chosen.tasks(new BenchmarkData(data), isHeldOut);
    List<AccuracyReport.Outcome> outcomes = new ArrayList<>();
    for (AccuracyTask task : tasks) {
      Path file = tasks.size() == 1 ? out : withHorizon(out, task.origins().horizon());
      outcomes.add(outcome(chosen, task, file, console));
    }
    double seconds = (System.nanoTime() - startNs) * 1e-9;
    AccuracyReport report = new AccuracyReport(chosen, outcomes, isHeldOut, seed, seconds);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return 0;
  }

  private AccuracyProtocol chosen() {
    if (horizon != null && !protocol.equals("ett-h1")) {
      throw new UsageException("--horizon: only ett-h1 has several horizons");
    }
    if (horizon != null && !EttH1.HORIZONS.contains(horizon)) {
      throw new UsageException(
          "--horizon: expected one of %s, got %d".formatted(EttH1.HORIZONS, horizon));
    }
    return switch (protocol) {
      case "m4-hourly" -> new M4Hourly();
      case "nyc-taxi" -> new NycTaxi();
      case "ett-m1" -> new EttM1();
      case "ett-h1" -> new EttH1(horizon == null ? EttH1.HORIZONS : List.of(horizon));
      default ->
          throw new UsageException(
              "PROTOCOL: expected m4-hourly, nyc-taxi, ett-m1 or ett-h1, got '%s'"
                  .formatted(protocol));
    };
  }

  private void requireUsage() {
    requireCell();
    OutputFile.requireFolder(out);
  }

  private void requireCell() {
    try {
      CellKind.of(cell == null ? CellKind.GRU.id() : cell);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private AccuracyRecipe recipe(AccuracyProtocol chosen, AccuracyTask task) {
    AccuracyRecipe recipe = chosen.recipe(task).withSeed(seed);
    recipe = isNetworkOnly ? recipe.withoutCombination() : recipe;
    recipe = members == null ? recipe : recipe.withMembers(members);
    recipe = cell == null ? recipe : recipe.withCell(CellKind.of(cell));
    return epochs == null ? recipe : recipe.withEpochs(epochs);
  }

  private AccuracyReport.Outcome outcome(
      AccuracyProtocol chosen, AccuracyTask task, Path file, Console console) {
    AccuracyRecipe recipe = recipe(chosen, task);
    AccuracyRun run = new AccuracyRun(task, recipe, threads);
    List<ModelSwitch> switches;
    try (ProgressBar progress = new ProgressBar(console.err(), task.name() + ", training")) {
      switches = run.train(new TrainingProgress(progress), progress::show);
    }
    Backtest[] backtest = new Backtest[1];
    try (ProgressBar progress = new ProgressBar(console.err(), task.name() + ", forecasting")) {
      OutputFile.write(
          file,
          writer -> {
            ForecastCsv lines = ForecastCsv.withMedian(writer, recipe.output());
            backtest[0] =
                run.forecast(switches, progress::show, forecast -> write(lines, forecast));
          });
    }
    return new AccuracyReport.Outcome(
        task,
        switches,
        backtest[0],
        recipe.combined() == null ? null : networks(run, task, switches, console),
        file);
  }

  private static Backtest networks(
      AccuracyRun run, AccuracyTask task, List<ModelSwitch> switches, Console console) {
    String title = task.name() + ", forecasting without the combination";
    try (ProgressBar progress = new ProgressBar(console.err(), title)) {
      return run.forecast(AccuracyRun.networks(switches), progress::show, forecast -> {});
    }
  }

  private static void write(ForecastCsv lines, Forecast forecast) {
    try {
      lines.write(forecast);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Returns the file for one of several horizons. */
  static Path withHorizon(Path out, int horizon) {
    String name = String.valueOf(out.getFileName());
    int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
    return out.resolveSibling(name.substring(0, dot) + "-" + horizon + name.substring(dot));
  }
}
