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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A forecaster with its HTTP server and a broker in this process, which processes events as fast as
 * it can while clients follow its streams and its metrics are scraped, or without them.
 */
final class WatchersBenchmark implements AutoCloseable {
  private static final String MODEL = "bench";
  private static final int PARTITIONS = 4;
  private static final long STEP_MS = Duration.ofHours(1).toMillis();
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);

  private final int series;
  private final EmbeddedBroker broker;
  private final ForecasterServer server;
  private final Forecaster forecaster;
  private final EventPublisher publisher;
  private final HttpClient http = HttpClient.newHttpClient();
  private long sent;

  /**
   * Measurements of one run over the events.
   *
   * @param cpuNsPerEvent CPU time of this process per event, with broker, publisher and clients
   * @param forecasts that the clients received
   * @param bytes that the clients received
   * @param scrapes number of answers of the metrics endpoint
   */
  record Turn(
      double eventsPerSecond, double cpuNsPerEvent, long forecasts, long bytes, long scrapes) {}

  private record Speed(double eventsPerSecond, double cpuNsPerEvent) {}

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
  }

  private URI uri(String path) {
    return URI.create(server.url().orElseThrow() + path);
  }

  /** Processes events without clients. */
  Turn runAlone(int events) {
    Speed speed = process(events);
    return new Turn(speed.eventsPerSecond(), speed.cpuNsPerEvent(), 0, 0, 0);
  }

  /**
   * Processes events while clients follow a series each and the metrics are scraped each second.
   */
  Turn runWatched(int events, int clients) throws IOException, InterruptedException {
    LongAdder scrapes = new LongAdder();
    ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
    try (StreamClients watching = new StreamClients(uri("/"), clients, series)) {
      watching.awaitStart();
      var unused = scraper.scheduleAtFixedRate(() -> scrape(scrapes), 0, 1, TimeUnit.SECONDS);
      long forecasts = watching.forecasts();
      long bytes = watching.bytes();
      Speed speed = process(events);
      return new Turn(
          speed.eventsPerSecond(),
          speed.cpuNsPerEvent(),
          watching.forecasts() - forecasts,
          watching.bytes() - bytes,
          scrapes.sum());
    } finally {
      scraper.shutdownNow();
    }
  }

  private void scrape(LongAdder scrapes) {
    try {
      HttpResponse<byte[]> response =
          http.send(
              HttpRequest.newBuilder(uri("/metrics")).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200 && response.body().length > 0) {
        scrapes.increment();
      }
    } catch (IOException e) {
      // Counted as missing.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Publishes events and measures how fast they are processed. */
  private Speed process(int events) {
    long before = forecaster.counters().events();
    long begin = System.nanoTime();
    long beginCpuNs = cpuNs();
    for (int i = 0; i < events; i++, sent++) {
      long step = sent / series;
      publisher.send(
          new Observation(
              "sensor-" + sent % series,
              (1000 + step) * STEP_MS,
              20 + 5 * StrictMath.sin((sent % series + step) / 4.0)));
    }
    publisher.flush();
    long target = before + events;
    long known = before;
    long changedNs = System.nanoTime();
    while (known < target) {
      forecaster.requireAlive();
      LockSupport.parkNanos(POLL_NS);
      long now = forecaster.counters().events();
      if (now != known) {
        known = now;
        changedNs = System.nanoTime();
      } else if (System.nanoTime() - changedNs > STALL_NS) {
        throw new IllegalStateException(
            "%d of %d events were processed".formatted(known - before, events));
      }
    }
    return new Speed(
        events * 1e9 / (System.nanoTime() - begin), (cpuNs() - beginCpuNs) / (double) events);
  }

  /** Returns the CPU time of this process so far. */
  private static long cpuNs() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  @Override
  public void close() {
    publisher.close();
    server.stopping();
    forecaster.close();
    server.close();
    broker.close();
  }
}
