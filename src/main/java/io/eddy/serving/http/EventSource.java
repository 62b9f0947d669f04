package io.eddy.serving.http;

import java.io.IOException;

/** Writes the server-sent events of one client. */
@FunctionalInterface
public interface EventSource {
  /**
   * Writes events until there are no more, the client has gone, or the server stops. Runs in a
   * thread of its own and may wait for new events.
   *
   * @throws IOException if the client has gone
   * @throws InterruptedException if the server stops
   */
  void run(EventWriter events) throws IOException, InterruptedException;
}
