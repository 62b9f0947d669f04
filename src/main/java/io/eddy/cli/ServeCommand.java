package io.eddy.cli;

import io.eddy.stream.BrokerException;
import io.eddy.stream.Forecaster;
import io.eddy.stream.ModelRegistry;
import io.eddy.stream.TopicAdmin;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
      "Waits for the first activation of its model, so it may be started before anything is trained."
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final long LOOK_PERIOD_MS = 1000;
  private static final long STOP_SECONDS = 25;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private Connection connection = new Connection();

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = connection.settings();
    Console console = Console.of(spec);
    checkTopics(settings);
    Thread hook = new Thread(this::stopAndWait, "serve-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return serve(settings, console);
    } finally {
      stopped.countDown();
      removeUnlessStopping(hook);
    }
  }

  private int serve(Settings settings, Console console) throws InterruptedException {
    if (!awaitActivation(settings, console)) {
      return 0;
    }
    try (Forecaster forecaster =
        new Forecaster(
            settings.stream(),
            new Forecaster.Deployment(
                settings.applicationId(),
                settings.stateDir(),
                settings.threads(),
                settings.client()))) {
      forecaster.start();
      console.note(
          "serving model %s: %s → %s",
          settings.stream().model(),
          settings.stream().topics().events(),
          settings.stream().topics().forecasts());
      while (!stopping.await(LOOK_PERIOD_MS / 5, TimeUnit.MILLISECONDS)) {
        if (forecaster.ended().isDone()) {
          forecaster.ended().get();
          throw new BrokerException("the forecaster ended by itself", new IllegalStateException());
        }
      }
    } catch (ExecutionException e) {
      throw new BrokerException("the forecaster failed: " + e.getCause(), e);
    }
    console.note("stopped");
    return 0;
  }

  private static void checkTopics(Settings settings) {
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      List<String> problems = admin.check(settings.stream().topics());
      if (!problems.isEmpty()) {
        throw new BrokerException(String.join("; ", problems), new IllegalStateException());
      }
    }
  }

  /** Waits until any version of the model is activated; false where it was told to stop. */
  private boolean awaitActivation(Settings settings, Console console) throws InterruptedException {
    ModelRegistry registry = new ModelRegistry(settings.client(), settings.stream().topics());
    String model = settings.stream().model();
    boolean isAnnounced = false;
    while (registry.activations(model).descending().isEmpty()) {
      if (!isAnnounced) {
        console.note("waiting for the first activation of model %s", model);
        isAnnounced = true;
      }
      if (stopping.await(LOOK_PERIOD_MS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** Runs when the process is told to end; a stop in good time is a success, exit code 0. */
  private void stopAndWait() {
    stopping.countDown();
    try {
      boolean isClean = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(isClean ? 0 : Main.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeUnlessStopping(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook decides the exit code.
    }
  }
}
