package io.eddy.bench.campaign;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * {@code eddy serve} in several processes. A supervisor starts an instance again that has ended by
 * itself, as systemd or Kubernetes do. If an instance ends repeatedly, the supervisor deletes its
 * local state with {@code eddy reset --local}, as an operator would.
 */
final class ServeInstances implements AutoCloseable {
  /** Ends in a row, each soon after the start, after which the local state is deleted. */
  private static final int MAX_QUICK_ENDS = 3;

  private static final long QUICK_NS = TimeUnit.SECONDS.toNanos(40);
  private static final long CHECK_MS = 1000;

  private final List<Instance> instances = new ArrayList<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "campaign-supervisor");
            thread.setDaemon(true);
            return thread;
          });

  /** Something that an instance did by itself. */
  record Incident(String instance, String description) {}

  /** An instance with its settings and its state folder. */
  static final class Instance {
    private final ManagedProcess process;
    private final Path config;
    private final Path state;
    private long startedNs = System.nanoTime();
    private int quickEnds;

    Instance(ManagedProcess process, Path config, Path state) {
      this.process = process;
      this.config = config;
      this.state = state;
    }

    ManagedProcess process() {
      return process;
    }

    Path config() {
      return config;
    }

    Path state() {
      return state;
    }
  }

  /**
   * Prepares instances.
   *
   * @param folder of settings and logs
   * @param states the state folder of each instance
   * @param settings of all instances
   */
  ServeInstances(Path folder, List<Path> states, Map<String, String> settings) throws IOException {
    for (int i = 0; i < states.size(); i++) {
      String name = Schedule.instance(1 + i);
      Path config = folder.resolve(name + ".properties");
      Properties properties = new Properties();
      properties.putAll(settings);
      properties.setProperty("state.dir", states.get(i).toString());
      try (Writer writer = Files.newBufferedWriter(config)) {
        properties.store(writer, null);
      }
      // Compiled quickly and without vectors, unlike verify: both must give the same bits.
      List<String> arguments =
          List.of(
              "-Xmx256m",
              "-XX:TieredStopAtLevel=1",
              "-Deddy.vectors=off",
              "io.eddy.cli.Main",
              "serve",
              "--config",
              config.toString());
      instances.add(
          new Instance(
              new ManagedProcess(name, arguments, folder.resolve(name + ".log")),
              config,
              states.get(i)));
    }
  }

  void start() throws IOException {
    for (Instance instance : instances) {
      instance.process().start();
    }
    var unused =
        supervisor.scheduleWithFixedDelay(
            this::supervise, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
  }

  List<Instance> all() {
    return instances;
  }

  List<ManagedProcess> processes() {
    return instances.stream().map(Instance::process).toList();
  }

  /** Returns the instance of a name. */
  Instance of(String name) {
    return instances.stream()
        .filter(instance -> instance.process().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown instance " + name));
  }

  List<Incident> incidents() {
    synchronized (incidents) {
      return List.copyOf(incidents);
    }
  }

  void report(String instance, String description) {
    synchronized (incidents) {
      incidents.add(new Incident(instance, description));
    }
  }

  private void supervise() {
    for (Instance instance : instances) {
      try {
        if (instance.process().hasEnded()) {
          startAgain(instance);
        }
      } catch (IOException e) {
        report(instance.process().name(), "cannot be started: " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void startAgain(Instance instance) throws IOException, InterruptedException {
    String name = instance.process().name();
    report(
        name,
        "ended with exit code %d: %s"
            .formatted(instance.process().exitCode(), lastError(instance.process().log())));
    boolean isQuick = System.nanoTime() - instance.startedNs < QUICK_NS;
    instance.quickEnds = isQuick ? instance.quickEnds + 1 : 1;
    if (instance.quickEnds >= MAX_QUICK_ENDS) {
      report(name, "local state deleted by `eddy reset --local`");
      instance.quickEnds = 0;
      int unused =
          ManagedProcess.builder(
                  List.of(
                      "-Xmx128m",
                      "io.eddy.cli.Main",
                      "reset",
                      "--local",
                      "--yes",
                      "--config",
                      instance.config().toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(instance.process().log().toFile()))
              .start()
              .waitFor();
    }
    instance.startedNs = System.nanoTime();
    instance.process().start();
  }

  /** Returns the last line of a log that the command wrote as an error. */
  private static String lastError(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith("eddy: ") || lines.get(i).startsWith("ERROR")) {
        return lines.get(i);
      }
    }
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  /** Stops all instances with SIGTERM. */
  void stop() throws InterruptedException {
    supervisor.shutdown();
    processes().forEach(ManagedProcess::requestEnd);
    for (Instance instance : instances) {
      OptionalInt code = instance.process().terminate();
      if (code.isEmpty() || code.getAsInt() != 0) {
        report(
            instance.process().name(),
            "final stop: " + (code.isEmpty() ? "not within 40 s" : "exit code " + code.getAsInt()));
      }
    }
  }

  @Override
  public void close() {
    supervisor.shutdownNow();
    processes().forEach(ManagedProcess::close);
  }
}
