package io.eddy.bench.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.bench.campaign.CampaignResult.Recovery;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a campaign: starts all processes, carries out the schedule, and compares the outcome. */
final class Campaign implements AutoCloseable {
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final String APPLICATION = "campaign";
  private static final String STATE = "state.txt";
  private static final long POLL_MS = 500;
  private static final long START_SECONDS = 600;
  private static final int WARM_UP_SECONDS = 5;
  private static final long MIN_STATE_MIB = 192;
  private static final long STATE_KIB_PER_SERIES = 16;

  /** The files of these file systems are sparse. */
  private static final long BROKER_MIB = 4096;

  private static final long AFTER_NS = TimeUnit.SECONDS.toNanos(5);

  private final CampaignSettings settings;
  private final Path folder;
  private final Consumer<String> progress;
  private final Network network = new Network();
  private final TestDisks disks = new TestDisks();
  private final List<ManagedProcess> processes = new CopyOnWriteArrayList<>();
  private final Ledger ledger;
  private final KafkaCluster cluster;
  private final ServeInstances instances;
  private final boolean hasDisks;
  private final @Nullable RegistryProcess registry;
  private final AvroEvents avro = new AvroEvents();
  private @Nullable EventLoad load;

  /**
   * Prepares a campaign.
   *
   * @param folder of data, states, settings and logs
   * @param kinds of faults that may occur
   * @param progress receives a line for each fault
   */
  Campaign(CampaignSettings settings, Path folder, Set<FaultKind> kinds, Consumer<String> progress)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.folder = folder;
    this.progress = progress;
    ledger = new Ledger(settings.partitions());
    hasDisks = kinds.stream().anyMatch(FaultKind::needsDisk) && mountDisks();
    registry = kinds.contains(FaultKind.REGISTRY_AWAY) ? new RegistryProcess(folder) : null;
    cluster =
        new KafkaCluster(folder, settings.brokers(), network, new SocketOwners(this::processIds));
    instances = new ServeInstances(folder, states(), instanceSettings());
    processes.addAll(cluster.brokers());
    processes.addAll(instances.processes());
  }

  private List<Path> states() throws IOException {
    List<Path> states = new ArrayList<>();
    for (int i = 1; i <= settings.instances(); i++) {
      states.add(Files.createDirectories(folder.resolve(Schedule.instance(i) + "-state")));
    }
    return states;
  }

  /** Gives each broker and each state a file system of its own; returns whether it is permitted. */
  private boolean mountDisks() throws IOException, InterruptedException {
    long stateMiB = MIN_STATE_MIB + settings.series() * STATE_KIB_PER_SERIES / 1024;
    for (Path state : states()) {
      if (!disks.mount(state, stateMiB)) {
        return false;
      }
    }
    for (int i = 1; i <= settings.brokers(); i++) {
      if (!disks.mount(Files.createDirectories(folder.resolve(Schedule.broker(i))), BROKER_MIB)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the file systems of brokers and states can be filled and slowed down. */
  boolean hasDisks() {
    return hasDisks;
  }

  private Map<String, String> instanceSettings() {
    Map<String, String> values = new HashMap<>();
    values.put("bootstrap.servers", cluster.bootstrapServers());
    values.put("application.id", APPLICATION);
    values.put("model", VersionStorm.MODEL);
    values.put("threads", "1");
    values.put("http.listen", "127.0.0.1:0");
    // Random weights are worse than seasonal naive.
    values.put("rollback.max-error-above-naive", "off");
    if (settings.latePercent() > 0) {
      values.put("events.late-policy", "revise");
    }
    if (registry != null) {
      values.put("events.format", "avro");
      values.put("schema.registry.url", registry.url());
      values.put("forecasts.format", "json");
    }
    if (settings.isAtLeastOnce()) {
      values.put("kafka.processing.guarantee", CampaignSettings.AT_LEAST_ONCE);
      // A kill rarely falls between the forecasts and the commit if commits are frequent.
      values.put("kafka.commit.interval.ms", "5000");
    }
    return values;
  }

  private Map<String, Long> processIds() {
    Map<String, Long> ids = new HashMap<>();
    for (ManagedProcess process : processes) {
      ids.put(process.name(), process.pid());
    }
    return ids;
  }

  /** Runs the campaign. */
  CampaignResult run(Schedule schedule)
      throws IOException, InterruptedException, ExecutionException {
    cluster.start();
    if (registry != null) {
      registry.process().start();
    }
    VersionStorm versions = createTopics();
    try (ForecastWatcher watcher =
        new ForecastWatcher(cluster.client(), TOPICS.forecasts(), settings.partitions(), ledger)) {
      EventLoad running = startLoad(watcher);
      long begin = System.nanoTime();
      List<FaultRecord> faults =
          carryOut(
              schedule,
              new FaultInjector(
                  new FaultInjector.Parts(
                      cluster,
                      instances,
                      network,
                      registry,
                      avro,
                      versions,
                      new RepeatedForecast(
                          cluster.client(), TOPICS.forecasts(), settings.partitions())),
                  settings.otherBuild()),
              begin);
      sleepUntil(begin + settings.duration().toNanos());
      progress.accept("all faults are healed; waiting until all events are processed");
      running.stop();
      boolean isProcessed = awaitForecasts(watcher);
      if (!isProcessed) {
        writeState();
      }
      instances.stop();
      var unused = await(watcher::isAtEnd, settings.patience().toSeconds());
      readEvents();
      return new CampaignResult(
          running.sent(),
          ledger.revising(),
          isProcessed ? 0 : ledger.pending(),
          ledger.balance(),
          verify(),
          recoveries(faults),
          instances.incidents(),
          ledger.longestWaitNs(begin, Long.MAX_VALUE / 2 + begin));
    }
  }

  private VersionStorm createTopics() throws InterruptedException {
    progress.accept("starting %d brokers".formatted(settings.brokers()));
    if (!await(this::hasAllBrokers, START_SECONDS)) {
      throw new IllegalStateException("the brokers did not start; see their logs in " + folder);
    }
    try (TopicAdmin admin = new TopicAdmin(cluster.client())) {
      admin.create(TOPICS, settings.partitions());
    }
    VersionStorm versions = new VersionStorm(new ModelRegistry(cluster.client(), TOPICS));
    versions.activateOne(1);
    return versions;
  }

  private boolean hasAllBrokers() {
    try {
      return cluster.admin().describeCluster().nodes().get(5, TimeUnit.SECONDS).size()
          == settings.brokers();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Starts instances and load, and waits for the first forecasts. */
  private EventLoad startLoad(ForecastWatcher watcher) throws IOException, InterruptedException {
    progress.accept("starting %d instances".formatted(settings.instances()));
    instances.start();
    watcher.start();
    EventLoad created =
        new EventLoad(
            cluster.client(), TOPICS.events(), ledger, settings, registry == null ? null : avro);
    load = created;
    created.start();
    int backlog = WARM_UP_SECONDS * settings.eventsPerSecond();
    if (!await(() -> created.sent() > 2L * backlog && ledger.pending() < backlog, START_SECONDS)) {
      throw new IllegalStateException(
          "the instances did not keep up with the events within %d s; see the logs in %s"
              .formatted(START_SECONDS, folder));
    }
    return created;
  }

  /** Carries out the faults at their times, each in a thread of its own. */
  private List<FaultRecord> carryOut(Schedule schedule, FaultInjector injector, long begin)
      throws InterruptedException {
    List<FaultRecord> records = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    for (Fault fault : schedule.faults()) {
      sleepUntil(begin + TimeUnit.MILLISECONDS.toNanos(fault.atMs()));
      threads.execute(
          () -> {
            FaultRecord done = carryOut(fault, injector);
            synchronized (records) {
              records.add(done);
            }
          });
    }
    threads.shutdown();
    if (!threads.awaitTermination(settings.patience().toSeconds(), TimeUnit.SECONDS)) {
      instances.report("campaign", "a fault was not healed within " + settings.patience());
      List<Runnable> unused = threads.shutdownNow();
    }
    synchronized (records) {
      return List.copyOf(records);
    }
  }

  private FaultRecord carryOut(Fault fault, FaultInjector injector) {
    progress.accept("%.1f s: %s".formatted(fault.atMs() / 1e3, fault.describe()));
    long begin = System.nanoTime();
    String detail;
    try {
      detail = injector.carryOut(fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      detail = "interrupted";
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      detail = "not carried out: " + e;
    }
    if (!detail.isEmpty()) {
      progress.accept(
          "  healed: %s of %s: %s".formatted(fault.kind().id(), fault.target(), detail));
    }
    return new FaultRecord(fault, begin, System.nanoTime(), detail);
  }

  private static void sleepUntil(long timeNs) throws InterruptedException {
    long wait = timeNs - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  private static boolean await(BooleanSupplier condition, long seconds)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /** Waits for the forecasts of all events, as long as some arrive within the patience. */
  private boolean awaitForecasts(ForecastWatcher watcher) throws InterruptedException {
    Stall stall = new Stall(settings.patience());
    long pending;
    while ((pending = ledger.pending()) > 0 || !watcher.isAtEnd()) {
      if (stall.record(pending, System.nanoTime())) {
        return pending == 0;
      }
      Thread.sleep(POLL_MS);
    }
    return true;
  }

  /** Writes and prints the state of all processes and of the cluster. */
  private void writeState() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (ManagedProcess process : processes) {
      lines.addAll(ProcessState.describe(process));
    }
    lines.addAll(new ClusterState(cluster.admin(), APPLICATION, TOPICS.events()).describe());
    lines.addAll(ledger.pendingByPartition());
    Files.write(folder.resolve(STATE), lines);
    progress.accept(
        "events have no forecast, and none has arrived for %d s; %s has this state, the logs have"
                .formatted(settings.patience().toSeconds(), folder.resolve(STATE))
            + " the stacks of all threads:");
    lines.forEach(progress);
  }

  private void readEvents() {
    var unused =
        new TopicReader(cluster.client())
            .read(
                TOPICS.events(),
                record ->
                    ledger.event(
                        record.partition(),
                        record.offset(),
                        EventLoad.hash(record.key(), record.value())));
  }

  /** Runs {@code eddy verify} and returns its report; null if it printed none. */
  private @Nullable JsonNode verify() throws IOException, InterruptedException {
    progress.accept("running eddy verify");
    Path config = instances.all().get(0).config();
    Path log = folder.resolve("verify.log");
    Process process =
        ManagedProcess.builder(
                List.of(
                    "-Xmx512m",
                    "io.eddy.cli.Main",
                    "verify",
                    "--json",
                    "--config",
                    config.toString()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int unused = process.waitFor();
    Files.writeString(folder.resolve("verify.json"), output);
    return output.isBlank() ? null : new ObjectMapper().readTree(output);
  }

  private List<Recovery> recoveries(List<FaultRecord> faults) {
    return faults.stream()
        .map(
            fault ->
                new Recovery(
                    fault, ledger.longestWaitNs(fault.beginNs(), fault.endNs() + AFTER_NS)))
        .toList();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    network.close();
    if (load != null) {
      load.abort();
    }
    instances.close();
    cluster.close();
    if (registry != null) {
      registry.close();
    }
    disks.close();
  }
}
