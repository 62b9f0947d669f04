package io.eddy.serving.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
    // JSON has no line breaks.
    byte[] json = Json.bytes(data);
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(first, first.length + json.length + 2);
    System.arraycopy(json, 0, bytes, first.length, json.length);
    Arrays.fill(bytes, bytes.length - 2, bytes.length, (byte) '\n');
    return new ServerSentEvent(id, bytes);
  }

  /** Returns the id, or null if the event has none. */
  public @Nullable String id() {
    return id;
  }

  byte[] bytes() {
    return bytes;
  }
}
