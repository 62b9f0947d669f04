package io.eddy.serving.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Writes server-sent events to one client. Used by the thread that creates it. */
public final class EventWriter {
  private final OutputStream output;
  private final Thread thread = Thread.currentThread();
  private volatile long writingSinceNs;

  EventWriter(OutputStream output) {
    this.output = output;
  }

  /** Writes an event and sends it. */
  public void send(ServerSentEvent event) throws IOException {
    write(event.bytes());
  }

  /** Writes a part of a stream that another instance has encoded, and sends it. */
  public void forward(byte[] part) throws IOException {
    write(part);
  }

  /** Tells the client how long to wait before it reconnects. */
  public void retry(Duration pause) throws IOException {
    write("retry: %d\n\n".formatted(pause.toMillis()));
  }

  /** Writes a comment, which clients ignore, to find out whether the client is still there. */
  public void heartbeat() throws IOException {
    write(":\n\n");
  }

  private void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) throws IOException {
    // 0 means that nothing is being written.
    writingSinceNs = System.nanoTime() | 1;
    output.write(bytes);
    output.flush();
    writingSinceNs = 0;
  }

  /** Ends the stream. The connection of a blocked write is closed by the interrupt. */
  void abort() {
    thread.interrupt();
  }

  /** Returns whether the present write takes longer than a limit: the client does not read. */
  boolean isStalled(Duration limit) {
    long since = writingSinceNs;
    return since != 0 && System.nanoTime() - since > limit.toNanos();
  }
}
