package io.eddy.kafka.query;

import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.stream.WatchedForecasts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the committed forecasts of the watched series of this instance. The forecasts come from
 * the stream threads and are passed on once their events are committed, so nothing is read from the
 * forecasts topic. If a series has several forecasts within {@link #PERIOD}, only the newest of
 * them is passed on. Thread-safe.
 */
public final class ForecastFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ForecastFeed.class);

  /** Minimum time between two forecasts of a series. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaStreams streams;
  private final String sourceTopic;
  private final WatchedForecasts forecasts;
  private final Map<String, Watched> watched = new ConcurrentHashMap<>();
  private @Nullable ScheduledExecutorService timer;
  private boolean isClosed;

  /**
   * A watched series.
   *
   * @param missed offset of the last event whose forecasts may not have been kept; negative for
   *     none
   * @param caughtUp completed once that event is committed
   */
  private record Watched(
      String series,
      int partition,
      Consumer<PublishedForecast> listener,
      long missed,
      CompletableFuture<Void> caughtUp) {}

  /**
   * Creates a feed.
   *
   * @param sourceTopic topic that forecasts are computed from
   * @param forecasts receives the forecasts of the stream threads
   */
  public ForecastFeed(KafkaStreams streams, String sourceTopic, WatchedForecasts forecasts) {
    this.streams = streams;
    this.sourceTopic = sourceTopic;
    this.forecasts = forecasts;
  }

  /**
   * Watches a series, which must not be watched yet.
   *
   * @param listener receives the forecasts on the feed's thread; must not block
   * @return completed once every forecast either is committed already or reaches the listener
   */
  public synchronized CompletableFuture<Void> watch(
      String series, int partition, Consumer<PublishedForecast> listener) {
    if (isClosed) {
      throw new StateUnavailableException("the forecaster is stopping");
    }
    if (watched.containsKey(series)) {
      throw new IllegalStateException("series is already watched: " + series);
    }
    forecasts.watch(series);
    Watched added =
        new Watched(
            series, partition, listener, forecasts.position(partition), new CompletableFuture<>());
    watched.put(series, added);
    if (timer == null) {
      timer = startTimer();
    }
    return added.caughtUp();
  }

  private ScheduledExecutorService startTimer() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "eddy-forecast-feed");
              thread.setDaemon(true);
              return thread;
            });
    // Half of the period, because a forecast waits for its commit too.
    long intervalMs = PERIOD.toMillis() / 2;
    var unused =
        started.scheduleWithFixedDelay(new Passing(), 0, intervalMs, TimeUnit.MILLISECONDS);
    return started;
  }

  /** Ends watching a series. */
  public synchronized void unwatch(String series) {
    watched.remove(series);
    forecasts.unwatch(series);
    if (watched.isEmpty() && timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }

  @Override
  public void close() {
    ScheduledExecutorService last;
    synchronized (this) {
      isClosed = true;
      watched.keySet().forEach(forecasts::unwatch);
      watched.clear();
      last = timer;
      timer = null;
    }
    if (last != null) {
      last.shutdownNow();
      try {
        var unused = last.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Passes on the committed forecasts. */
  private final class Passing implements Runnable {
    private final Map<String, Long> passedNs = new HashMap<>();

    @Override
    public void run() {
      try {
        Map<Integer, Long> committed = committed();
        passedNs.keySet().retainAll(watched.keySet());
        watched.values().forEach(series -> pass(series, committed.get(series.partition())));
      } catch (IllegalStateException e) {
        log.debug("the forecaster is not running: {}", e.getMessage());
      } catch (RuntimeException e) {
        log.warn("cannot pass on forecasts, retrying: {}", e.toString());
      }
    }

    private void pass(Watched target, @Nullable Long committed) {
      if (committed == null) {
        forecasts.clear(target.series());
        return;
      }
      if (target.missed() < 0 || committed > target.missed()) {
        target.caughtUp().complete(null);
      }
      long nowNs = System.nanoTime();
      Long passed = passedNs.get(target.series());
      if (passed == null || nowNs - passed >= PERIOD.toNanos()) {
        PublishedForecast forecast = forecasts.take(target.series(), committed);
        if (forecast != null) {
          passedNs.put(target.series(), nowNs);
          target.listener().accept(forecast);
        }
      }
    }
  }

  /** Returns the committed offset of each partition that this instance processes. */
  private Map<Integer, Long> committed() {
    Map<Integer, Long> committed = new HashMap<>();
    streams
        .metadataForLocalThreads()
        .forEach(
            thread ->
                thread
                    .activeTasks()
                    .forEach(
                        task -> {
                          Map<TopicPartition, Long> offsets = task.committedOffsets();
                          for (TopicPartition partition : task.topicPartitions()) {
                            Long offset = offsets.get(partition);
                            if (partition.topic().equals(sourceTopic) && offset != null) {
                              committed.put(partition.partition(), offset);
                            }
                          }
                        }));
    return committed;
  }
}
