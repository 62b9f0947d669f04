package io.eddy.kafka.schema;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a schema registry and retries them for a few seconds, which is less than a
 * transaction's timeout. Thread-safe.
 */
final class RegistryConnection {
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final long[] RETRY_DELAYS_MS = {100, 300, 900};
  private static final int MAX_RESPONSE_BYTES = 1 << 20;

  private final SchemaRegistrySettings settings;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  record Response(int status, String body) {}

  RegistryConnection(SchemaRegistrySettings settings) {
    this.settings = settings;
  }

  /**
   * Requests a resource.
   *
   * @throws RegistryUnavailableException if the registry is unavailable
   */
  Response get(URI uri) {
    return send(request("GET", uri, null));
  }

  /**
   * Sends a body.
   *
   * @throws RegistryUnavailableException if the registry is unavailable
   */
  Response post(URI uri, String body) {
    return send(request("POST", uri, body));
  }

  /** Returns whether the registry answers a single request, whatever the answer is. */
  boolean answers(URI uri) {
    try {
      return complete(request("GET", uri, null)).statusCode() < 500;
    } catch (LimitedBody.TooLongException e) {
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private HttpRequest request(String method, URI uri, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Accept", CONTENT_TYPE + ", application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", CONTENT_TYPE);
    }
    if (settings.authorization() != null) {
      request.header("Authorization", settings.authorization());
    }
    return request.build();
  }

  private Response send(HttpRequest request) {
    for (int attempt = 0; ; attempt++) {
      String failure;
      try {
        HttpResponse<byte[]> response = complete(request);
        if (response.statusCode() < 500) {
          return new Response(
              response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        }
        failure = "status " + response.statusCode();
      } catch (LimitedBody.TooLongException e) {
        throw new SchemaRegistryException(
            "schema registry %s: %s".formatted(settings, e.getMessage()));
      } catch (IOException e) {
        failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchemaRegistryException("interrupted", e);
      }
      if (attempt == RETRY_DELAYS_MS.length) {
        throw new RegistryUnavailableException(settings, failure);
      }
      LockSupport.parkNanos(RETRY_DELAYS_MS[attempt] * 1_000_000);
    }
  }

  /** Waits for the whole response. The timeout of a request ends with the response's headers. */
  private HttpResponse<byte[]> complete(HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> response =
        http.sendAsync(request, LimitedBody.handler(MAX_RESPONSE_BYTES));
    try {
      return response.get(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "the response is incomplete after " + 2 * TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof LimitedBody.TooLongException tooLong) {
          throw tooLong;
        }
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      // Closes the connection of a response that is incomplete.
      response.cancel(true);
    }
  }
}
