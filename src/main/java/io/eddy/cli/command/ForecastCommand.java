package io.eddy.cli.command;

import io.eddy.cli.option.AlertOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SeriesFileOptions;
import io.eddy.cli.option.TableFormat;
import io.eddy.cli.plot.ClassPlot;
import io.eddy.cli.plot.ForecastPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.plot.PlotText;
import io.eddy.cli.plot.PlottedSeries;
import io.eddy.cli.report.AlertReport;
import io.eddy.cli.report.AlertTable;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.dataset.FutureCovariateCount;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
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
          + " bit.",
      "The plot shows the forecast one horizon before the end of the series, with the actual values"
          + " that followed; with --last, the forecast from its end."
    },
    mixinStandardHelpOptions = true)
public final class ForecastCommand implements Callable<Integer> {
  /** The epoch outside a stream. */
  private static final long NO_EPOCH = 0;

  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(names = "--model", paramLabel = "FILE", required = true, description = "The model file.")
  private Path modelFile = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "CSV file for the forecasts: series,origin,step,timestamp,mean,q…,model; for classes"
              + " series,origin,step,timestamp,class,p0,p1,…,model.")
  private Path out = Path.of("");

  @Option(
      names = "--last",
      description = "Write only the forecasts from the last observation of each series.")
  private boolean isLast;

  @Mixin private final SeriesFileOptions input = new SeriesFileOptions();
  @Mixin private final AlertOptions alerts = new AlertOptions();

  @Override
  public Integer call() {
    OutputFile.requireFolder(out);
    Path plot = input.plot();
    if (plot != null) {
      PlotFile.require("--plot", plot);
    }
    input.requireValid();
    Path alertsFile = alerts.alerts();
    if (alertsFile != null) {
      OutputFile.requireFolder(alertsFile);
    }
    Model model = ModelSource.read(modelFile);
    EddyConfig config = input.settings().settings();
    AlertRules rules = alerts.rules(config, model);
    CsvData data = ModelSource.readCsv(model, input.csv(), input.format().options(config));
    List<SeriesData> series = data.series();
    Console console = Console.of(spec);
    DataReport read = DataReport.of(data, model.specification().sampling());
    read.print(console);
    Count count = new Count();
    AlertOptions.limitations(rules, model, series)
        .forEach(sentence -> console.printErr("WARNING: %s", sentence));
    SeriesEngine engine =
        new SeriesEngine(config.stream().policies().lateness(), AnomalyPolicy.OFF, rules);
    SeriesData plotted = input.plotted(series);
    if (plot != null && plotted != null) {
      PlotFile.write(plot, svg(model, plotted, engine));
    }
    AlertTable changes = new AlertTable();
    FutureCovariateCount future =
        new FutureCovariateCount(
            model.specification().inputs().futureNames(), model.specification().output().horizon());
    OutputFile.write(
        out, writer -> write(writer, model, series, engine, new Counts(count, future, changes)));
    if (alertsFile != null) {
      TableFormat format = TableFormat.of(null, alertsFile);
      OutputFile.write(alertsFile, writer -> changes.write(writer, format));
    }
    count.printRejected(console);
    future.describe().forEach(sentence -> console.printErr("WARNING: %s", sentence));
    if (input.isJson()) {
      Result result =
          new Result(
              out.toString(),
              model.version().sha(),
              series.size(),
              count.observations,
              count.forecasts,
              count.rejected,
              changes.lines(),
              read);
      console.println("%s", Json.write(result));
      return ExitCode.OK;
    }
    console.println(
        "wrote %d forecasts of %d series to %s; observations without a forecast: %d",
        count.forecasts, series.size(), out, count.observations - count.forecasts);
    AlertReport.print(console, changes.lines());
    return ExitCode.OK;
  }

  private record Result(
      String file,
      String version,
      int series,
      long observations,
      long forecasts,
      Map<String, Long> deadLetters,
      List<AlertTable.Line> alerts,
      DataReport data) {}

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

  /** Counts of observations and of missing known-future covariates, and the alerts. */
  private record Counts(Count observations, FutureCovariateCount future, AlertTable alerts) {
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
        SeriesUpdate update = engine.update(store, observation, model, NO_EPOCH);
        StepResult result = update.result();
        counts.alerts().add(update.alerts());
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
