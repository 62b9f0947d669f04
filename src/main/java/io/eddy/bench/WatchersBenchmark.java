package io.eddy.bench;

import com.sun.management.OperatingSystemMXBean;
import io.eddy.embedded.EmbeddedBroker;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.model.ModelVersion;
import io.eddy.series.Observation;
import io.eddy.serving.ForecasterServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A forecaster with its HTTP server and a broker in this process, which processes events as fast as
 * it can, without a pause, while clients follow its streams and its metrics are scraped, or without
 * them.
 */
final class WatchersBenchmark implements AutoCloseable {
  private static final String MODEL = "bench";
  private static final int PARTITIONS = 4;
  private static final long STEP_MS = Duration.ofHours(1).toMillis();

  /** Events that are published and not processed, at most: the forecaster is never idle. */
  private static final int BACKLOG = 20_000;

  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long POLL_MS = 100;
  private static final int COMPILING_SCRAPES = 500;
  private static final Pattern SERVING =
      Pattern.compile("eddy-(http|forecast-feed)|HTTP-Dispatcher");
  private static final long SETTLE_MS = 2000;

  private final int series;
  private final EmbeddedBroker broker;
  private final ForecasterServer server;
  private final Forecaster forecaster;
  private final EventPublisher publisher;
  private final Thread load = new Thread(this::publish, "bench-load");
  private volatile long sent;
  private volatile boolean isPaused;
  private volatile boolean isClosed;

  /**
   * Measurements of one turn.
   *
   * @param cpuNsPerEvent CPU time of this process per event, with broker and publisher, without the
   *     threads of the clients and the just-in-time compiler
   * @param servingShare CPU time of the threads that answer requests, encode forecasts and write
   *     streams, relative to that of all others
   */
  record Turn(
      double eventsPerSecond, double cpuNsPerEvent, double servingShare, Received received) {}

  /**
   * Data that the clients received in a turn.
   *
   * @param bytes of the streams
   * @param scrapes answers of the metrics endpoint
   */
  record Received(long forecasts, long bytes, long scrapes) {
    static final Received NOTHING = new Received(0, 0, 0);

    Received since(Received before) {
      return new Received(
          forecasts - before.forecasts, bytes - before.bytes, scrapes - before.scrapes);
    }
  }

  /**
   * Starts the broker and the forecaster.
   *
   * @param folder for the state stores
   * @param file model file
   * @param series number of series
   */
  WatchersBenchmark(Path folder, byte[] file, int series) {
    this.series = series;
    broker = EmbeddedBroker.start();
    EddyConfig config =
        new SettingSources()
            .assignments(
                List.of(
                    "bootstrap.servers=" + broker.bootstrapServers(),
                    "application.id=bench-watchers",
                    "model=" + MODEL,
                    "state.dir=" + folder,
                    "http.listen=127.0.0.1:0",
                    "rollback.max-error-above-naive=off"))
            .load();
    try (TopicAdmin admin = new TopicAdmin(config.client())) {
      admin.create(config.stream().topics(), PARTITIONS);
    }
    ModelRegistry registry = new ModelRegistry(config.client(), config.stream().topics());
    registry.publisher().publish(MODEL, file);
    registry.rollout().activate(MODEL, ModelVersion.of(file), null, "bench");
    server = ForecasterServer.open(config);
    forecaster = new Forecaster(config.stream(), server.advertise(config.deployment()));
    server.serve(forecaster);
    forecaster.start();
    publisher =
        new EventPublisher(
            config.client(), config.stream().events(), config.stream().topics().events());
    load.setDaemon(true);
    load.start();
  }

  /** Publishes events as fast as they are processed. */
  private void publish() {
    for (long index = 0; !isClosed; index++) {
      while ((isPaused || index - forecaster.counters().events() > BACKLOG) && !isClosed) {
        LockSupport.parkNanos(PAUSE_NS);
      }
      long step = index / series;
      publisher.send(
          new Observation(
              "sensor-" + index % series,
              (1000 + step) * STEP_MS,
              20 + 5 * StrictMath.sin((index % series + step) / 4.0)));
      sent = index + 1;
    }
  }

  /** Waits until every series has a forecast. */
  void awaitForecasts() throws InterruptedException {
    while (sent < 2L * series) {
      await();
    }
    pause();
    isPaused = false;
  }

  /** Publishes no more events and waits until all are processed. */
  private void pause() throws InterruptedException {
    isPaused = true;
    await();
    while (forecaster.counters().events() < sent) {
      await();
    }
  }

  private void await() throws InterruptedException {
    forecaster.requireAlive();
    Thread.sleep(POLL_MS);
  }

  private URI uri(String path) {
    return URI.create(server.url().orElseThrow() + path);
  }

  /** Measures the processing without clients. */
  Turn runAlone(Duration length) throws InterruptedException {
    Thread.sleep(SETTLE_MS);
    Mark begin = mark(0);
    Thread.sleep(length.toMillis());
    Mark end = mark(0);
    return end.since(begin, Received.NOTHING);
  }

  /**
   * Measures the processing while clients follow a series each and the metrics are scraped each
   * second. No events are published while the clients connect; the turn begins when all of them
   * have received a forecast, the first scrape is over, and events flow again.
   */
  Turn runWatched(Duration length, int clients) throws IOException, InterruptedException {
    pause();
    try (StreamClients watching = new StreamClients(uri("/"), clients, series);
        ScrapeClient scraping = new ScrapeClient(uri("/metrics"))) {
      watching.awaitStart();
      scraping.awaitStart();
      isPaused = false;
      Thread.sleep(SETTLE_MS);
      Received before = received(watching, scraping);
      Mark begin = mark(watching.cpuNs() + scraping.cpuNs());
      Thread.sleep(length.toMillis());
      Mark end = mark(watching.cpuNs() + scraping.cpuNs());
      return end.since(begin, received(watching, scraping).since(before));
    } finally {
      isPaused = false;
    }
  }

  private static Received received(StreamClients watching, ScrapeClient scraping) {
    return new Received(watching.forecasts(), watching.bytes(), scraping.scrapes());
  }

  /** Scrapes in a row, until the code that renders the metrics is compiled. */
  void compileScrapes() throws IOException {
    for (int i = 0; i < COMPILING_SCRAPES; i++) {
      ScrapeClient.read(uri("/metrics"));
    }
  }

  /** The counts of this process at a time. */
  private record Mark(long timeNs, long cpuNs, long servingNs, long events) {
    Turn since(Mark begin, Received received) {
      double count = events - begin.events;
      double cpu = cpuNs - begin.cpuNs;
      double serving = servingNs - begin.servingNs;
      return new Turn(
          count * 1e9 / (timeNs - begin.timeNs), cpu / count, serving / (cpu - serving), received);
    }
  }

  private Mark mark(long clientsCpuNs) {
    forecaster.requireAlive();
    return new Mark(
        System.nanoTime(), cpuNs() - clientsCpuNs, servingNs(), forecaster.counters().events());
  }

  /** Returns the CPU time of the threads that serve requests and streams. */
  private static long servingNs() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && SERVING.matcher(thread.getThreadName()).lookingAt()) {
        sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }

  /**
   * Returns the CPU time of this process so far, without that of the just-in-time compiler. The JVM
   * reports the elapsed time of the compiler's threads, which is more on a busy machine.
   */
  private static long cpuNs() {
    long compilerMs = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        - TimeUnit.MILLISECONDS.toNanos(compilerMs);
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    load.join();
    publisher.close();
    server.stopping();
    forecaster.close();
    server.close();
    broker.close();
  }
}
