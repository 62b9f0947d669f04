package io.eddy.serving;

import static io.eddy.fuzz.RequestFuzzer.get;

import io.eddy.fuzz.RequestFuzzer;
import io.eddy.kafka.config.SettingSources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Mutated HTTP requests to the server of a process that waits for a model. {@code ApiIT} sends some
 * to the API of running forecasters.
 */
final class FuzzedRequestsTest {
  private static final String TOKEN = "Authorization: Bearer 0123456789abcdef";

  @Test
  void requests() throws IOException {
    try (ForecasterServer server =
        ForecasterServer.open(
            new SettingSources()
                .environment(Map.of())
                .assignments(List.of("http.listen=127.0.0.1:0", "http.token=0123456789abcdef"))
                .load())) {
      new RequestFuzzer(server.port(), 300)
          .fuzz(
              List.of(
                  get("/health/ready"),
                  get("/metrics", TOKEN),
                  get("/", "Content-Length: 0"),
                  get("/static/main.js?v=1", "If-Modified-Since: Mon, 30 Nov 2026 00:00:00 GMT"),
                  get("/api/series/plant-7%2F1%20b+c/stream?steps=100&x=%C3%A4", TOKEN),
                  get("/api/series?prefix=%E6%B8%A9&limit=7", TOKEN, "Eddy-Forwarded: a:1"),
                  get("/api/stream", TOKEN, "Transfer-Encoding: chunked")),
              get("/health/live"));
    }
  }
}
