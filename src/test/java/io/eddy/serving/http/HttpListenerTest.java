package io.eddy.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eddy.kafka.config.HttpSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.types.Password;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpListenerTest {
  private static final String TOKEN = "0123456789abcdef";

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpListener listener = open("127.0.0.1", 0, TOKEN);

  @AfterEach
  void close() {
    listener.close();
  }

  private static HttpListener open(String host, int port, @Nullable String token) {
    return HttpListener.open(
            new HttpSettings(
                new HttpSettings.Address(host, port),
                token == null ? null : new Password(token),
                null))
        .add("/open", Access.OPEN, request -> Response.json(Map.of("path", request.path())))
        .add("/secret", Access.TOKEN, request -> Response.json(Map.of("secret", 1)))
        .add(
            "/below/",
            Access.OPEN,
            request ->
                Response.json(
                    Map.of(
                        "segments", request.segments(), "limit", request.query("limit", 5, 1, 9))))
        .add(
            "/failing",
            Access.OPEN,
            request -> {
              throw new IllegalStateException("details of the failure");
            });
  }

  @Test
  void answersJsonWithSecurityHeaders() throws Exception {
    HttpResponse<String> answer = send("GET", "/open");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"path\":\"/open\"}");
    Map<String, List<String>> headers = answer.headers().map();
    assertThat(headers)
        .containsEntry("content-type", List.of("application/json"))
        .containsEntry("cache-control", List.of("no-store"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("x-frame-options", List.of("DENY"))
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .doesNotContainKey("access-control-allow-origin");
    assertThat(headers.get("content-security-policy"))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("default-src 'self'");
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    HttpResponse<String> answer = send("HEAD", "/open");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Content-Length")).contains("16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/nowhere|404|no such path: /nowhere",
        "GET|/open/below|404|no such path: /open/below",
        "POST|/open|405|the method POST is not supported",
        "DELETE|/nowhere|405|the method DELETE is not supported",
        "GET|/below/a?limit=x|400|limit: expected a whole number from 1 to 9",
        "GET|/below/a?limit=10|400|limit: expected a whole number from 1 to 9",
        "GET|/failing|500|internal error; the log has the details",
      })
  void answersErrorsAsJson(String method, String path, int status, String error) throws Exception {
    String answer =
        raw(
            "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .formatted(method, path));

    assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith("{\"error\":\"" + error + "\"}");
    assertThat(answer.contains("\r\nAllow: GET, HEAD\r\n")).isEqualTo(status == 405);
  }

  @Test
  void refusesLongAddress() throws Exception {
    assertThat(send("GET", "/open?" + "x".repeat(9000)).statusCode()).isEqualTo(414);
  }

  @Test
  void refusesBody() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(listener.url() + "/open"))
                .method("GET", HttpRequest.BodyPublishers.ofString("body"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void decodesSegmentsAndQuery() throws Exception {
    assertThat(send("GET", "/below/plant-7%2F1%20b+c/stream?x&limit=7&limit=8").body())
        .contains("[\"below\",\"plant-7/1 b+c\",\"stream\"]")
        .contains("\"limit\":8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer x", "Basic 0123456789abcdef", "0123456789abcdef"})
  void refusesWrongToken(String authorization) throws Exception {
    HttpResponse<String> answer = send("GET", "/secret", "Authorization", authorization);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"eddy\"");
    assertThat(answer.body()).doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer "})
  void acceptsToken(String scheme) throws Exception {
    assertThat(send("GET", "/secret", "Authorization", scheme + TOKEN).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:8080, 200",
    "127.0.0.1:1, 200",
    "127.1.2.3, 200",
    "[::1]:8080, 200",
    "forecasts.example.com, 421",
    "127.0.0.1.example.com, 421",
    "localhost.example.com:8080, 421",
  })
  void loopbackServerAcceptsOnlyLocalNames(String host, int status) throws Exception {
    assertThat(raw("GET /open HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)))
        .startsWith("HTTP/1.1 " + status);
  }

  @Test
  void otherServerAcceptsEveryName() throws Exception {
    try (HttpListener everywhere = open("0.0.0.0", 0, null)) {
      assertThat(
              raw(
                  everywhere.port(),
                  "GET /secret HTTP/1.1\r\nHost: eddy.example.com\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
      assertThat(everywhere.url()).isEqualTo("http://localhost:" + everywhere.port());
    }
  }

  @Test
  void portInUseNamesTheSetting() {
    assertThatThrownBy(() -> open("127.0.0.1", listener.port(), null))
        .isInstanceOf(HttpListenerException.class)
        .hasMessage(
            "http.listen: cannot listen on 127.0.0.1:%d: the port is in use; set http.listen to"
                + " another address, or to off",
            listener.port());
  }

  @ParameterizedTest
  @CsvSource({
    "no-such-host.invalid, http.listen: unknown host \"no-such-host.invalid\"",
    "192.0.2.1, http.listen: cannot listen on 192.0.2.1:0: "
  })
  void unusableAddressNamesTheSetting(String host, String message) {
    assertThatThrownBy(() -> open(host, 0, null))
        .isInstanceOf(HttpListenerException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void hundredStreamsDoNotDelayHealthChecks() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    listener.add(
        "/stream",
        Access.OPEN,
        request ->
            Response.events(
                events -> {
                  events.heartbeat();
                  end.await();
                }));
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        clients.add(connect("/stream"));
      }
      await().until(() -> listener.openStreams() == 100);

      assertThat(send("GET", "/open").statusCode()).isEqualTo(200);
      assertThat(send("HEAD", "/stream").statusCode()).isEqualTo(200);
      listener.close();
      for (Socket each : clients) {
        assertThat(new String(each.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("Content-type: text/event-stream");
      }
    } finally {
      for (Socket each : clients) {
        each.close();
      }
    }
  }

  @Test
  void closingWaitsForRequestsInProgress() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    listener.add(
        "/slow",
        Access.OPEN,
        request -> {
          entered.countDown();
          await().until(() -> release.getCount() == 0);
          return Response.json(Map.of("done", true));
        });
    try (Socket slow = connect("/slow")) {
      entered.await();
      Thread closing = new Thread(listener::close);
      closing.start();
      await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
      release.countDown();

      assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("{\"done\":true}");
      closing.join();
    }
    assertThatThrownBy(() -> send("GET", "/open")).isInstanceOf(ConnectException.class);
  }

  @Test
  @Tag("slow")
  void disconnectsClientsThatDoNotReadOrWrite() throws Exception {
    byte[] part = new byte[1 << 20];
    listener.add(
        "/flood",
        Access.OPEN,
        request ->
            Response.events(
                events -> {
                  while (true) {
                    events.forward(part);
                  }
                }));
    try (Socket reader = connect("/flood");
        Socket writer = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      writer.setSoTimeout(40_000);
      writer.getOutputStream().write("GET /op".getBytes(StandardCharsets.US_ASCII));
      await().until(() -> listener.openStreams() == 1);
      await().atMost(Duration.ofSeconds(40)).until(() -> listener.openStreams() == 0);

      assertThat(reader.isConnected()).isTrue();
      assertThat(writer.getInputStream().read()).isEqualTo(-1);
    }
  }

  private Socket connect(String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String raw(String request) throws IOException {
    return raw(listener.port(), request);
  }

  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream input = socket.getInputStream();
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(listener.url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
  }
}
