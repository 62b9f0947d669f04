package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.Json;
import io.eddy.cli.report.RejectedObservations;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventCheck;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventPacer;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Interval;
import io.eddy.series.IntervalChoice;
import io.eddy.series.IntervalDetector;
import io.eddy.series.Observation;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy feed}. */
@Command(
    name = "feed",
    description = {"Publishes the observations of a CSV file as events, in order of event time."},
    mixinStandardHelpOptions = true)
public final class FeedCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = CsvFormatOptions.FILE)
  private Path csv = Path.of("");

  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic to publish to. Default: topic.events of the settings.")
  private @Nullable String topic;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "Format of the events: json, avro, number, double, float, long, int, short or influx."
              + " Default: events.format of the settings.")
  private @Nullable String format;

  @Option(
      names = "--covariates",
      paramLabel = "NAME",
      split = ",",
      description = "Columns to publish as fields. Default: events.covariates of the settings.")
  private @Nullable List<String> covariates;

  @Option(
      names = "--future",
      paramLabel = "NAME",
      split = ",",
      description =
          "Known-future covariates: columns of which each event also has the values of the next"
              + " steps, taken from later lines. Default: none.")
  private List<String> future = List.of();

  @Within(min = 1, max = FutureCovariates.MAX_VALUES)
  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "24",
      description = "Number of future steps of --future in each event. Default: ${DEFAULT-VALUE}.")
  private int horizon;

  @Option(
      names = "--interval",
      paramLabel = "INTERVAL",
      description =
          "Interval of --future, as in the model: a duration such as 15m, P1D, P7D, P1M, or"
              + " business-day. Default: detected.")
  private @Nullable String interval;

  @Within(max = 10_000_000)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Maximum number of events per second; 0 for no limit. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Within(max = 1e9)
  @Option(
      names = "--speed-up",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Publish at X times the speed of event time; 0 for no limit. Default: ${DEFAULT-VALUE}.")
  private double speedUp;

  @Option(
      names = "--skip-rejected",
      description =
          "Leave out observations that a forecaster with these settings would reject, and count"
              + " them. Default: if there is one, nothing is published.")
  private boolean isSkipping;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    EventMapping mapping = mapping(settings);
    String target = topic == null ? settings.stream().topics().events() : topic;
    CsvData data = data(settings, fields(settings, mapping.format()));
    DataReport read = DataReport.of(data, null);
    read.print(console);
    RejectedObservations rejected = new RejectedObservations(csv, isSkipping);
    List<Observation> events =
        rejected.remove(
            EventPublisher.mergeByTime(data.series()),
            new EventCheck(
                mapping,
                target,
                settings.stream().policies().limits(),
                settings.stream().policies().series().timestampGuard()),
            this::event);
    rejected.print(console);
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      admin.require(target);
    }
    long beginNs = System.nanoTime();
    try (EventPublisher feed = new EventPublisher(settings.client(), mapping, target);
        ProgressBar progress = new ProgressBar(console.err(), "feeding")) {
      EventPacer pace = new EventPacer(rate, speedUp);
      int done = 0;
      for (Observation event : events) {
        pace.await(event.timestampMs());
        feed.send(event(event));
        done++;
        progress.show(done, events.size(), done + " events");
      }
      feed.flush();
    }
    double seconds = (System.nanoTime() - beginNs) * 1e-9;
    if (isJson) {
      Result result = new Result(target, events.size(), seconds, rejected.byReason(), read);
      console.println("%s", Json.write(result));
      return ExitCode.OK;
    }
    console.println(
        "published %d events to %s in %s", events.size(), target, ProgressBar.time(seconds));
    return ExitCode.OK;
  }

  private record Result(
      String topic, int events, double seconds, Map<String, Long> rejected, DataReport data) {}

  private Observation event(Observation observation) {
    return future.isEmpty()
        ? observation.withFutureCovariates(FutureCovariates.NONE)
        : observation.withFutureCovariates(observation.futureCovariates().select(future, horizon));
  }

  private List<String> fields(EddyConfig settings, EventFormat form) {
    Set<String> fields =
        new LinkedHashSet<>(covariates == null ? settings.stream().covariates() : covariates);
    fields.addAll(future);
    if (!form.hasCovariates() && !fields.isEmpty()) {
      throw new UsageException(
          "--covariates, --future: events of format %s have no covariates".formatted(form.id()));
    }
    if (horizon < 1 || (long) horizon * future.size() > FutureCovariates.MAX_VALUES) {
      throw new UsageException(
          "--horizon: expected 1 to %d for %d name(s) of --future, got %d"
              .formatted(
                  FutureCovariates.MAX_VALUES / Math.max(1, future.size()),
                  future.size(),
                  horizon));
    }
    return List.copyOf(fields);
  }

  private IntervalChoice interval(ZoneId zone) {
    try {
      return interval == null
          ? IntervalChoice.detected(zone)
          : IntervalChoice.parse(interval, zone);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private CsvData data(EddyConfig settings, List<String> fields) {
    CsvData data = CsvObservations.read(csv, csvFormat.options(settings), fields);
    if (future.isEmpty()) {
      return data;
    }
    Interval step =
        interval(csvFormat.zone(settings))
            .resolve(IntervalDetector.of(data.series().stream().map(SeriesData::timestampsMs)));
    return new CsvData(
        data.series().stream()
            .map(series -> series.withFutureCovariates(future, step, horizon))
            .toList(),
        data.summary());
  }

  /**
   * Returns the configured mapping, without its covariates and with the format of {@code --format}.
   */
  private EventMapping mapping(EddyConfig settings) {
    EventMapping mapping = settings.stream().events().withCovariates(List.of());
    EventMapping written;
    try {
      written = format == null ? mapping : mapping.withFormat(EventFormat.of(format));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--format: " + e.getMessage());
    }
    if (!written.format().isWritable()) {
      throw new UsageException(
          "feed cannot write events of format %s: choose one of %s with --format or events.format"
              .formatted(
                  written.format().id(),
                  Arrays.stream(EventFormat.values())
                      .filter(EventFormat::isWritable)
                      .map(EventFormat::id)
                      .collect(Collectors.joining(", "))));
    }
    return written;
  }
}
