package io.eddy.serving.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer: a status with a body, or a stream of server-sent events. Immutable. */
public final class Response {
  private static final String JSON = "application/json";

  private final int status;
  private final byte[] body;
  private final Map<String, String> headers;
  private final @Nullable EventSource events;

  private Response(
      int status, byte[] body, Map<String, String> headers, @Nullable EventSource events) {
    this.status = status;
    this.body = body;
    this.headers = headers;
    this.events = events;
  }

  /**
   * Answers with a body.
   *
   * @param body not copied
   */
  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, body, Map.of("Content-Type", contentType), null);
  }

  /** Answers with text in UTF-8. */
  public static Response text(int status, String contentType, String text) {
    return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Answers 200 with JSON, which must not be stored by caches.
   *
   * @param value a JSON tree, a record, a map or a list
   */
  public static Response json(Object value) {
    return json(200, value);
  }

  /** Answers with a status and JSON. */
  public static Response json(int status, Object value) {
    return of(status, JSON, Json.bytes(value)).withHeader("Cache-Control", "no-store");
  }

  /** Answers with {@code {"error": message}}. */
  static Response error(int status, String message) {
    return json(status, Map.of("error", message));
  }

  /** Answers 304, without a body. */
  public static Response notModified() {
    return new Response(304, new byte[0], Map.of(), null);
  }

  /** Answers with a stream of server-sent events. */
  public static Response events(EventSource source) {
    return new Response(
        200,
        new byte[0],
        Map.of(
            "Content-Type", "text/event-stream",
            "Cache-Control", "no-store",
            // Reverse proxies must not hold events back.
            "X-Accel-Buffering", "no"),
        source);
  }

  /** Returns this response with a header added or replaced. */
  public Response withHeader(String name, String value) {
    Map<String, String> extended = new LinkedHashMap<>(headers);
    extended.put(name, value);
    return new Response(status, body, extended, events);
  }

  int status() {
    return status;
  }

  /** Returns the body; not a copy. */
  public byte[] body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }

  @Nullable EventSource events() {
    return events;
  }
}
