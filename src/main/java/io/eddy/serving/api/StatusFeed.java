package io.eddy.serving.api;

import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.serving.http.ServerSentEvent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the status to all clients of streams, read and encoded once for all of them. Reads nothing
 * while there are no clients. Thread-safe.
 */
final class StatusFeed implements AutoCloseable {
  static final Duration PERIOD = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(StatusFeed.class);

  private final Supplier<StatusEvent> reader;
  private final Runnable eachPeriod;
  private final Set<EventQueue> clients = new CopyOnWriteArraySet<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "eddy-http-status");
            created.setDaemon(true);
            return created;
          });
  private @Nullable ScheduledFuture<?> schedule;

  /** The data of a status event. */
  record StatusEvent(StatusDocument status, ModelsDocument models) {}

  /**
   * Creates a feed.
   *
   * @param eachPeriod also run in every period while there are clients
   */
  StatusFeed(Supplier<StatusEvent> reader, Runnable eachPeriod) {
    this.reader = reader;
    this.eachPeriod = eachPeriod;
  }

  /** Adds a client, which receives the status at once and then in every period. */
  synchronized void subscribe(EventQueue client) {
    clients.add(client);
    if (schedule == null) {
      schedule =
          thread.scheduleWithFixedDelay(this::send, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      thread.execute(this::send);
    }
  }

  synchronized void unsubscribe(EventQueue client) {
    clients.remove(client);
    if (clients.isEmpty() && schedule != null) {
      schedule.cancel(false);
      schedule = null;
    }
  }

  private void send() {
    if (clients.isEmpty()) {
      return;
    }
    try {
      ServerSentEvent event = ServerSentEvent.of(null, "status", reader.get());
      clients.forEach(client -> client.setStatus(event));
      eachPeriod.run();
    } catch (StateUnavailableException e) {
      log.debug("no status now: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("cannot read the status", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    clients.forEach(EventQueue::close);
  }
}
