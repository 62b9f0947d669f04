package io.eddy.cli.command;

import io.eddy.cli.option.AlertOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.IntervalOption;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SeriesFileOptions;
import io.eddy.cli.option.TableFormat;
import io.eddy.cli.option.Within;
import io.eddy.cli.plot.AnomalyPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.report.AlertReport;
import io.eddy.cli.report.AlertTable;
import io.eddy.cli.report.AnomalyTable;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.dataset.csv.CsvOptions;
import io.eddy.engine.SeriesEngine;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.model.Model;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.IntervalDetector;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy anomalies}. */
@Command(
    name = "anomalies",
    description = {
      "Finds the anomalies of the series of a CSV file.",
      "Scores every step from the steps before it, in one pass. With --model the forecasts of the"
          + " model are compared with the values too; without one, the scores come from simple"
          + " forecasts, and nothing needs to be trained."
    },
    mixinStandardHelpOptions = true)
public final class AnomaliesCommand implements Callable<Integer> {
  private static final int MAX_LISTED = 20;

  @Spec private @Nullable CommandSpec spec;

  @InputFile
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "The model file. Default: no model.")
  private @Nullable Path modelFile;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "File for the scores:"
              + " series,timestamp,value,score,threshold,p_value,expected,low,high,kind.")
  private Path out = Path.of("");

  @Option(
      names = "--episodes",
      paramLabel = "FILE",
      description =
          "File for the episodes:"
              + " series,begin,end,steps,kind,value,expected,low,high,severity,reason.")
  private @Nullable Path episodesFile;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Format of the files: csv, or jsonl for JSON Lines. Default: jsonl for files that end in"
              + " .jsonl or .ndjson, otherwise csv.")
  private @Nullable String format;

  @Within(isMinExclusive = true, max = 1000)
  @Option(
      names = "--expected-false-alarms",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "Episodes per series and month that undisturbed data may cause. Default:"
              + " ${DEFAULT-VALUE}.")
  private double expectedFalseAlarms = AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS;

  @Option(
      names = "--interval",
      paramLabel = "INTERVAL",
      description =
          "Interval of the steps, such as PT5M or P1D, without a model. Default: that of the data.")
  private @Nullable String interval;

  @Mixin private final SeriesFileOptions input = new SeriesFileOptions();
  @Mixin private final AlertOptions alerts = new AlertOptions();

  @Override
  public Integer call() {
    requireUsage();
    EddyConfig config = input.settings().settings();
    Model model = modelFile == null ? null : requireQuantiles(ModelSource.read(modelFile));
    AlertRules rules = model == null ? AlertRules.NONE : alerts.rules(config, model);
    CsvOptions options = input.format().options(config);
    CsvData data =
        model == null
            ? CsvObservations.read(input.csv(), options, List.of())
            : ModelSource.readCsv(model, input.csv(), options);
    Sampling sampling =
        model == null
            ? sampling(data, input.format().zone(config))
            : model.specification().sampling();
    Console console = Console.of(spec);
    DataReport read = DataReport.of(data, sampling);
    read.print(console);
    if (model != null) {
      AlertOptions.limitations(rules, model, data.series())
          .forEach(sentence -> console.printErr("WARNING: %s", sentence));
    }
    AnomalyRun run =
        new AnomalyRun(
            sampling,
            expectedFalseAlarms,
            new SeriesEngine(config.stream().policies().lateness(), AnomalyPolicy.OFF, rules),
            model);
    Result result = run(run, data.series(), read);
    if (input.isJson()) {
      console.println("%s", Json.write(result));
    } else {
      print(console, result);
    }
    return ExitCode.OK;
  }

  /** Episodes by series, and alerts. */
  private record Result(
      String file,
      int series,
      long steps,
      Map<String, Long> kinds,
      List<AnomalyTable.Line> episodes,
      List<AlertTable.Line> alerts,
      DataReport data) {}

  private void requireUsage() {
    for (Path file : files()) {
      OutputFile.requireFolder(file);
      var unused = TableFormat.of(format, file);
    }
    Path plot = input.plot();
    if (plot != null) {
      PlotFile.require("--plot", plot);
    }
    input.requireValid();
    if (interval != null && modelFile != null) {
      throw new UsageException("--interval: the model has an interval; omit this option");
    }
    if (alerts.given() != null && modelFile == null) {
      throw new UsageException(
          "%s: rules are evaluated on the forecasts of a model; add --model"
              .formatted(alerts.given()));
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(out));
    if (episodesFile != null) {
      files.add(episodesFile);
    }
    Path alertsFile = alerts.alerts();
    if (alertsFile != null) {
      files.add(alertsFile);
    }
    return files;
  }

  private Model requireQuantiles(Model model) {
    if (model.specification().output().quantileLevels().size() < 3) {
      throw new UsageException(
          "--model: %s forecasts no quantiles, which scores need; omit --model to score by simple"
                  .formatted(modelFile)
              + " forecasts");
    }
    return model;
  }

  private Sampling sampling(CsvData data, ZoneId zone) {
    Interval found =
        interval == null
            ? detected(data, zone)
            : IntervalOption.parse("--interval", interval, zone);
    return new Sampling(found, Aggregation.LAST, 0);
  }

  private static Interval detected(CsvData data, ZoneId zone) {
    try {
      return IntervalDetector.of(data.series().stream().map(SeriesData::timestampsMs))
          .detect(zone)
          .required();
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("%s; --interval states it", e.getMessage());
    }
  }

  private Result run(AnomalyRun run, List<SeriesData> series, DataReport read) {
    SeriesData shown = input.plotted(series);
    long endMs = new Dataset(series, input.csv().toString()).lastTimestampMs();
    AnomalyTable episodes = new AnomalyTable();
    long[] steps = new long[1];
    OutputFile.write(
        out,
        writer -> {
          AnomalyTable.Scores scores = new AnomalyTable.Scores(writer, TableFormat.of(format, out));
          for (SeriesData s : series) {
            steps[0] += run(run, s, endMs, s == shown, scores, episodes);
          }
        });
    if (episodesFile != null) {
      TableFormat episodesFormat = TableFormat.of(format, episodesFile);
      OutputFile.write(episodesFile, writer -> episodes.write(writer, episodesFormat));
    }
    AlertTable changes = new AlertTable();
    changes.add(run.alerts());
    Path alertsFile = alerts.alerts();
    if (alertsFile != null) {
      TableFormat alertsFormat = TableFormat.of(format, alertsFile);
      OutputFile.write(alertsFile, writer -> changes.write(writer, alertsFormat));
    }
    Map<String, Long> kinds = new LinkedHashMap<>();
    episodes.lines().forEach(line -> kinds.merge(line.kind(), 1L, Long::sum));
    return new Result(
        out.toString(), series.size(), steps[0], kinds, episodes.lines(), changes.lines(), read);
  }

  private long run(
      AnomalyRun run,
      SeriesData series,
      long endMs,
      boolean isPlotted,
      AnomalyTable.Scores scores,
      AnomalyTable tableOfEpisodes)
      throws IOException {
    AnomalyPlot drawing = new AnomalyPlot(series.name());
    long[] steps = new long[1];
    List<Episode> episodes =
        run.run(
            series,
            endMs,
            (timestampMs, value, score) -> {
              steps[0]++;
              scores.write(series.name(), timestampMs, value, score);
              if (isPlotted) {
                drawing.add(timestampMs, value, score.expected());
              }
            });
    tableOfEpisodes.add(series.name(), episodes);
    Path plot = input.plot();
    if (isPlotted && plot != null) {
      PlotFile.write(plot, drawing.svg(episodes));
    }
    return steps[0];
  }

  private void print(Console console, Result result) {
    console.println(
        "wrote scores of %d steps of %d series to %s; episodes: %d",
        result.steps(), result.series(), out, result.episodes().size());
    result.kinds().forEach((kind, count) -> console.println("  %s: %d", kind, count));
    for (AnomalyTable.Line line :
        result.episodes().subList(0, Math.min(MAX_LISTED, result.episodes().size()))) {
      console.println(
          "%s %s, %s to %s: %s",
          line.series(), line.kind(), line.begin(), line.end(), line.reason());
    }
    if (result.episodes().size() > MAX_LISTED) {
      console.println(
          "and %d more; --episodes FILE lists all", result.episodes().size() - MAX_LISTED);
    }
    AlertReport.print(console, result.alerts());
  }
}
