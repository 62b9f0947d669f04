package io.eddy.serving.api;

import io.eddy.kafka.Forecaster;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.serving.http.Access;
import io.eddy.serving.http.HttpException;
import io.eddy.serving.http.HttpListener;
import io.eddy.serving.http.Request;
import io.eddy.serving.http.RequestHandler;
import io.eddy.serving.http.Response;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** The handlers of the JSON API. Answers 503 until the forecaster exists. */
public final class Api implements AutoCloseable {
  private final EddyConfig config;
  private final Supplier<Optional<Forecaster>> forecaster;
  private final HostInfo self;
  private final Peers peers;
  private final long startedNs = System.nanoTime();
  private @Nullable Handlers handlers;
  private boolean isClosed;

  private Api(EddyConfig config, HostInfo self, Supplier<Optional<Forecaster>> forecaster) {
    this.config = config;
    this.self = self;
    this.forecaster = forecaster;
    peers = new Peers(config.http(), self.host() + ":" + self.port());
  }

  /**
   * Adds the handlers to a listener.
   *
   * @param self address that other instances know this one by, as in {@code application.server}
   * @param forecaster empty until the process forecasts
   */
  public static Api add(
      HttpListener listener,
      EddyConfig config,
      HostInfo self,
      Supplier<Optional<Forecaster>> forecaster) {
    Api api = new Api(config, self, forecaster);
    listener.add("/api/status", Access.TOKEN, api.handler(Handlers::status));
    listener.add("/api/models", Access.TOKEN, api.handler(Handlers::models));
    listener.add("/api/stream", Access.TOKEN, api.handler(Handlers::statusStream));
    listener.add("/api/series", Access.TOKEN, api.handler(Handlers::list));
    listener.add(SeriesPath.PREFIX, Access.TOKEN, api.handler(Handlers::series));
    return api;
  }

  private RequestHandler handler(BiFunction<Handlers, Request, Response> method) {
    return request -> {
      try {
        return method.apply(handlers(), request);
      } catch (StateUnavailableException e) {
        throw new HttpException(503, String.valueOf(e.getMessage()));
      }
    };
  }

  private synchronized Handlers handlers() {
    if (isClosed) {
      throw new StateUnavailableException("the forecaster is stopping");
    }
    if (handlers == null) {
      Forecaster running =
          forecaster
              .get()
              .orElseThrow(
                  () ->
                      new StateUnavailableException(
                          "the forecaster is starting or waits for the first activation of model "
                              + config.stream().model()));
      handlers =
          new Handlers(new ForecasterQueries(running, config.client(), self), peers, startedNs);
    }
    return handlers;
  }

  /** Ends all streams and closes the consumers. */
  @Override
  public synchronized void close() {
    isClosed = true;
    forget();
  }

  /** Ends all streams; later requests read the forecaster that runs then. */
  public synchronized void forget() {
    if (handlers != null) {
      handlers.close();
      handlers = null;
    }
  }
}
