package io.eddy.demo;

import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.TrainingProgress;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.ThreadSettings;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.nn.CellKind;
import io.eddy.rollout.RollbackRules;
import io.eddy.series.Observation;
import io.eddy.serving.ForecasterServer;
import io.eddy.training.EvaluationSeason;
import io.eddy.training.TrainingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs the demo: trains version 1 on the first 60 % of the data's time and starts the stream,
 * trains version 2 with another cell on the first 80 % while events are published, and activates it
 * at that event time. Measures forecasts only on data that their version was not trained on.
 */
final class Demo {
  private static final String MODEL = "demo";
  private static final int PARTITIONS = 4;
  private static final int THREADS = 2;
  private static final double FIRST_SHARE = 0.6;
  private static final double SECOND_SHARE = 0.8;
  private static final CellKind FIRST_CELL = CellKind.GRU;
  private static final CellKind SECOND_CELL = CellKind.LSTM;

  /** Duration of the published part between two activations, in seconds. */
  private static final double PACED_SECONDS = 12;

  private static final Duration LIVE_STEP_PERIOD = Duration.ofSeconds(1);
  private static final int STEPS_PER_REPORT = 30;

  private final Console console;
  private final StopSignal stop;
  private final DemoData data;
  private final Options options;
  private final long startNs = System.nanoTime();

  private Demo(Console console, StopSignal stop, DemoData data, Options options) {
    this.console = console;
    this.stop = stop;
    this.data = data;
    this.options = options;
  }

  /**
   * Options of the demo.
   *
   * @param isOnce whether to end after one pass over the data, without a page
   * @param port of the page, if it is free
   */
  record Options(boolean isOnce, int port) {}

  /**
   * Runs the demo with a broker of its own.
   *
   * @return the exit code
   */
  static int run(Console console, DemoData data, Options options) {
    console.printErr("%s", data);
    try (StopSignal stop = new StopSignal();
        TemporaryFolder state = TemporaryFolder.create("eddy-demo-");
        EmbeddedBroker broker = EmbeddedBroker.start()) {
      return new Demo(console, stop, data, options).run(broker, state.path());
    } catch (DemoTraining.StoppedException e) {
      return ExitCode.OK;
    }
  }

  private int run(EmbeddedBroker broker, Path stateFolder) {
    EddyConfig config = config(broker, stateFolder);
    try (TopicAdmin admin = new TopicAdmin(config.client())) {
      admin.create(config.stream().topics(), PARTITIONS);
    }
    print("Kafka broker started at %s", broker.bootstrapServers());
    try (ForecasterServer server = openServer(config)) {
      server.url().ifPresent(url -> print("page: %s/", url));
      server.waitForActivation(MODEL);
      return run(config, server);
    }
  }

  private ForecasterServer openServer(EddyConfig config) {
    return options.isOnce()
        ? ForecasterServer.open(config)
        : DemoServer.open(config, options.port());
  }

  /** Returns the settings of the forecaster, without an HTTP server. */
  private static EddyConfig config(EmbeddedBroker broker, Path stateFolder) {
    return new EddyConfig(
        new StreamSettings(
            MODEL,
            EventMapping.defaults(EventFormat.JSON, List.of()),
            TopicNames.DEFAULT,
            StreamPolicies.DEFAULT,
            OutputFormat.DEFAULT),
        new Deployment(
            "eddy-demo",
            stateFolder.toString(),
            ThreadSettings.of(THREADS),
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            RollbackRules.DEFAULT,
            RocksDbSettings.DEFAULT),
        HttpSettings.OFF);
  }

  private int run(EddyConfig config, ForecasterServer server) {
    ModelRegistry registry = new ModelRegistry(config.client(), config.stream().topics());
    DemoTraining training = new DemoTraining(MODEL, registry, stop);
    Model first = trainFirst(training);
    registry.rollout().activate(MODEL, first.version(), null, "first version");
    print("version 1, %s, is trained and activated", describe(first));

    ForecastLedger ledger =
        new ForecastLedger(
            EvaluationSeason.of(first.specification()),
            first.specification().sampling().interval().fixedMs(),
            data.timeAtMs(FIRST_SHARE));
    try (DemoStream stream =
        new DemoStream(config, server, ledger, new DemoStream.Terminal(console, stop))) {
      stream.start();
      Model second = runStream(stream, ledger, training, registry);
      server.stopping();
      DemoReport.print(console, ledger, second == null ? List.of(first) : List.of(first, second));
    }
    return ledger.missing() == 0 && ledger.duplicates() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private Model trainFirst(DemoTraining training) {
    try (ProgressBar progress = new ProgressBar(console.err(), "training version 1")) {
      return training.train(
          data.before(data.timeAtMs(FIRST_SHARE)), FIRST_CELL, new TrainingProgress(progress));
    }
  }

  /** Publishes all events; returns version 2, or null if a stop is requested before it exists. */
  private @Nullable Model runStream(
      DemoStream stream, ForecastLedger ledger, DemoTraining training, ModelRegistry registry) {
    long secondEndMs = data.timeAtMs(SECOND_SHARE);
    List<Observation> events = data.events();
    int firstEnd = data.indexOf(data.timeAtMs(FIRST_SHARE));
    int secondEnd = data.indexOf(secondEndMs);
    stream.publish(events.subList(0, firstEnd), 0);
    stream.awaitForecasts();
    print("history published: %,d forecasts", ledger.forecasts());
    ledger.measureLatency();

    CompletableFuture<Model> trained =
        CompletableFuture.supplyAsync(
            () -> training.train(data.before(secondEndMs), SECOND_CELL, TrainingListener.NONE));
    print("publishing further events while version 2, %s, is trained", SECOND_CELL.id());
    publishPaced(stream, events.subList(firstEnd, secondEnd));
    Model second = stream.await(trained);
    if (second != null) {
      registry.rollout().activate(MODEL, second.version(), secondEndMs, "second version");
      print(
          "version 2, %s, is activated from event time %s",
          describe(second), Instant.ofEpochMilli(secondEndMs));
      publishPaced(stream, events.subList(secondEnd, events.size()));
    }
    stream.awaitForecasts();
    if (!options.isOnce() && !stop.isRequested()) {
      runLive(stream, ledger);
    }
    ledger.complete();
    return second;
  }

  private static void publishPaced(DemoStream stream, List<Observation> events) {
    stream.publish(events, events.size() / PACED_SECONDS);
  }

  /** Publishes live events until a stop is requested; a CSV file has none. */
  private void runLive(DemoStream stream, ForecastLedger ledger) {
    if (!data.isEndless()) {
      print("all events are published; the forecaster keeps running, press Ctrl-C to end");
      stream.awaitStop(LIVE_STEP_PERIOD);
      return;
    }
    print("publishing live events, one step per second, press Ctrl-C to end");
    for (int step = 1; !stop.await(LIVE_STEP_PERIOD.toMillis()); step++) {
      stream.publish(data.nextEvents(), 0);
      if (step % STEPS_PER_REPORT == 0) {
        print(
            "%,d events, %,d forecasts, latency median %.0f ms",
            ledger.events(), ledger.forecasts(), ledger.latencyMs(0.5));
      }
    }
    stream.awaitForecasts();
  }

  private static String describe(Model model) {
    return "%s (%s)"
        .formatted(model.specification().network().cell().id(), model.version().shortSha());
  }

  /** Prints a line with the time since the start. */
  private void print(String format, Object... arguments) {
    console.printErr(
        "%s  %s",
        String.format(Locale.ROOT, "%5.1f s", (System.nanoTime() - startNs) * 1e-9),
        String.format(Locale.ROOT, format, arguments));
  }
}
