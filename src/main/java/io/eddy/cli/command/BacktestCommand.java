package io.eddy.cli.command;

import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.IntervalOption;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SettingsOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.plot.PlotText;
import io.eddy.cli.plot.PlottedForecasts;
import io.eddy.cli.report.BacktestReport;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.BacktestRun;
import io.eddy.evaluation.Retraining;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.model.Model;
import io.eddy.series.Interval;
import io.eddy.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy backtest}. */
@Command(
    name = "backtest",
    description = {
      "Measures a model on past data and compares it with baselines.",
      "Makes the forecasts that the stream would have made, from rolling origins, and compares them"
          + " with the actual values and with naive, seasonal naive and linear forecasts on the"
          + " same points.",
      "With --retrain-every, weights are retrained on the past at regular intervals and replaced"
          + " under the running states."
    },
    mixinStandardHelpOptions = true)
public final class BacktestCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(names = "--model", paramLabel = "FILE", required = true, description = "The model file.")
  private Path modelFile = Path.of("");

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = CsvFormatOptions.FILE)
  private Path csv = Path.of("");

  @Mixin private final CsvFormatOptions format = new CsvFormatOptions();
  @Mixin private final SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "First forecast origin, for example 2026-01-20T00:00:00Z. Default: the end of the data that"
              + " the model has learned from, if data follow; otherwise the start of its test split,"
              + " or of the last 15 %% of the data's time.")
  private @Nullable String from;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Steps between two forecast origins. Default: ${DEFAULT-VALUE}.")
  private int every;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Season of seasonal naive and of MASE in steps. Default: the season of the model, or a"
              + " day.")
  private @Nullable Integer season;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description =
          "Measure only this series; may be repeated. Baselines are fitted on all series. Default:"
              + " all series.")
  private List<String> names = List.of();

  @Option(
      names = "--retrain-every",
      paramLabel = "INTERVAL",
      description =
          "Retrain the weights at this interval of event time, such as PT24H, P7D or P1M, and"
              + " switch to the new version. Default: no retraining.")
  private @Nullable String retrainEvery;

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Maximum number of epochs of a retraining. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Within(isMinExclusive = true, max = 10)
  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.001",
      description = "Learning rate of a retraining. Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Within(min = 1, max = 999)
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Number of threads. The result does not depend on it. Default: the number of cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--json",
      description = "Print the result as JSON, with the measures of every step ahead.")
  private boolean isJson;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Write a plot (.svg or .png) of the last consecutive forecasts and the actual values of"
              + " the first series, or of the first --series.")
  private @Nullable Path plot;

  @Option(
      names = "--forecasts",
      paramLabel = "FILE",
      description = "Write the forecasts as CSV: series,origin,step,timestamp,mean,q…,model.")
  private @Nullable Path forecasts;

  @Override
  public Integer call() {
    requireUsage();
    Model model = ModelSource.read(modelFile);
    if (model.specification().output().isClassification()) {
      throw new UsageException(
          "%s forecasts classes, which backtest does not measure; `eddy train` reports their accuracy"
              .formatted(modelFile));
    }
    Interval period = retrainingPeriod(model.specification().sampling().interval());
    EddyConfig config = settings.settings();
    CsvData read =
        ModelSource.readCsv(
            model,
            csv,
            format.options(config).with(config.stream().policies().lateness().duplicates()));
    List<SeriesData> data = read.series();
    Console console = Console.of(spec);
    DataReport dataReport = DataReport.of(read, model.specification().sampling());
    dataReport.print(console);
    BacktestRun run =
        new BacktestRun(
            model, data, new BacktestRun.Choice(time(from), every, season, names(data)));
    if (period != null) {
      try (ProgressBar progress = new ProgressBar(console.err(), "retraining")) {
        run.retrain(new Retraining(period, trainingSettings(), threads), progress::show);
      }
    }
    Backtest backtest;
    PlottedForecasts plotted =
        new PlottedForecasts(
            model.specification().sampling(),
            plot == null ? List.of() : names.isEmpty() ? data : named(data, names.get(0)));
    try (ProgressBar progress = new ProgressBar(console.err(), "backtest")) {
      backtest = run(run, progress, plotted);
    }
    BacktestReport report = new BacktestReport(run, backtest, dataReport);
    report.warn(console);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    if (retrainEvery != null && run.versions().isEmpty()) {
      console.printErr(
          "--retrain-every: no new version, the data end within %s of the first origin",
          retrainEvery);
    }
    if (plot != null) {
      PlotFile.write(plot, plotted.svg(PlotText.of(model)));
    }
    return ExitCode.OK;
  }

  private void requireUsage() {
    time(from);
    if (plot != null) {
      PlotFile.require("--plot", plot);
    }
    if (forecasts != null) {
      OutputFile.requireFolder(forecasts);
    }
  }

  private @Nullable Interval retrainingPeriod(Interval interval) {
    if (retrainEvery == null) {
      return null;
    }
    Interval period = IntervalOption.parse("--retrain-every", retrainEvery, interval.zone());
    if (Retraining.isTooShort(period, interval)) {
      throw new UsageException(
          "--retrain-every: expected at least the model's interval of %s, got %s"
              .formatted(interval, retrainEvery));
    }
    return period;
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          "--from: expected a time such as 2026-01-20T00:00:00Z, got '" + text + "'");
    }
  }

  private TrainingSettings trainingSettings() {
    TrainingSettings defaults = TrainingSettings.DEFAULT;
    return new TrainingSettings(
        epochs,
        defaults.patience(),
        TrainingSettings.Optimiser.DEFAULT.withLearningRate(learningRate),
        defaults.batches(),
        defaults.seed());
  }

  /** Returns the names of the series to measure; empty for all. */
  private Set<String> names(List<SeriesData> data) {
    for (String name : names) {
      if (data.stream().noneMatch(series -> series.name().equals(name))) {
        throw new UsageException("--series: %s has no series '%s'".formatted(csv, name));
      }
    }
    return new LinkedHashSet<>(names);
  }

  private static List<SeriesData> named(List<SeriesData> data, String name) {
    return data.stream().filter(series -> series.name().equals(name)).toList();
  }

  private Backtest run(BacktestRun run, ProgressBar progress, PlottedForecasts plotted) {
    if (forecasts == null) {
      return run.run(threads, progress::show, plotted::add);
    }
    Backtest[] backtest = new Backtest[1];
    OutputFile.write(
        forecasts,
        writer -> {
          ForecastCsv lines = new ForecastCsv(writer, run.model().specification().output());
          Consumer<Forecast> sink =
              forecast -> {
                plotted.add(forecast);
                try {
                  lines.write(forecast);
                } catch (IOException e) {
                  throw new UncheckedIOException(e.getMessage(), e);
                }
              };
          backtest[0] = run.run(threads, progress::show, sink);
        });
    return backtest[0];
  }
}
