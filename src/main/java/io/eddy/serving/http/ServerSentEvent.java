package io.eddy.serving.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A server-sent event, encoded once for all clients. Immutable. */
public final class ServerSentEvent {
  private final @Nullable String id;
  private final byte[] bytes;

  private ServerSentEvent(@Nullable String id, byte[] bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  /**
   * Encodes an event.
   *
   * @param id that the client repeats as {@code Last-Event-ID} when it reconnects; null for none
   * @param name type of the event
   * @param data written as JSON
   */
  public static ServerSentEvent of(@Nullable String id, String name, Object data) {
    StringBuilder text = new StringBuilder();
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    // JSON has no line breaks.
    text.append("event: ").append(name).append("\ndata: ").append(Json.text(data)).append("\n\n");
    return new ServerSentEvent(id, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the id, or null if the event has none. */
  public @Nullable String id() {
    return id;
  }

  byte[] bytes() {
    return bytes;
  }
}
