package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.AlertCodec;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.reset.LocalState;
import io.eddy.kafka.reset.StateTopics;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicProblem;
import io.eddy.serving.ForecasterServer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code eddy serve}. */
@Command(
    name = "serve",
    description = {
      "Runs the forecaster until SIGTERM or Ctrl-C.",
      "It waits for the first activation of its model, so it may be started before a model exists."
    },
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
  private static final long ACTIVATION_POLL_PERIOD_MS = 1000;
  private static final long CHECK_PERIOD_MS = 200;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    // Must be set before the first logger is created.
    System.setProperty("eddy.log.default", "INFO");
    Console console = Console.of(spec);
    try (StopSignal stop = new StopSignal(message -> console.printErr("%s", message))) {
      try {
        run(connection.settings(), console, stop);
      } catch (RuntimeException | LinkageError e) {
        // Libraries that are loaded while the process ends fail to add their shutdown hooks.
        if (!stop.isRequested() || stop.hasFailed()) {
          throw e;
        }
      }
      console.printErr(stop.hasFailed() ? "stopped, but not all threads ended" : "stopped");
      return stop.hasFailed() ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  private static void run(EddyConfig settings, Console console, StopSignal stop) {
    if (!settings.isExactlyOnce()) {
      console.printErr(
          "warning: with kafka.processing.guarantee=at_least_once, forecasts and scores may be"
              + " repeated or missing after a crash");
    }
    new LocalState(settings.deployment()).requireUsable();
    try (ForecasterServer server = ForecasterServer.open(settings)) {
      server.url().ifPresent(url -> console.printErr("HTTP server: %s", url));
      BrokerWait broker = new BrokerWait(settings.client(), console, stop, server::waitForBroker);
      boolean hasLostBroker = true;
      while (hasLostBroker
          && !stop.hasFailed()
          && isPrepared(settings, server, console, broker, stop)) {
        hasLostBroker = serve(settings, server, console, stop);
      }
    }
  }

  /** Waits for a broker and a version; returns false if a stop was requested first. */
  private static boolean isPrepared(
      EddyConfig settings,
      ForecasterServer server,
      Console console,
      BrokerWait broker,
      StopSignal stop) {
    stop.abandonable(
        () -> {
          if (broker.run(() -> prepare(settings))) {
            server.waitForActivation(settings.stream().model());
            var unused = broker.run(() -> awaitActivation(settings, console, stop));
          }
        });
    return !stop.isRequested();
  }

  private static void prepare(EddyConfig settings) {
    new AccessCheck(settings.stream().topics(), settings.deployment(), AccessRole.SERVE).require();
    checkTopics(settings);
    prepareOutput(settings.stream());
  }

  /**
   * Serves until a stop is requested.
   *
   * @return true if the forecaster lost its broker in a way that needs a new forecaster
   */
  private static boolean serve(
      EddyConfig settings, ForecasterServer server, Console console, StopSignal stop) {
    Forecaster forecaster =
        new Forecaster(settings.stream(), server.advertise(settings.deployment()));
    try (forecaster) {
      server.serve(forecaster);
      forecaster.start();
      console.printErr(
          "serving model %s: %s → %s",
          settings.stream().model(),
          settings.stream().topics().events(),
          settings.stream().topics().forecasts());
      while (!stop.await(CHECK_PERIOD_MS)) {
        if (forecaster.hasLostBroker()) {
          console.printErr("no broker answered while the forecaster started; it starts again");
          server.waitForBroker("the forecaster starts again");
          return true;
        }
        forecaster.requireAlive();
      }
      server.stopping();
    } finally {
      if (!forecaster.hasStopped()) {
        stop.fail();
      }
    }
    return false;
  }

  private static void checkTopics(EddyConfig settings) {
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<TopicProblem> problems = admin.check(settings.stream().topics());
      if (!problems.isEmpty()) {
        throw new BrokerException(
            problems.stream().map(TopicProblem::toString).collect(Collectors.joining("; ")),
            new IllegalStateException());
      }
    }
    try (BrokerAdmin admin = new BrokerAdmin(settings.client())) {
      new StateTopics(settings, admin).require();
    }
  }

  /** Checks that the schema registry, if any, is available and has the output schemas. */
  private static void prepareOutput(StreamSettings stream) {
    new ForecastCodec(stream.output(), stream.topics().forecasts()).prepare();
    new ScoreCodec(stream.output(), stream.topics().scores()).prepare();
    String alerts = stream.topics().alerts();
    if (alerts != null) {
      new AlertCodec(stream.output(), alerts).prepare();
    }
  }

  /** Waits until a version of the model is activated or a stop is requested. */
  private static void awaitActivation(EddyConfig settings, Console console, StopSignal stop) {
    ModelRegistry registry = new ModelRegistry(settings.client(), settings.stream().topics());
    String model = settings.stream().model();
    boolean isAnnounced = false;
    while (registry.activations().read(model).descending().isEmpty()) {
      if (!isAnnounced) {
        console.printErr("waiting for the first activation of model %s", model);
        isAnnounced = true;
      }
      if (stop.await(ACTIVATION_POLL_PERIOD_MS)) {
        return;
      }
    }
  }
}
