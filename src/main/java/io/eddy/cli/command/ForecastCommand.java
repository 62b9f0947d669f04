package io.eddy.cli.command;

import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.SettingsOptions;
import io.eddy.cli.plot.ClassPlot;
import io.eddy.cli.plot.ForecastPlot;
import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
      "Makes the stream's forecasts without a broker: every observation of the CSV, in order of"
          + " time,",
      "gives the forecasts that it would give in the stream, bit for bit."
    },
    mixinStandardHelpOptions = true)
public final class ForecastCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--model", paramLabel = "FILE", required = true, description = "The model file.")
  private Path modelFile = Path.of("");

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description =
          "Observations: series,timestamp,value[,covariate…], plain or .gz; lines without a value"
              + " tell what is known ahead.")
  private Path csv = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description =
          "The forecasts: series,origin,step,timestamp,mean,q…,model; of classes class,p0,p1,…"
              + " instead of mean,q….")
  private Path out = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "A picture (SVG) of the first series: the forecast made a horizon before its end, and"
              + " what came.")
  private @Nullable Path plot;

  @Option(
      names = "--last",
      description = "Only the forecasts from the last observation of each series.")
  private boolean isLast;

  @Mixin private final SettingsOptions settings = new SettingsOptions();

  @Override
  public Integer call() {
    OutputFile.requireFolder(out);
    Model model = ModelSource.read(modelFile);
    List<SeriesData> series = ModelSource.data(model, csv);
    Count count = new Count();
    StepFunction steps = new StepFunction(settings.settings().stream().policies().lateness());
    if (plot != null && !series.isEmpty()) {
      OutputFile.write(plot, writer -> writer.write(plotOf(model, series.get(0), steps)));
    }
    OutputFile.write(out, writer -> write(writer, model, series, steps, count));
    Console.of(spec)
        .println(
            "%d forecasts of %d series in %s, %d observations gave none",
            count.forecasts, series.size(), out, count.observations - count.forecasts);
    if (count.refused > 0) {
      Console.of(spec)
          .printErr(
              "%d observations would be dead letters, the first: %s", count.refused, count.first);
    }
    return 0;
  }

  private static String plotOf(Model model, SeriesData series, StepFunction steps) {
    SeriesState state = SeriesState.inMemory(model);
    int horizon = model.specification().output().horizon();
    Forecast shown = null;
    for (int i = 0; i < series.size() && (shown == null || i < series.size() - horizon); i++) {
      Observation observation = series.observations().get(i);
      for (Forecast forecast : closed(steps.apply(state, observation, model, 0))) {
        shown = forecast;
      }
    }
    if (shown == null) {
      throw new InvalidRecordException("series %s gives no forecast to plot", series.name());
    }
    return shown.classes() > 0
        ? new ClassPlot(series, shown, 2 * horizon).svg()
        : new ForecastPlot(series, List.of(shown), 4 * horizon).svg();
  }

  private static final class Count {
    long observations;
    long forecasts;
    long refused;
    String first = "";

    void note(Observation observation, StepResult.Refused why) {
      if (refused++ == 0) {
        Instant time = Instant.ofEpochMilli(observation.timestampMs());
        first = "series %s at %s: %s".formatted(observation.series(), time, why.message());
      }
    }
  }

  /** The forecasts of steps that closed: a provisional one says nothing that these do not. */
  private static List<Forecast> closed(StepResult result) {
    return result.forecasts().stream()
        .map(StepResult.Advanced::forecast)
        .filter(forecast -> !forecast.origin().standing().isProvisional())
        .toList();
  }

  private void write(
      BufferedWriter writer, Model model, List<SeriesData> series, StepFunction steps, Count count)
      throws IOException {
    ForecastCsv forecasts = new ForecastCsv(writer, model.specification().output());
    for (SeriesData one : series) {
      SeriesState state = SeriesState.inMemory(model);
      Forecast last = null;
      for (Observation observation : one.observations()) {
        count.observations++;
        StepResult result = steps.apply(state, observation, model, 0);
        if (result instanceof StepResult.Refused refused) {
          count.note(observation, refused);
        }
        for (Forecast forecast : closed(result)) {
          last = forecast;
          if (!isLast) {
            forecasts.write(last);
            count.forecasts++;
          }
        }
      }
      if (isLast && last != null) {
        forecasts.write(last);
        count.forecasts++;
      }
    }
  }
}
