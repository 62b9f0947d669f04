package io.eddy.serving.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of server-sent events, each with a thread. A client that does not read for ten
 * seconds is disconnected.
 */
final class EventStreams implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

  /** Further clients are asked to come back later. */
  private static final int MAX_STREAMS = 256;

  private static final Duration STALL_LIMIT = Duration.ofSeconds(10);
  private static final int IDLE_SECONDS = 10;

  private final Map<HttpExchange, EventWriter> open = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MAX_STREAMS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> HttpListener.daemon(work, "eddy-http-stream"));
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          work -> HttpListener.daemon(work, "eddy-http-supervisor"));

  EventStreams() {
    var unused = supervisor.scheduleWithFixedDelay(this::closeStalled, 1, 1, TimeUnit.SECONDS);
  }

  int open() {
    return open.size();
  }

  /**
   * Writes a stream in another thread, which closes the exchange.
   *
   * @return false if there are too many streams or the server stops; the exchange is unchanged
   */
  boolean start(HttpExchange exchange, EventSource source) {
    try {
      threads.execute(() -> run(exchange, source));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void run(HttpExchange exchange, EventSource source) {
    try {
      exchange.sendResponseHeaders(200, 0);
      EventWriter writer = new EventWriter(exchange.getResponseBody());
      open.put(exchange, writer);
      source.run(writer);
    } catch (IOException e) {
      log.debug("a client left its event stream: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("an event stream failed", e);
    } finally {
      open.remove(exchange);
      exchange.close();
    }
  }

  private void closeStalled() {
    open.forEach(
        (exchange, writer) -> {
          if (writer.isStalled(STALL_LIMIT)) {
            log.debug("disconnecting a client that does not read its event stream");
            writer.abort();
          }
        });
  }

  @Override
  public void close() {
    supervisor.shutdownNow();
    threads.shutdownNow();
  }
}
