package io.eddy.demo;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.TrainingProgress;
import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.synthetic.SensorGenerator;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.evaluation.TrainedModel;
import io.eddy.evaluation.TrainingPipeline;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventPacer;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.nn.CellKind;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import io.eddy.training.ModelPlan;
import io.eddy.training.SeasonDetector;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass of the demo: version 1 learns from the first 60 % of the data's time, the stream begins,
 * version 2, of another cell, learns from the first 80 % while events flow, and takes over at that
 * time. Forecasts are judged on what the version that made them did not train on.
 */
final class Demo {
  private static final String MODEL = "demo";
  private static final int SERIES = 300;
  private static final int DAYS = 28;
  private static final Duration INTERVAL = Duration.ofHours(1);
  private static final int PARTITIONS = 4;
  private static final int EPOCHS = 6;
  private static final double PACED_SECONDS = 12;
  private static final double LIVE_STEPS_PER_SECOND = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final long LOOK_PERIOD_NS = Duration.ofMillis(20).toNanos();

  private final Console console;
  private final @Nullable Path csv;
  private final boolean isOnce;
  private final long beganNs = System.nanoTime();

  Demo(Console console, @Nullable Path csv, boolean isOnce) {
    this.console = console;
    this.csv = csv;
    this.isOnce = isOnce;
  }

  /** Runs it; the exit code. */
  int run() {
    SensorGenerator sensors = new SensorGenerator(SERIES, INTERVAL, 1);
    List<SeriesData> series = csv == null ? generate(sensors) : CsvObservations.readSeries(csv);
    List<Observation> events = EventPublisher.mergeByTime(series);
    if (events.isEmpty()) {
      throw new UsageException(csv + " holds no observation");
    }
    console.printErr(
        "%s: %d series, %d events, %s to %s",
        csv == null ? "generated sensors" : csv,
        series.size(),
        events.size(),
        Instant.ofEpochMilli(events.get(0).timestampMs()),
        Instant.ofEpochMilli(events.get(events.size() - 1).timestampMs()));
    Path state = temporaryFolder();
    try (StopSignal stop = new StopSignal();
        EmbeddedBroker broker = EmbeddedBroker.start()) {
      try {
        return run(new Pass(sensors, events, stop, broker, state));
      } finally {
        delete(state);
      }
    }
  }

  private record Pass(
      SensorGenerator sensors,
      List<Observation> events,
      StopSignal stop,
      EmbeddedBroker broker,
      Path state) {
    /** Event time at a share of the span of the data. */
    long timeAt(double share) {
      long first = events.get(0).timestampMs();
      return first + (long) (share * (events.get(events.size() - 1).timestampMs() - first));
    }
  }

  private int run(Pass pass) {
    Map<String, Object> client = Map.of("bootstrap.servers", pass.broker.bootstrapServers());
    StreamSettings settings =
        new StreamSettings(
            MODEL,
            EventMapping.defaults(EventFormat.JSON, List.of()),
            TopicNames.DEFAULT,
            StreamPolicies.DEFAULT,
            OutputFormat.DEFAULT);
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(settings.topics(), PARTITIONS);
    }
    console.printErr("%s  a Kafka broker runs at %s", clock(), pass.broker.bootstrapServers());
    ModelRegistry registry = new ModelRegistry(client, settings.topics());
    long firstEndMs = pass.timeAt(0.6);
    long secondEndMs = pass.timeAt(0.8);

    Model first;
    try (ProgressBar progress = new ProgressBar(console.err(), "training version 1")) {
      first = train(pass, firstEndMs, "gru", new TrainingProgress(progress), registry);
    } catch (Stopped e) {
      return 0;
    }
    registry.activate(MODEL, first.version(), null, "first version");
    console.printErr("%s  version 1, %s, is trained and serves", clock(), describe(first));

    int season = first.specification().output().base().seasonSteps();
    DemoLedger ledger =
        new DemoLedger(
            season > 0
                ? season
                : SeasonDetector.calendarSeason(first.specification().sampling().interval()),
            first.specification().sampling().interval().toMillis(),
            firstEndMs);
    try (Forecaster forecaster =
            new Forecaster(
                settings,
                new Deployment(
                    "eddy-demo", pass.state.toString(), 2, client, RollbackRules.DEFAULT));
        ForecastListener tap =
            new ForecastListener(client, settings.topics().forecasts(), ledger::received);
        EventPublisher feed =
            new EventPublisher(client, settings.events(), settings.topics().events())) {
      forecaster.start();
      DemoStream stream = new DemoStream(pass, forecaster, ledger, feed);
      int done = stream.feed(0, indexOf(pass.events, firstEndMs), 0);
      stream.awaitAnswers();
      console.printErr("%s  history is through: %,d forecasts", clock(), ledger.forecasts());
      ledger.startClock();

      CompletableFuture<Model> training =
          CompletableFuture.supplyAsync(
              () -> train(pass, secondEndMs, "lstm", TrainingListener.NONE, registry));
      int until = indexOf(pass.events, secondEndMs);
      console.printErr("%s  events flow on; version 2, an lstm, is trained beside them", clock());
      done = stream.feed(done, until, (until - done) / PACED_SECONDS);
      Model second = stream.awaitTraining(training);
      if (second != null) {
        registry.activate(MODEL, second.version(), secondEndMs, "second version");
        console.printErr(
            "%s  version 2, %s, takes over at event time %s",
            clock(), describe(second), Instant.ofEpochMilli(secondEndMs));
        int all = pass.events.size();
        stream.feed(done, all, (all - done) / PACED_SECONDS);
      }
      stream.awaitAnswers();
      if (!isOnce && !pass.stop.isRequested()) {
        goOn(pass, stream, first.specification().sampling().interval());
      }
      ledger.settle();
      report(ledger, second == null ? List.of(first) : List.of(first, second));
      return ledger.lost() == 0 && ledger.duplicates() == 0 ? 0 : ExitCode.FAILED;
    }
  }

  /** Live events until Ctrl-C; a CSV has no more, so its topic stays as it is. */
  private void goOn(Pass pass, DemoStream stream, Duration interval) {
    if (csv != null) {
      console.printErr(
          "%s  all events are through; the forecaster serves on, Ctrl-C ends", clock());
      while (!pass.stop.await(1000)) {
        stream.forecaster.requireAlive();
      }
      return;
    }
    console.printErr("%s  live events from here on, one step a second, Ctrl-C ends", clock());
    long step = Duration.ofDays(DAYS).toMillis() / interval.toMillis();
    while (!pass.stop.await((long) (1000 / LIVE_STEPS_PER_SECOND))) {
      SeriesCollector live = new SeriesCollector();
      pass.sensors.generate(step, ++step, live::add);
      stream.feed(EventPublisher.mergeByTime(live.toList()), 0);
      stream.show();
    }
    stream.awaitAnswers();
  }

  /** The feed and what comes of it. */
  private final class DemoStream {
    private final Pass pass;
    private final Forecaster forecaster;
    private final DemoLedger ledger;
    private final EventPublisher feed;

    DemoStream(Pass pass, Forecaster forecaster, DemoLedger ledger, EventPublisher feed) {
      this.pass = pass;
      this.forecaster = forecaster;
      this.ledger = ledger;
      this.feed = feed;
    }

    /** Feeds events {@code from} to {@code to}; returns {@code to}. */
    int feed(int from, int to, double perSecond) {
      feed(pass.events.subList(from, to), perSecond);
      return to;
    }

    void feed(List<Observation> events, double perSecond) {
      EventPacer pace = new EventPacer(perSecond, 0);
      try (ProgressBar progress = new ProgressBar(console.err(), "events")) {
        int done = 0;
        for (Observation event : events) {
          if (pass.stop.isRequested()) {
            break;
          }
          pace.await(event.timestampMs());
          ledger.sending(event);
          feed.send(
              event,
              (sentNs, metadata) ->
                  ledger.sentAt(
                      new SourcePosition(metadata.topic(), metadata.partition(), metadata.offset()),
                      sentNs));
          done++;
          progress.show(
              done, events.size(), String.format(Locale.ROOT, "%,d forecasts", ledger.forecasts()));
        }
      }
      feed.flush();
    }

    /** Waits until every event has its forecast, or none came for half a minute. */
    void awaitAnswers() {
      long seen = -1;
      long sinceNs = System.nanoTime();
      while (ledger.lost() > 0) {
        forecaster.requireAlive();
        if (ledger.forecasts() != seen) {
          seen = ledger.forecasts();
          sinceNs = System.nanoTime();
        } else if (System.nanoTime() - sinceNs > patienceNs()) {
          return;
        }
        LockSupport.parkNanos(LOOK_PERIOD_NS);
      }
    }

    private long patienceNs() {
      return (pass.stop.isRequested() ? STOP_PATIENCE : PATIENCE).toNanos();
    }

    /**
     * The trained model, or null where a stop is asked for; meanwhile the forecaster is watched.
     */
    @Nullable Model awaitTraining(CompletableFuture<Model> training) {
      while (!training.isDone()) {
        forecaster.requireAlive();
        if (pass.stop.await(50)) {
          return null;
        }
      }
      return training.join();
    }

    void show() {
      console.printErr(
          "%s  %,d events, %,d forecasts, median %.0f ms",
          clock(), ledger.sent(), ledger.forecasts(), ledger.latencyMs(0.5));
    }
  }

  /** Trains on the events before a time and publishes the version. */
  private static Model train(
      Pass pass, long endMs, String cell, TrainingListener progress, ModelRegistry registry) {
    SeriesCollector past = new SeriesCollector();
    pass.events.subList(0, indexOf(pass.events, endMs)).forEach(past::add);
    TrainingRequest request =
        new TrainingRequest(
            ModelPlan.DEFAULT.withCells(List.of(CellKind.of(cell))),
            new TrainingSettings(
                EPOCHS,
                EPOCHS,
                TrainingSettings.Optimiser.DEFAULT,
                TrainingSettings.Batches.DEFAULT,
                1),
            Runtime.getRuntime().availableProcessors());
    TrainedModel trained =
        new TrainingPipeline(request)
            .run(
                new Dataset(past.toList(), "demo up to " + Instant.ofEpochMilli(endMs)),
                untilStopped(progress, pass.stop));
    registry.publish(MODEL, trained.file());
    return trained.model();
  }

  /** A training that ends with {@link Stopped} when a stop is asked for. */
  private static TrainingListener untilStopped(TrainingListener progress, StopSignal stop) {
    return new TrainingListener() {
      @Override
      public void updated(long done, long total, double loss) {
        if (stop.isRequested()) {
          throw new Stopped();
        }
        progress.updated(done, total, loss);
      }

      @Override
      public void epochEnded(int epoch, double trainingLoss, double validationLoss) {
        progress.epochEnded(epoch, trainingLoss, validationLoss);
      }
    };
  }

  /** A training was given up because a stop was asked for. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static int indexOf(List<Observation> events, long timestampMs) {
    int index = 0;
    while (index < events.size() && events.get(index).timestampMs() < timestampMs) {
      index++;
    }
    return index;
  }

  private static List<SeriesData> generate(SensorGenerator sensors) {
    SeriesCollector collector = new SeriesCollector();
    sensors.generate(0, Duration.ofDays(DAYS).toMillis() / INTERVAL.toMillis(), collector::add);
    return collector.toList();
  }

  private void report(DemoLedger ledger, List<Model> models) {
    console.println("");
    console.println("  events in         %,12d", ledger.sent());
    console.println("  forecasts out     %,12d", ledger.forecasts());
    console.println("  lost              %,12d", ledger.lost());
    console.println("  duplicated        %,12d", ledger.duplicates());
    console.println(
        "  event to forecast %,9.0f ms median, %,.0f ms 99th percentile",
        ledger.latencyMs(0.5), ledger.latencyMs(0.99));
    console.println("");
    console.println("  version       cell  forecasts  mean absolute error  seasonal naive's");
    for (Map.Entry<ModelVersion, DemoLedger.Account> entry : ledger.versions().entrySet()) {
      DemoLedger.Account account = entry.getValue();
      String cell =
          models.stream()
              .filter(model -> model.version().equals(entry.getKey()))
              .map(model -> model.specification().network().cell().id())
              .findFirst()
              .orElse("");
      String errors =
          account.points() == 0
              ? "            not judged yet"
              : String.format(
                  Locale.ROOT,
                  "%19.4g  %16.4g  (%.0f %%)",
                  account.meanAbsoluteError(),
                  account.seasonalNaiveError(),
                  100 * account.meanAbsoluteError() / account.seasonalNaiveError());
      console.println(
          "  %s  %-4s  %,9d  %s", entry.getKey().shortSha(), cell, account.forecasts(), errors);
    }
    console.println("");
  }

  private static String describe(Model model) {
    return "a "
        + model.specification().network().cell().id()
        + " ("
        + model.version().shortSha()
        + ")";
  }

  private String clock() {
    return String.format(Locale.ROOT, "%5.1f s", (System.nanoTime() - beganNs) * 1e-9);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("eddy-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException("a temporary folder cannot be made", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
