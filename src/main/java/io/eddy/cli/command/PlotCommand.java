package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.plot.ClassPlot;
import io.eddy.cli.plot.ForecastPlot;
import io.eddy.cli.plot.PlotFile;
import io.eddy.cli.plot.PlotText;
import io.eddy.cli.plot.PlottedSeries;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.history.RecentEvents;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.PublishedModels;
import io.eddy.kafka.topics.LastRecords;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy plot}. */
@Command(
    name = "plot",
    description = {
      "Plots the last committed forecast of a series.",
      "Reads the topics and draws the values, the median forecast, its intervals and the seasonal"
          + " naive forecast."
    },
    mixinStandardHelpOptions = true)
public final class PlotCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @Option(names = "--series", paramLabel = "NAME", required = true, description = "The series.")
  private String series = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file, which ends in .svg or .png.")
  private Path out = Path.of("");

  @Within(min = 1, max = 100_000)
  @Option(
      names = "--last",
      paramLabel = "N",
      description = "Steps shown before the first forecast. Default: four horizons.")
  private @Nullable Integer last;

  @Within(max = 50)
  @Option(
      names = "--past-forecasts",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Earlier forecasts to show too, each one horizon before the next. Default:"
              + " ${DEFAULT-VALUE}.")
  private int pastForecasts;

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Read the values from this file instead of the events topic. " + CsvFormatOptions.FILE)
  private @Nullable Path csv;

  @Override
  public Integer call() {
    PlotFile.require("--out", out);
    csvFormat.requireFile(csv);
    EddyConfig settings = connection.settings();
    TopicReader reader = new TopicReader(settings.client());
    List<PublishedForecast> forecasts = forecasts(reader, settings.stream());
    PublishedForecast newest = forecasts.get(forecasts.size() - 1);
    Model model = model(settings, newest.forecast().origin().served().version());
    int historySteps = last == null ? 4 * newest.forecast().horizon() : last;
    PlottedSeries actual =
        PlottedSeries.of(
            observations(
                reader, settings.stream(), forecasts.get(0).forecast(), historySteps, model),
            model.specification().sampling());
    PlotFile.write(out, svg(settings.stream(), forecasts, model, actual, historySteps));
    Console.of(spec)
        .println(
            "wrote %s: series %s, forecast from %s, version %s",
            out,
            series,
            Instant.ofEpochMilli(newest.forecast().origin().timestampMs()),
            newest.forecast().origin().served().version().shortSha());
    return ExitCode.OK;
  }

  private String svg(
      StreamSettings settings,
      List<PublishedForecast> published,
      Model model,
      PlottedSeries actual,
      int historySteps) {
    List<Forecast> forecasts = published.stream().map(PublishedForecast::forecast).toList();
    Forecast newest = forecasts.get(forecasts.size() - 1);
    PlotText text =
        PlotText.of(model)
            .with(
                "model %s, version %s, epoch %d"
                    .formatted(
                        published.get(published.size() - 1).model(),
                        newest.origin().served().version().shortSha(),
                        newest.origin().served().epoch()),
                settings.events().valueName(settings.events().valueIndex(series)));
    return newest.classes() > 0
        ? new ClassPlot(actual, newest, text, historySteps).svg()
        : new ForecastPlot(actual, forecasts, text, historySteps).svg();
  }

  /** Returns the last forecast, and before it those that end where the next one begins. */
  private List<PublishedForecast> forecasts(TopicReader reader, StreamSettings settings) {
    String topic = settings.topics().forecasts();
    ForecastCodec codec = new ForecastCodec(settings.output(), topic);
    LastRecords records = new LastRecords(reader, topic);
    Deque<PublishedForecast> shown = new ArrayDeque<>();
    int horizon = 1;
    // One forecast tells the horizon, which tells how many are needed.
    for (int count : new int[] {1, pastForecasts}) {
      List<ConsumerRecord<byte[], byte[]>> found =
          records.read(1 + count * horizon, record -> isShown(codec, settings.model(), record));
      shown.clear();
      for (int i = found.size() - 1; i >= 0 && shown.size() <= pastForecasts; i--) {
        PublishedForecast forecast = decode(codec, found.get(i));
        if (shown.isEmpty() || ends(forecast) <= origin(shown.getFirst())) {
          shown.addFirst(forecast);
        }
      }
      if (shown.isEmpty()) {
        throw new InvalidRecordException(
            "nothing to plot: topic %s has no forecast of series '%s' by model %s",
            topic, series, settings.model());
      }
      horizon = shown.getLast().forecast().horizon();
    }
    return List.copyOf(shown);
  }

  private boolean isShown(
      ForecastCodec codec, String model, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null
        || record.value() == null
        || !new String(record.key(), StandardCharsets.UTF_8).equals(series)) {
      return false;
    }
    try {
      PublishedForecast forecast = decode(codec, record);
      return forecast.model().equals(model)
          && !forecast.forecast().origin().quality().isProvisional();
    } catch (InvalidRecordException e) {
      return false;
    }
  }

  private PublishedForecast decode(ForecastCodec codec, ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(series, Objects.requireNonNull(record.value()));
  }

  private static long origin(PublishedForecast published) {
    return published.forecast().origin().timestampMs();
  }

  private static long ends(PublishedForecast published) {
    return published.forecast().timestampMs(published.forecast().horizon());
  }

  /** Returns the model, whose steps and season the plot needs. */
  private static Model model(EddyConfig settings, ModelVersion version) {
    PublishedModels models = RegistryFactory.registry(settings).models();
    var unused = models.list();
    Optional<Model> model = models.load(version);
    return model.orElseThrow(
        () ->
            new InvalidModelException(
                "version %s, which made the forecast, is not on the topic %s any more",
                version.shortSha(), settings.stream().topics().models()));
  }

  /** Returns the observations from the first shown step, and the season before it, on. */
  private SeriesData observations(
      TopicReader reader, StreamSettings settings, Forecast first, int historySteps, Model model) {
    int steps = historySteps + PlotText.of(model).seasonSteps() + 1;
    long fromMs = first.origin().interval().plusSteps(first.origin().timestampMs(), -steps);
    return csv == null ? fromTopic(reader, settings, fromMs) : fromCsv(csv);
  }

  private SeriesData fromTopic(TopicReader reader, StreamSettings settings, long fromMs) {
    Map<String, List<Observation>> found =
        new RecentEvents(reader, settings)
            .last(
                List.of(series),
                observations ->
                    observations.stream()
                        .anyMatch(observation -> observation.timestampMs() < fromMs));
    SeriesCollector collector = new SeriesCollector();
    found.getOrDefault(series, List.of()).forEach(collector::add);
    return collector.toList().stream()
        .findFirst()
        .orElseGet(() -> new SeriesData(series, new long[0], new double[0]));
  }

  private SeriesData fromCsv(Path file) {
    CsvData data = CsvObservations.read(file, csvFormat.options(connection.settings()), List.of());
    DataReport.of(data, null).print(Console.of(spec));
    return data.series().stream()
        .filter(candidate -> candidate.name().equals(series))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--csv: %s has no series '%s'".formatted(file, series)));
  }
}
