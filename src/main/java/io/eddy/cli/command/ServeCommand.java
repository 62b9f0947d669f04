package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.ScoreCodec;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicProblem;
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
      "Runs the forecaster until it is told to stop (SIGTERM or Ctrl-C).",
      "Waits for the first activation of its model, so it may be started before anything is"
          + " trained."
    },
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
  private static final long LOOK_PERIOD_MS = 1000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    // Before the first logger: whoever runs a forecaster wants to see what it does.
    System.setProperty("eddy.log.default", "INFO");
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    if (!settings.isExactlyOnce()) {
      console.printErr(
          "warning: with kafka.processing.guarantee=at_least_once, forecasts and scores may be"
              + " repeated or missing after a crash");
    }
    try (StopSignal stop = new StopSignal()) {
      checkTopics(settings);
      prepareOutput(settings.stream());
      if (awaitActivation(settings, console, stop) && !stop.isRequested()) {
        serve(settings, console, stop);
      }
      console.printErr("stopped");
    }
    return 0;
  }

  private static void serve(EddyConfig settings, Console console, StopSignal stop) {
    try (Forecaster forecaster = new Forecaster(settings.stream(), settings.deployment())) {
      forecaster.start();
      console.printErr(
          "serving model %s: %s → %s",
          settings.stream().model(),
          settings.stream().topics().events(),
          settings.stream().topics().forecasts());
      while (!stop.await(LOOK_PERIOD_MS / 5)) {
        forecaster.requireAlive();
      }
    }
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
  }

  /** A registry that is away, or lacks a schema, is told of before anything is read. */
  private static void prepareOutput(StreamSettings stream) {
    new ForecastCodec(stream.output(), stream.topics().forecasts()).prepare();
    new ScoreCodec(stream.output(), stream.topics().scores()).prepare();
  }

  /** Waits until any version of the model is activated; false where it was told to stop. */
  private static boolean awaitActivation(EddyConfig settings, Console console, StopSignal stop) {
    ModelRegistry registry = new ModelRegistry(settings.client(), settings.stream().topics());
    String model = settings.stream().model();
    boolean isAnnounced = false;
    while (registry.activations(model).descending().isEmpty()) {
      if (!isAnnounced) {
        console.printErr("waiting for the first activation of model %s", model);
        isAnnounced = true;
      }
      if (stop.await(LOOK_PERIOD_MS)) {
        return false;
      }
    }
    return true;
  }
}
