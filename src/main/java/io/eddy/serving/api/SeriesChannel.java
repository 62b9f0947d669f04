package io.eddy.serving.api;

import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.serving.http.ServerSentEvent;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The latest forecasts of one watched series, encoded once for all of its clients. Thread-safe.
 *
 * <p>A new channel follows the feed first and then reads the latest forecasts, so that none between
 * is missing.
 */
final class SeriesChannel {
  private static final int CAPACITY = EventQueue.CAPACITY;

  /** Steps before the last one at which the forecasts begin that a new channel reads. */
  private static final int STEPS_BACK = 1;

  /** The same for a client that continues after a forecast, probably one of these. */
  private static final int STEPS_BACK_OF_RECONNECTION = 8;

  private static final int MAX_STEPS = 256;
  private static final long START_TIMEOUT_MS = 8000;

  private final String series;
  private final int partition;
  private final ForecasterQueries queries;
  private final Set<EventQueue> clients = new CopyOnWriteArraySet<>();
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** The latest forecasts by the offset of their event. */
  private final NavigableMap<Long, ServerSentEvent> recent = new TreeMap<>();

  private long newestOriginMs = Long.MAX_VALUE;

  SeriesChannel(String series, int partition, ForecasterQueries queries) {
    this.series = series;
    this.partition = partition;
    this.queries = queries;
  }

  String series() {
    return series;
  }

  int partition() {
    return partition;
  }

  /**
   * Follows the series. Called once.
   *
   * @param isReconnection whether the first client has received forecasts before
   * @throws StateUnavailableException if the forecasts cannot be read
   */
  void start(LocalSeries.Entry entry, boolean isReconnection) throws InterruptedException {
    try {
      queries
          .feed()
          .watch(series, partition, this::publish)
          .get(START_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      int steps = isReconnection ? STEPS_BACK_OF_RECONNECTION : STEPS_BACK;
      addRecent(queries.history().forecasts(entry, steps));
      started.complete(null);
    } catch (ExecutionException | TimeoutException e) {
      throw new StateUnavailableException("the forecasts are not committed", e);
    } finally {
      started.completeExceptionally(
          new StateUnavailableException("the forecasts topic cannot be read"));
    }
  }

  /** Waits until the channel is started by another thread. */
  void awaitStart() throws InterruptedException {
    try {
      started.get(2 * START_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StateUnavailableException("the forecasts topic cannot be read", e);
    }
  }

  private synchronized void addRecent(List<PublishedForecast> forecasts) {
    NavigableMap<Long, PublishedForecast> lastOfEvent = new TreeMap<>();
    forecasts.forEach(forecast -> lastOfEvent.put(forecast.source().offset(), forecast));
    lastOfEvent.forEach(
        (offset, forecast) -> {
          recent.computeIfAbsent(offset, absent -> encode(forecast, originMs(forecast) - 1));
          noteOrigin(originMs(forecast));
        });
    trim();
  }

  /** Sends a forecast to all clients. Runs on the feed's thread. */
  private synchronized void publish(PublishedForecast forecast) {
    ServerSentEvent event = encode(forecast, Math.min(newestOriginMs, originMs(forecast) - 1));
    noteOrigin(originMs(forecast));
    if (recent.put(forecast.source().offset(), event) == null) {
      trim();
      clients.forEach(client -> client.addForecast(event));
    }
  }

  private void noteOrigin(long originMs) {
    newestOriginMs =
        newestOriginMs == Long.MAX_VALUE ? originMs : Math.max(newestOriginMs, originMs);
  }

  private void trim() {
    while (recent.size() > CAPACITY) {
      recent.pollFirstEntry();
    }
  }

  private static long originMs(PublishedForecast forecast) {
    return forecast.forecast().origin().timestampMs();
  }

  /**
   * Encodes a forecast.
   *
   * @param sinceMs the steps after this time, up to the origin, are part of the event
   */
  private ServerSentEvent encode(PublishedForecast committed, long sinceMs) {
    return ServerSentEvent.of(
        new EventId(partition, committed.source().offset()).toString(),
        "forecast",
        ForecastDocument.Event.of(committed.forecast(), steps(sinceMs, originMs(committed))));
  }

  private List<StoredSeries.Step> steps(long afterMs, long untilMs) {
    try {
      LocalSeries.Entry entry = queries.series().find(series, partition);
      return entry == null ? List.of() : entry.series().between(afterMs, untilMs, MAX_STEPS);
    } catch (StateUnavailableException e) {
      return List.of();
    }
  }

  /**
   * Adds a client, which receives the newest forecast and those that follow.
   *
   * @param last the event that the client received last; it receives the ones since then. Null for
   *     none
   */
  void subscribe(EventQueue client, LocalSeries.Entry entry, @Nullable EventId last) {
    if (last != null && last.partition() == partition && isBeforeRecent(last)) {
      addRecent(queries.history().forecastsAfter(entry, last.offset()));
    }
    synchronized (this) {
      if (last != null && last.partition() == partition) {
        recent.tailMap(last.offset(), false).values().forEach(client::addForecast);
      } else if (!recent.isEmpty()) {
        client.addForecast(recent.lastEntry().getValue());
      }
      clients.add(client);
    }
  }

  private synchronized boolean isBeforeRecent(EventId last) {
    return recent.isEmpty() || last.offset() < recent.firstKey();
  }

  void unsubscribe(EventQueue client) {
    clients.remove(client);
  }

  /** Ends the streams of all clients, which connect again. */
  void close() {
    clients.forEach(EventQueue::close);
  }
}
