package io.eddy.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Reads a stream of server-sent events in a thread of its own. */
final class EventStreamClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InputStream stream;
  private final BufferedReader input;
  private final Thread thread = new Thread(this::read, "event-stream-client");
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> others = new CopyOnWriteArrayList<>();
  private volatile boolean isEnded;

  /** An event with its id, or an empty one. */
  record Event(String id, String name, JsonNode data) {}

  EventStreamClient(URI uri, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200
        || !response.headers().firstValue("Content-Type").orElse("").equals("text/event-stream")) {
      throw new AssertionError(uri + ": " + response.statusCode() + " " + response.headers());
    }
    stream = response.body();
    input = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      String id = "";
      String name = "";
      String data = "";
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        if (line.isEmpty() && !data.isEmpty()) {
          events.add(new Event(id, name, JSON.readTree(data)));
          id = "";
          name = "";
          data = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (!line.isEmpty()) {
          others.add(line);
        }
      }
    } catch (IOException e) {
      // The stream was closed.
    }
    isEnded = true;
  }

  List<Event> events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  boolean hasEvent(String name, Predicate<JsonNode> data) {
    return events(name).stream().anyMatch(event -> data.test(event.data()));
  }

  /** Returns the lines that are not part of an event. */
  List<String> others() {
    return others;
  }

  boolean isEnded() {
    return isEnded;
  }

  @Override
  public void close() throws IOException {
    // The reader is locked while it waits for the next line.
    stream.close();
  }
}
