package io.eddy.cli.command;

import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.IntervalOption;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SettingsOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.plot.AnomalyPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.report.AnomalyCsv;
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
import io.eddy.engine.SeriesEngine;
import io.eddy.forecast.anomaly.AnomalySettings;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.model.Model;
import io.eddy.series.Aggregation;
import io.eddy.series.Interval;
import io.eddy.series.IntervalDetector;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Sampling;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
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

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = CsvFormatOptions.FILE)
  private Path csv = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "CSV file for the scores:"
              + " series,timestamp,value,score,threshold,p_value,expected,low,high,kind.")
  private Path out = Path.of("");

  @Option(
      names = "--episodes",
      paramLabel = "FILE",
      description =
          "CSV file for the episodes:"
              + " series,begin,end,steps,kind,value,expected,low,high,severity,reason.")
  private @Nullable Path episodesFile;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Write a plot (.svg or .png) of one series with its episodes.")
  private @Nullable Path plot;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Series of --plot. Default: the first one.")
  private @Nullable String plotted;

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

  @Mixin private final CsvFormatOptions format = new CsvFormatOptions();
  @Mixin private final SettingsOptions settings = new SettingsOptions();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    requireUsage();
    EddyConfig config = settings.settings();
    Model model = modelFile == null ? null : requireQuantiles(ModelSource.read(modelFile));
    CsvData data =
        model == null
            ? CsvObservations.read(csv, format.options(config), List.of())
            : ModelSource.readCsv(model, csv, format.options(config));
    Sampling sampling =
        model == null ? sampling(data, format.zone(config)) : model.specification().sampling();
    Console console = Console.of(spec);
    DataReport read = DataReport.of(data, sampling);
    read.print(console);
    AnomalyRun run =
        new AnomalyRun(
            sampling,
            expectedFalseAlarms,
            new SeriesEngine(config.stream().policies().lateness()),
            model);
    Result result = run(run, data.series(), read);
    if (isJson) {
      console.println("%s", Json.write(result));
    } else {
      print(console, result);
    }
    return ExitCode.OK;
  }

  /** Episodes by series. */
  private record Result(
      String file,
      int series,
      long steps,
      Map<String, Long> kinds,
      List<AnomalyCsv.Line> episodes,
      DataReport data) {}

  private void requireUsage() {
    OutputFile.requireFolder(out);
    if (episodesFile != null) {
      OutputFile.requireFolder(episodesFile);
    }
    if (plot != null) {
      PlotFile.require("--plot", plot);
    } else if (plotted != null) {
      throw new UsageException("--series: chooses the series of --plot, which is missing");
    }
    if (interval != null && modelFile != null) {
      throw new UsageException("--interval: the model has an interval; omit this option");
    }
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
    String shown = plotted(series);
    long endMs = new Dataset(series, csv.toString()).lastTimestampMs();
    AnomalyCsv episodes = new AnomalyCsv();
    long[] steps = new long[1];
    OutputFile.write(
        out,
        writer -> {
          AnomalyCsv.writeScoreHeader(writer);
          for (SeriesData one : series) {
            steps[0] += run(run, one, endMs, one.name().equals(shown), writer, episodes);
          }
        });
    if (episodesFile != null) {
      OutputFile.write(episodesFile, episodes::write);
    }
    Map<String, Long> kinds = new LinkedHashMap<>();
    episodes.lines().forEach(line -> kinds.merge(line.kind(), 1L, Long::sum));
    return new Result(out.toString(), series.size(), steps[0], kinds, episodes.lines(), read);
  }

  private @Nullable String plotted(List<SeriesData> series) {
    if (plot == null) {
      return null;
    }
    return series.stream()
        .map(SeriesData::name)
        .filter(name -> plotted == null || name.equals(plotted))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--series: %s has no series '%s'".formatted(csv, plotted)));
  }

  private long run(
      AnomalyRun run,
      SeriesData series,
      long endMs,
      boolean isPlotted,
      BufferedWriter writer,
      AnomalyCsv csvEpisodes)
      throws IOException {
    AnomalyPlot drawing = new AnomalyPlot(series.name());
    long[] steps = new long[1];
    List<Episode> episodes =
        run.run(
            series,
            endMs,
            (timestampMs, value, score) -> {
              steps[0]++;
              AnomalyCsv.writeScore(writer, series.name(), timestampMs, value, score);
              if (isPlotted) {
                drawing.add(timestampMs, value, score.expected());
              }
            });
    csvEpisodes.add(series.name(), episodes);
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
    for (AnomalyCsv.Line line :
        result.episodes().subList(0, Math.min(MAX_LISTED, result.episodes().size()))) {
      console.println(
          "%s %s, %s to %s: %s",
          line.series(), line.kind(), line.begin(), line.end(), line.reason());
    }
    if (result.episodes().size() > MAX_LISTED) {
      console.println(
          "and %d more; --episodes FILE lists all", result.episodes().size() - MAX_LISTED);
    }
  }
}
