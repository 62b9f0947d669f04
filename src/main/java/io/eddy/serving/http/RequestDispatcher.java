package io.eddy.serving.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests: checks method and access, calls the route's handler, and writes its answer. */
final class RequestDispatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);
  private static final int MAX_ADDRESS_LENGTH = 8192;
  private static final long CLOSE_TIMEOUT_MS = 2000;
  private static final String RETRY_AFTER_SECONDS = "2";

  private final Routes routes;
  private final AccessPolicy policy;
  private final EventStreams streams;

  /** One party per request in progress, and one for this dispatcher. */
  private final Phaser inProgress = new Phaser(1);

  RequestDispatcher(Routes routes, AccessPolicy policy, EventStreams streams) {
    this.routes = routes;
    this.policy = policy;
    this.streams = streams;
  }

  void handle(HttpExchange exchange) throws IOException {
    inProgress.register();
    try {
      send(exchange, answer(exchange));
    } finally {
      inProgress.arriveAndDeregister();
    }
  }

  private Response answer(HttpExchange exchange) {
    try {
      return route(exchange);
    } catch (HttpException e) {
      Response error = Response.error(e.status(), e.text());
      return switch (e.status()) {
        case 401 -> error.withHeader("WWW-Authenticate", "Bearer realm=\"eddy\"");
        case 405 -> error.withHeader("Allow", "GET, HEAD");
        case 413 -> error.withHeader("Connection", "close");
        case 503 -> error.withHeader("Retry-After", RETRY_AFTER_SECONDS);
        default -> error;
      };
    } catch (RuntimeException e) {
      log.error("cannot answer {}", exchange.getRequestURI().getRawPath(), e);
      return Response.error(500, "internal error; the log has the details");
    }
  }

  private Response route(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new HttpException(405, "the method %s is not supported".formatted(method));
    }
    if (exchange.getRequestURI().toString().length() > MAX_ADDRESS_LENGTH) {
      throw new HttpException(
          414, "the address is longer than %d characters".formatted(MAX_ADDRESS_LENGTH));
    }
    if (hasBody(exchange.getRequestHeaders())) {
      throw new HttpException(413, "a request must not have a body");
    }
    Request request = Request.of(exchange);
    Routes.Route route = routes.find(request.path());
    policy.check(route == null ? Access.OPEN : route.access(), exchange.getRequestHeaders());
    if (route == null) {
      throw new HttpException(404, "no such path: " + request.path());
    }
    return route.handler().handle(request);
  }

  private static boolean hasBody(Headers headers) {
    String length = headers.getFirst("Content-Length");
    return headers.containsKey("Transfer-Encoding") || (length != null && !length.equals("0"));
  }

  private void send(HttpExchange exchange, Response response) throws IOException {
    SecurityHeaders.addTo(exchange.getResponseHeaders());
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    if (response.events() == null || isHead) {
      sendBody(exchange, response, isHead);
      return;
    }
    response.headers().forEach(exchange.getResponseHeaders()::set);
    if (!streams.start(exchange, response.events())) {
      Response busy = Response.error(503, "too many event streams are open; try again later");
      sendBody(exchange, busy.withHeader("Retry-After", RETRY_AFTER_SECONDS), false);
    }
  }

  private static void sendBody(HttpExchange exchange, Response response, boolean isHead)
      throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      response.headers().forEach(headers::set);
      byte[] body = response.body();
      if (isHead || body.length == 0) {
        if (isHead && response.events() == null) {
          headers.set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(response.status(), -1);
      } else {
        exchange.sendResponseHeaders(response.status(), body.length);
        try (OutputStream output = exchange.getResponseBody()) {
          output.write(body);
        }
      }
    }
  }

  /** Waits for the requests in progress. */
  @Override
  public void close() {
    try {
      int phase = inProgress.arriveAndDeregister();
      inProgress.awaitAdvanceInterruptibly(phase, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.debug("stopping with requests in progress");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
