package io.eddy.cli.command;

import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SettingsOptions;
import io.eddy.cli.plot.ClassPlot;
import io.eddy.cli.plot.ForecastPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.plot.PlotText;
import io.eddy.cli.plot.PlottedSeries;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.FutureCovariateCount;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.engine.SeriesEngine;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.model.Model;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.SteppedSeries;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy forecast}. */
@Command(
    name = "forecast",
    description = {
      "Forecasts the series of a CSV file without a broker.",
      "Every observation, in order of time, gives the forecast that it gives in the stream, bit for"
          + " bit."
    },
    mixinStandardHelpOptions = true)
public final class ForecastCommand implements Callable<Integer> {
  /** The epoch outside a stream. */
  private static final long NO_EPOCH = 0;

  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(names = "--model", paramLabel = "FILE", required = true, description = "The model file.")
  private Path modelFile = Path.of("");

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description =
          CsvFormatOptions.FILE + " Lines without a value have future values of covariates.")
  private Path csv = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "CSV file for the forecasts: series,origin,step,timestamp,mean,q…,model; for classes"
              + " series,origin,step,timestamp,class,p0,p1,…,model.")
  private Path out = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Write a plot (.svg or .png) of one series: the forecast one horizon before its end, with"
              + " the actual values that followed; with --last, the forecast from its end.")
  private @Nullable Path plot;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Series of --plot. Default: the first one.")
  private @Nullable String plotted;

  @Option(
      names = "--last",
      description = "Write only the forecasts from the last observation of each series.")
  private boolean isLast;

  @Mixin private final CsvFormatOptions format = new CsvFormatOptions();
  @Mixin private final SettingsOptions settings = new SettingsOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    OutputFile.requireFolder(out);
    if (plot != null) {
      PlotFile.require("--plot", plot);
    } else if (plotted != null) {
      throw new UsageException("--series: chooses the series of --plot, which is missing");
    }
    Model model = ModelSource.read(modelFile);
    EddyConfig config = settings.settings();
    CsvData data = ModelSource.readCsv(model, csv, format.options(config));
    List<SeriesData> series = data.series();
    Console console = Console.of(spec);
    DataReport read = DataReport.of(data, model.specification().sampling());
    read.print(console);
    Count count = new Count();
    SeriesEngine engine = new SeriesEngine(config.stream().policies().lateness());
    if (plot != null && !series.isEmpty()) {
      PlotFile.write(plot, svg(model, plotted(series), engine));
    }
    FutureCovariateCount future =
        new FutureCovariateCount(
            model.specification().inputs().futureNames(), model.specification().output().horizon());
    OutputFile.write(
        out, writer -> write(writer, model, series, engine, new Counts(count, future)));
    count.printRejected(console);
    future.describe().forEach(sentence -> console.printErr("WARNING: %s", sentence));
    if (isJson) {
      Result result =
          new Result(
              out.toString(),
              model.version().sha(),
              series.size(),
              count.observations,
              count.forecasts,
              count.rejected,
              read);
      console.println("%s", Json.write(result));
      return ExitCode.OK;
    }
    console.println(
        "wrote %d forecasts of %d series to %s; observations without a forecast: %d",
        count.forecasts, series.size(), out, count.observations - count.forecasts);
    return ExitCode.OK;
  }

  private record Result(
      String file,
      String version,
      int series,
      long observations,
      long forecasts,
      Map<String, Long> deadLetters,
      DataReport data) {}

  /** Returns the series to plot. */
  private SeriesData plotted(List<SeriesData> series) {
    return series.stream()
        .filter(candidate -> plotted == null || candidate.name().equals(plotted))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--series: %s has no series '%s'".formatted(csv, plotted)));
  }

  private String svg(Model model, SeriesData series, SeriesEngine engine) {
    SeriesStore store = new InMemorySeriesStore();
    int horizon = model.specification().output().horizon();
    PlottedSeries actual = PlottedSeries.of(series, model.specification().sampling());
    Forecast shown = null;
    for (Observation observation : series.observations()) {
      for (Forecast forecast : closed(engine.advance(store, observation, model, NO_EPOCH))) {
        if (isLast || shown == null || actual.covers(forecast)) {
          shown = forecast;
        }
      }
    }
    if (shown == null) {
      throw new InvalidRecordException("nothing to plot: series %s has no forecast", series.name());
    }
    PlotText text = PlotText.of(model);
    return shown.classes() > 0
        ? new ClassPlot(actual, shown, text, 2 * horizon).svg()
        : new ForecastPlot(actual, List.of(shown), text, 4 * horizon).svg();
  }

  private static final class Count {
    private static final int MAX_REASONS = 20;

    private final Map<String, Long> rejected = new TreeMap<>();
    private String first = "";
    long observations;
    long forecasts;

    void addRejected(Observation observation, StepResult.Refused reason) {
      if (rejected.isEmpty()) {
        Instant time = Instant.ofEpochMilli(observation.timestampMs());
        first = "series %s at %s".formatted(observation.series(), time);
      }
      boolean isListed = rejected.containsKey(reason.message()) || rejected.size() < MAX_REASONS;
      rejected.merge(isListed ? reason.message() : "other reasons", 1L, Long::sum);
    }

    /** Prints how many observations were rejected, by reason; prints nothing if none was. */
    void printRejected(Console console) {
      if (!rejected.isEmpty()) {
        long total = rejected.values().stream().mapToLong(Long::longValue).sum();
        console.printErr("dead letters: %d observations, first: %s", total, first);
        rejected.forEach((reason, count) -> console.printErr("  %d: %s", count, reason));
      }
    }
  }

  /** Returns the forecasts of closed steps, without provisional ones. */
  private static List<Forecast> closed(StepResult result) {
    return result.forecasts().stream()
        .map(StepResult.Advanced::forecast)
        .filter(forecast -> !forecast.origin().quality().isProvisional())
        .toList();
  }

  /** Counts of observations and of missing known-future covariates. */
  private record Counts(Count observations, FutureCovariateCount future) {
    void add(Forecast forecast, SteppedSeries series) {
      int origin = (int) (forecast.originStep() - series.firstStep());
      future.add(series.futureCovariates(origin), forecast.horizon());
    }
  }

  private void write(
      BufferedWriter writer,
      Model model,
      List<SeriesData> series,
      SeriesEngine engine,
      Counts counts)
      throws IOException {
    Count count = counts.observations();
    ForecastCsv forecasts = new ForecastCsv(writer, model.specification().output());
    for (SeriesData data : series) {
      SeriesStore store = new InMemorySeriesStore();
      Forecast last = null;
      SteppedSeries steps = data.stepped(model.specification().sampling());
      for (Observation observation : data.observations()) {
        count.observations++;
        StepResult result = engine.advance(store, observation, model, NO_EPOCH);
        if (result instanceof StepResult.Refused rejected) {
          count.addRejected(observation, rejected);
        }
        for (Forecast forecast : closed(result)) {
          last = forecast;
          if (!isLast) {
            forecasts.write(last);
            counts.add(last, steps);
            count.forecasts++;
          }
        }
      }
      if (isLast && last != null) {
        forecasts.write(last);
        counts.add(last, steps);
        count.forecasts++;
      }
    }
  }
}
