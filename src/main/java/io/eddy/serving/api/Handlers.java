package io.eddy.serving.api;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.query.Instances.Instance;
import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.serving.http.HttpException;
import io.eddy.serving.http.Request;
import io.eddy.serving.http.Response;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Answers the requests of the API while the forecaster exists. */
final class Handlers implements AutoCloseable {
  private static final int MAX_PREFIX_BYTES = 1024;
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_STEPS = 10_000;
  private static final int PAST_FORECASTS = 8;
  private static final int SCORED_HORIZONS = 20;
  private static final int DEFAULT_HORIZON = 24;

  private final ForecasterQueries queries;
  private final Peers peers;
  private final SeriesRouter router;
  private final StatusReader status;
  private final ModelsReader models;
  private final Streams streams;

  Handlers(ForecasterQueries queries, Peers peers, long startedNs) {
    this.queries = queries;
    this.peers = peers;
    router = new SeriesRouter(queries, peers);
    status = new StatusReader(queries, peers, startedNs);
    models = new ModelsReader(queries, peers);
    streams = new Streams(queries, () -> new StatusFeed.StatusEvent(status.all(), models.all()));
  }

  private static boolean isForwarded(Request request) {
    return request.header(Peers.FORWARDED) != null;
  }

  Response status(Request request) {
    return Response.json(isForwarded(request) ? status.local() : status.all());
  }

  Response models(Request request) {
    return Response.json(isForwarded(request) ? models.local() : models.all());
  }

  Response statusStream(Request request) {
    return streams.status();
  }

  Response list(Request request) {
    String prefix = request.query("prefix", "");
    if (prefix.length() > MAX_PREFIX_BYTES) {
      throw new HttpException(
          400, "prefix: expected at most %d characters".formatted(MAX_PREFIX_BYTES));
    }
    int limit = request.query("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    if (!isForwarded(request)) {
      return Response.json(router.listAll(prefix, limit));
    }
    // Read first: a partition that is lost meanwhile must not count as listed.
    SortedSet<Integer> partitions = queries.series().partitions();
    SeriesListDocument local = router.listLocal(prefix, limit);
    partitions.retainAll(queries.series().partitions());
    return Response.json(local)
        .withHeader(
            Peers.PARTITIONS,
            partitions.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  Response series(Request request) {
    SeriesPath path = SeriesPath.parse(request.path());
    int steps = request.query("steps", MAX_STEPS, 1, MAX_STEPS);
    SeriesRouter.Location location = router.locate(path.name(), isForwarded(request));
    if (path.isStream()) {
      return location.local() == null
          ? streams.forward(peers, Objects.requireNonNull(location.instance()), request)
          : streams.series(location.local(), EventId.parse(request.header("Last-Event-ID")));
    }
    return location.local() == null
        ? forward(Objects.requireNonNull(location.instance()), request.path() + "?steps=" + steps)
        : Response.json(document(location.local(), steps));
  }

  private Response forward(Instance instance, String path) {
    Peers.Answer answer = peers.askAll(List.of(instance), path).get(0);
    if (answer.body() == null) {
      throw new HttpException(
          503, "instance %s holds the series; %s".formatted(instance.address(), answer.error()));
    }
    if (answer.status() != 200) {
      throw new HttpException(answer.status(), Documents.error(answer));
    }
    return Response.text(200, "application/json", answer.body())
        .withHeader("Cache-Control", "no-store");
  }

  private SeriesDocument document(LocalSeries.Entry entry, int steps) {
    List<Forecast> forecasts =
        SeriesDocument.newestByOrigin(
            queries.history().forecasts(entry, PAST_FORECASTS).stream()
                .map(PublishedForecast::forecast)
                .toList(),
            1 + PAST_FORECASTS);
    int horizon = forecasts.isEmpty() ? DEFAULT_HORIZON : forecasts.get(0).horizon();
    return SeriesDocument.of(
            entry,
            steps,
            queries.pendingMigration(entry.series()),
            forecasts,
            AccuracyDocument.ofScores(queries.history().scores(entry, SCORED_HORIZONS * horizon)))
        .withSeasonSteps(queries.seasonSteps(entry.series()));
  }

  @Override
  public void close() {
    streams.close();
    queries.close();
  }
}
