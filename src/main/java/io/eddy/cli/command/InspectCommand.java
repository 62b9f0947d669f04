package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.Within;
import io.eddy.cli.plot.GradientPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.GradientReport;
import io.eddy.cli.report.ModelReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy inspect}. */
@Command(
    name = "inspect",
    description = {
      "Describes a model and compares the cost of a step with that of the other cells of the same"
          + " size.",
      "Times are measured on this machine for one series on one thread. They include cells and"
          + " head."
    },
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  private static final int MAX_STEPS = 1000;
  private static final int MAX_DEFAULT_STEPS = 200;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @InputFile
  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description = "The model file. With --gradients, several files may be compared.")
  private List<Path> files = List.of();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Option(
      names = "--context",
      paramLabel = "DATA",
      description =
          "Check instead whether the context length is sufficient for DATA: compares the states and"
              + " forecasts rebuilt from W steps with those rebuilt from 2W. DATA is "
              + ContextReport.DATA
              + ".")
  private @Nullable String context;

  @ArgGroup(exclusive = false)
  private @Nullable GradientOptions gradients;

  private static final class GradientOptions {
    @Option(
        names = "--gradients",
        required = true,
        description =
            "Print instead the gradient of the forecast by lag: how strongly it depends on the"
                + " hidden state k steps back.")
    private boolean isRequested;

    @InputFile
    @Option(
        names = "--csv",
        paramLabel = "FILE",
        required = true,
        description = "For --gradients: " + CsvFormatOptions.FILE)
    private Path csv = Path.of("");

    @Within(min = 1, max = MAX_STEPS)
    @Option(
        names = "--steps",
        paramLabel = "N",
        description =
            "Maximum lag for --gradients, in steps. Default: the model's context length, at most"
                + " 200.")
    private @Nullable Integer steps;

    @Option(
        names = "--plot",
        paramLabel = "FILE",
        description = "Write a plot of the curves of --gradients to a .svg or .png file.")
    private @Nullable Path plot;
  }

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    if (gradients != null && context != null) {
      throw new UsageException("--context and --gradients exclude each other");
    }
    if (gradients != null && gradients.isRequested) {
      printGradients(console, gradients);
      return ExitCode.OK;
    }
    if (files.size() > 1) {
      throw new UsageException(
          "expected one model, got %d; several models can be compared with --gradients"
              .formatted(files.size()));
    }
    Model model = ModelSource.read(files.get(0));
    if (context != null) {
      printContext(
          console, ContextReport.of(model, context, connection::settings, csvFormat, console));
      return ExitCode.OK;
    }
    ModelReport report = ModelReport.measure(model);
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    return ExitCode.OK;
  }

  private void printContext(Console console, ContextLengthCheck check) {
    if (isJson) {
      console.println("%s", ContextReport.json(check));
    } else {
      ContextReport.print(console, check);
    }
    ContextReport.warn(console, check);
  }

  private void printGradients(Console console, GradientOptions options) {
    if (options.plot != null) {
      PlotFile.require("--plot", options.plot);
    }
    List<Model> models = files.stream().map(ModelSource::read).toList();
    int steps =
        options.steps != null
            ? options.steps
            : models.stream().mapToInt(InspectCommand::defaultSteps).min().orElseThrow();
    List<String> covariates =
        models.stream()
            .flatMap(model -> model.specification().inputs().covariateNames().stream())
            .distinct()
            .toList();
    CsvData data =
        CsvObservations.read(options.csv, csvFormat.options(connection.settings()), covariates);
    DataReport.of(data, models.get(0).specification().sampling()).print(console);
    List<SeriesData> series = data.series();
    GradientReport report = GradientReport.of(models, series, steps);
    if (options.plot != null) {
      PlotFile.write(options.plot, GradientPlot.of(report.curves()));
    }
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
  }

  private static int defaultSteps(Model model) {
    return Math.min(MAX_DEFAULT_STEPS, model.specification().contextLength());
  }
}
