package io.eddy.serving.api;

import io.eddy.kafka.config.HttpSettings;
import io.eddy.kafka.query.Instances.Instance;
import io.eddy.serving.http.TlsClientContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the other instances. They have the same settings: TLS, token and paths. A
 * forwarded request is answered by the instance alone and never forwarded again.
 */
final class Peers {
  /** Request header of a forwarded request: the address of the instance that forwards it. */
  static final String FORWARDED = "Eddy-Forwarded";

  /** Response header of a forwarded request: the partitions that the instance serves. */
  static final String PARTITIONS = "Eddy-Partitions";

  private static final Logger log = LoggerFactory.getLogger(Peers.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** Fewer than the server has threads, so that instances that ask each other can answer. */
  private static final int MAX_REQUESTS = 8;

  private final HttpSettings settings;
  private final String self;
  private final Semaphore requests = new Semaphore(MAX_REQUESTS);
  private @Nullable HttpClient client;

  /**
   * The answer of an instance.
   *
   * @param body null if it did not answer
   * @param error why it did not answer; null if it did
   */
  record Answer(
      Instance instance,
      int status,
      @Nullable String body,
      List<Integer> partitions,
      @Nullable String error) {
    static Answer of(Instance instance, HttpResponse<String> response) {
      return new Answer(
          instance,
          response.statusCode(),
          response.body(),
          partitions(response.headers().firstValue(PARTITIONS).orElse("")),
          null);
    }

    static Answer failed(Instance instance, String error) {
      return new Answer(instance, 0, null, List.of(), error);
    }

    private static List<Integer> partitions(String header) {
      List<Integer> partitions = new ArrayList<>();
      for (String number : header.split(",", -1)) {
        if (number.matches("\\d{1,9}")) {
          partitions.add(Integer.valueOf(number));
        }
      }
      return partitions;
    }
  }

  /**
   * Creates a client.
   *
   * @param self address of this instance
   */
  Peers(HttpSettings settings, String self) {
    this.settings = settings;
    this.self = self;
  }

  /** Returns the address of an instance's server. */
  String url(Instance instance) {
    return (settings.tls() == null ? "http://" : "https://") + instance.address();
  }

  /** Sends a request to several instances at the same time and waits for all answers. */
  List<Answer> askAll(List<Instance> instances, String path) {
    if (instances.isEmpty()) {
      return List.of();
    }
    if (!acquire()) {
      return instances.stream()
          .map(instance -> Answer.failed(instance, "too many requests"))
          .toList();
    }
    try {
      List<CompletableFuture<Answer>> answers =
          instances.stream().map(instance -> ask(instance, path)).toList();
      return answers.stream().map(CompletableFuture::join).toList();
    } finally {
      requests.release();
    }
  }

  private boolean acquire() {
    try {
      return requests.tryAcquire(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private CompletableFuture<Answer> ask(Instance instance, String path) {
    return client()
        .sendAsync(
            request(instance, path).timeout(TIMEOUT).build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
        .handle(
            (response, error) ->
                error == null
                    ? Answer.of(instance, response)
                    : Answer.failed(instance, describe(error)));
  }

  /**
   * Opens a stream of another instance.
   *
   * @param lastEventId null for none
   * @throws IOException if it does not answer
   */
  HttpResponse<InputStream> open(Instance instance, String path, @Nullable String lastEventId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(instance, path);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private HttpRequest.Builder request(Instance instance, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(instance) + path)).header(FORWARDED, self);
    if (settings.token() != null) {
      request.header("Authorization", "Bearer " + settings.token().value());
    }
    return request;
  }

  private synchronized HttpClient client() {
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT_TIMEOUT);
      if (settings.tls() != null) {
        builder.sslContext(TlsClientContext.of(settings.tls()));
      }
      client = builder.build();
    }
    return client;
  }

  private synchronized void resetClient() {
    client = null;
  }

  private String describe(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof SSLException) {
      // The certificates may have been replaced.
      resetClient();
      log.warn("no TLS connection to another instance: {}", cause.getMessage());
      return "no TLS connection: " + cause.getMessage();
    }
    if (cause instanceof HttpConnectTimeoutException || cause instanceof ConnectException) {
      return "it cannot be reached";
    }
    return cause instanceof HttpTimeoutException
        ? "it did not answer within %d s".formatted(TIMEOUT.toSeconds())
        : "it did not answer: " + cause;
  }
}
