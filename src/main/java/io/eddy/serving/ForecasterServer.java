package io.eddy.serving;

import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.serving.api.Api;
import io.eddy.serving.http.Access;
import io.eddy.serving.http.HttpListener;
import io.eddy.serving.metrics.ProcessMetrics;
import io.eddy.serving.page.Page;
import java.util.Optional;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a forecaster process. It is opened first and closed last, so that health
 * endpoints answer while the process waits for the broker or for a version, and while it stops.
 */
public final class ForecasterServer implements AutoCloseable {
  private final Health health = new Health();
  private final @Nullable HttpListener listener;
  private final AdvertisedAddress address;
  private @Nullable Api api;
  private @Nullable ProcessMetrics metrics;

  private ForecasterServer(@Nullable HttpListener listener, AdvertisedAddress address) {
    this.listener = listener;
    this.address = address;
  }

  /**
   * Opens the port, unless {@code http.listen} is off.
   *
   * @throws io.eddy.serving.http.HttpListenerException if the address cannot be used
   */
  public static ForecasterServer open(EddyConfig config) {
    if (config.http().listen() == null) {
      return new ForecasterServer(null, AdvertisedAddress.NONE);
    }
    HttpListener listener = HttpListener.bind(config.http());
    ForecasterServer server =
        new ForecasterServer(listener, AdvertisedAddress.of(config, listener.port()));
    server.addHandlers(listener);
    server.addApi(listener, config);
    listener.start();
    return server;
  }

  private void addHandlers(HttpListener listener) {
    Page.addTo(listener);
    ProcessMetrics process = new ProcessMetrics(health::snapshot, listener);
    metrics = process;
    listener.add("/metrics", Access.TOKEN, request -> process.scrape());
    listener.add("/health/live", Access.OPEN, request -> health.live().response());
    listener.add("/health/ready", Access.OPEN, request -> health.ready().response());
    listener.add("/health/started", Access.OPEN, request -> health.started().response());
  }

  private void addApi(HttpListener listener, EddyConfig config) {
    api = Api.add(listener, config, address.host(), health::forecaster);
  }

  /** Returns settings with the address at which other instances reach this server. */
  public Deployment advertise(Deployment deployment) {
    return listener == null
        ? deployment
        : deployment.withDefault(StreamsConfig.APPLICATION_SERVER_CONFIG, address.text());
  }

  /** Returns the address of the page; empty if the server is off. */
  public Optional<String> url() {
    return Optional.ofNullable(listener).map(HttpListener::url);
  }

  /** Returns the port of the server; 0 if it is off. */
  public int port() {
    return listener == null ? 0 : listener.port();
  }

  /** Reports that the process waits for a broker to answer. */
  public void waitForBroker(String reason) {
    health.setPhase(Health.Phase.STARTING, "waiting for a broker: " + reason);
  }

  /** Reports that the process waits for the first activation of a model. */
  public void waitForActivation(String model) {
    health.setPhase(Health.Phase.WAITING, "waiting for the first activation of model " + model);
  }

  /** Serves the state of a forecaster from now on, in place of the last one. */
  public void serve(Forecaster forecaster) {
    health.setForecaster(forecaster);
    if (api != null) {
      api.forget();
    }
    if (metrics != null) {
      metrics.bind(forecaster);
    }
  }

  /** Reports that the process stops, and ends the streams of events. */
  public void stopping() {
    closeApi();
    health.setPhase(Health.Phase.STOPPING, "stopping");
  }

  private void closeApi() {
    if (api != null) {
      api.close();
      api = null;
    }
  }

  @Override
  public void close() {
    closeApi();
    if (listener != null) {
      listener.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }
}
