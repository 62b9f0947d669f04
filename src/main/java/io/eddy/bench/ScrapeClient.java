package io.eddy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Reads the metrics of a server every second, as Prometheus does, on a thread of its own. */
final class ScrapeClient implements AutoCloseable {
  private static final long START_TIMEOUT_S = 60;

  private final URI metrics;
  private final AtomicLong scrapes = new AtomicLong();
  private final CountDownLatch started = new CountDownLatch(1);
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private volatile long threadId;

  ScrapeClient(URI metrics) {
    this.metrics = metrics;
    var unused = scheduler.scheduleAtFixedRate(this::scrape, 0, 1, TimeUnit.SECONDS);
  }

  private void scrape() {
    threadId = Thread.currentThread().getId();
    try {
      read(metrics);
      scrapes.incrementAndGet();
      started.countDown();
    } catch (IOException e) {
      // Counted as missing.
    }
  }

  /** Reads the metrics once. */
  static void read(URI metrics) throws IOException {
    try (InputStream body = metrics.toURL().openStream()) {
      var unused = body.readAllBytes();
    }
  }

  /** Waits for the first answer. */
  void awaitStart() throws InterruptedException {
    if (!started.await(START_TIMEOUT_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "the metrics were not read within %d s".formatted(START_TIMEOUT_S));
    }
  }

  long scrapes() {
    return scrapes.get();
  }

  /** Returns the CPU time of the client so far. */
  long cpuNs() {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
