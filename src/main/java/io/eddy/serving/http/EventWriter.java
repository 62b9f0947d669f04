package io.eddy.serving.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events to one client. Used by one thread. */
public final class EventWriter {
  private final OutputStream output;
  private volatile long writingSinceNs;

  EventWriter(OutputStream output) {
    this.output = output;
  }

  /**
   * Writes an event and sends it.
   *
   * @param id that the client repeats as {@code Last-Event-ID} when it reconnects; null for none
   * @param name type of the event
   * @param data written as JSON
   */
  public void event(@Nullable String id, String name, Object data) throws IOException {
    StringBuilder text = new StringBuilder();
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    // JSON has no line breaks.
    text.append("event: ").append(name).append("\ndata: ").append(Json.text(data)).append("\n\n");
    write(text.toString());
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
    // 0 means that nothing is being written.
    writingSinceNs = System.nanoTime() | 1;
    output.write(text.getBytes(StandardCharsets.UTF_8));
    output.flush();
    writingSinceNs = 0;
  }

  /** Returns whether the present write takes longer than a limit: the client does not read. */
  boolean isStalled(Duration limit) {
    long since = writingSinceNs;
    return since != 0 && System.nanoTime() - since > limit.toNanos();
  }
}
