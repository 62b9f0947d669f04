package io.eddy.serving.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.eddy.kafka.config.HttpSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a process. Few threads answer requests; each stream of server-sent events has
 * a thread of its own, so that streams cannot keep a health check waiting.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

  private static final int THREADS = 16;
  private static final int MAX_WAITING = 256;
  private static final int IDLE_SECONDS = 30;

  static {
    // Read by the JDK's server when it is loaded. A client that sends its request slowly occupies a
    // thread; small answers must not wait for the client's acknowledgement of the previous one.
    setDefault("sun.net.httpserver.maxReqTime", "10");
    setDefault("sun.net.httpserver.nodelay", "true");
    setDefault("jdk.httpserver.maxConnections", "2048");
  }

  private final HttpSettings settings;
  private final HttpServer server;
  private final Routes routes = new Routes();
  private final ThreadPoolExecutor threads;
  private final EventStreams streams = new EventStreams();
  private final RequestDispatcher dispatcher;

  private HttpListener(HttpSettings settings, HttpServer server) {
    this.settings = settings;
    this.server = server;
    threads = threads();
    dispatcher =
        new RequestDispatcher(
            routes, new AccessPolicy(settings, server.getAddress().getAddress()), streams);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static ThreadPoolExecutor threads() {
    AtomicInteger created = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            work -> daemon(work, "eddy-http-" + created.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Occupies an address and answers requests, for which handlers may be added later. */
  public static HttpListener open(HttpSettings settings) {
    HttpListener listener = bind(settings);
    listener.start();
    return listener;
  }

  /**
   * Occupies an address. Connections wait until {@link #start}.
   *
   * @param settings with an address
   * @throws HttpListenerException if the address cannot be used or a TLS file is invalid
   */
  public static HttpListener bind(HttpSettings settings) {
    HttpSettings.Address listen = Objects.requireNonNull(settings.listen(), "http.listen is off");
    TlsContext tls = settings.tls() == null ? null : TlsContext.of(settings.tls());
    InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
    if (address.isUnresolved()) {
      throw new HttpListenerException(
          "http.listen: unknown host \"%s\"".formatted(listen.host()),
          new IllegalArgumentException());
    }
    try {
      HttpServer server;
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
        server = secure;
      }
      return new HttpListener(settings, server);
    } catch (BindException e) {
      throw new HttpListenerException(
          "http.listen: cannot listen on %s: %s; set http.listen to another address, or to off"
              .formatted(listen, reason(e)),
          e);
    } catch (IOException e) {
      throw new HttpListenerException(
          "http.listen: cannot listen on %s: %s".formatted(listen, reason(e)), e);
    }
  }

  private static String reason(IOException error) {
    String message = String.valueOf(error.getMessage());
    return message.startsWith("Address already in use") ? "the port is in use" : message;
  }

  /** Starts to answer requests. */
  public void start() {
    server.setExecutor(threads);
    server.createContext("/", dispatcher::handle);
    server.start();
    if (settings.token() == null && !server.getAddress().getAddress().isLoopbackAddress()) {
      log.warn(
          "http.listen={}: other machines can read metrics and forecasts; set http.token",
          settings.listen());
    }
  }

  /**
   * Adds a handler for a path, or for all paths below one that ends with a slash. Paths are
   * compared as they are sent, with percent-encoding.
   *
   * @throws IllegalArgumentException if the path has a handler already
   */
  public HttpListener add(String path, Access access, RequestHandler handler) {
    routes.add(path, new Routes.Route(access, handler));
    return this;
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns the address to open on this machine: {@code http://127.0.0.1:8080}. */
  public String url() {
    InetAddress address = server.getAddress().getAddress();
    String host =
        address.isAnyLocalAddress()
            ? "localhost"
            : Objects.requireNonNull(settings.listen()).host();
    return "%s://%s"
        .formatted(
            settings.tls() == null ? "http" : "https", new HttpSettings.Address(host, port()));
  }

  /** Returns the number of open streams of server-sent events. */
  public int openStreams() {
    return streams.open();
  }

  /** Ends all streams, waits up to two seconds for requests in progress, and stops. */
  @Override
  public void close() {
    streams.close();
    dispatcher.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
