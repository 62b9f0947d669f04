package io.eddy.serving.api;

import io.eddy.kafka.query.Instances.Instance;
import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.serving.http.EventWriter;
import io.eddy.serving.http.Request;
import io.eddy.serving.http.Response;
import io.eddy.serving.http.ServerSentEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of server-sent events. */
final class Streams implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Streams.class);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final long HEARTBEAT_MS = 15_000;
  private static final int BUFFER_BYTES = 16 << 10;

  private final SeriesChannels channels;
  private final StatusFeed status;

  Streams(ForecasterQueries queries, Supplier<StatusFeed.StatusEvent> statusReader) {
    channels = new SeriesChannels(queries);
    status = new StatusFeed(statusReader, () -> channels.closeMoved(queries.series().partitions()));
  }

  /** Streams the status alone. */
  Response status() {
    return Response.events(
        events -> {
          EventQueue queue = new EventQueue();
          status.subscribe(queue);
          try {
            write(queue, events);
          } finally {
            status.unsubscribe(queue);
          }
        });
  }

  /**
   * Streams the forecasts of a series of this instance.
   *
   * @param last event that the client received last; null for none
   */
  Response series(LocalSeries.Entry entry, @Nullable EventId last) {
    return Response.events(
        events -> {
          EventQueue queue = new EventQueue();
          try {
            channels.subscribe(entry, queue, last);
            status.subscribe(queue);
            write(queue, events);
          } catch (StateUnavailableException e) {
            // The client connects again and is answered with the reason.
            log.debug("ending an event stream: {}", e.getMessage());
          } finally {
            status.unsubscribe(queue);
            channels.unsubscribe(entry.series().name(), queue);
          }
        });
  }

  private static void write(EventQueue queue, EventWriter events)
      throws IOException, InterruptedException {
    events.retry(RETRY);
    while (!queue.isFinished()) {
      ServerSentEvent event = queue.take(HEARTBEAT_MS);
      if (event == null) {
        events.heartbeat();
      } else {
        events.send(event);
      }
    }
    if (queue.skipped() > 0) {
      log.debug("a client of an event stream missed {} forecasts", queue.skipped());
    }
  }

  /** Passes on the stream of another instance. */
  Response forward(Peers peers, Instance instance, Request request) {
    String lastEventId = request.header("Last-Event-ID");
    return Response.events(
        events -> {
          HttpResponse<InputStream> response = peers.open(instance, request.path(), lastEventId);
          try (InputStream source = response.body()) {
            if (response.statusCode() == 200) {
              copy(source, events);
            } else {
              // The client connects again and is answered with the reason.
              log.debug("{} ended an event stream", instance.address());
            }
          }
        });
  }

  private static void copy(InputStream source, EventWriter events) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int size = source.read(buffer); size >= 0; size = source.read(buffer)) {
      events.forward(Arrays.copyOf(buffer, size));
    }
  }

  @Override
  public void close() {
    status.close();
  }
}
