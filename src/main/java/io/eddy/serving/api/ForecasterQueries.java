package io.eddy.serving.api;

import io.eddy.forecast.step.SeriesState;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.query.CommittedRecords;
import io.eddy.kafka.query.ForecastFeed;
import io.eddy.kafka.query.ForecastHistory;
import io.eddy.kafka.query.Instances;
import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.query.StateUnavailableException;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.kafka.stream.ActivationStore;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.jspecify.annotations.Nullable;

/** The queries of the API about one running forecaster. Thread-safe. */
final class ForecasterQueries implements AutoCloseable {
  private final Forecaster forecaster;
  private final LocalSeries series;
  private final Instances instances;
  private final CommittedRecords records;
  private final ForecastHistory history;
  private final ForecastFeed feed;
  private final ActivationStore activations;
  private volatile int sourcePartitions;

  /**
   * Creates the queries.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param self address that other instances know this one by
   */
  ForecasterQueries(Forecaster forecaster, Map<String, Object> client, HostInfo self) {
    this.forecaster = forecaster;
    String source = forecaster.settings().topics().source();
    String clientId = forecaster.id().instance();
    series = new LocalSeries(forecaster.streams(), source);
    instances = new Instances(forecaster.streams(), source, self);
    records = new CommittedRecords(client, clientId + "-api");
    history = new ForecastHistory(forecaster.settings(), records);
    feed = new ForecastFeed(forecaster.streams(), source, forecaster.watchedForecasts());
    activations = new ActivationStore(forecaster.settings().model());
  }

  Forecaster forecaster() {
    return forecaster;
  }

  LocalSeries series() {
    return series;
  }

  Instances instances() {
    return instances;
  }

  ForecastHistory history() {
    return history;
  }

  ForecastFeed feed() {
    return feed;
  }

  /** Returns the season of a series' version in steps, 0 for none; null if it is not loaded. */
  @Nullable Integer seasonSteps(StoredSeries stored) {
    Model model = forecaster.catalog().loaded(stored.state().served().version());
    return model == null ? null : model.specification().output().baseline().seasonSteps();
  }

  /** Returns the number of partitions of the topic that forecasts are computed from. */
  int sourcePartitions() {
    // Kafka Streams does not support a change while it runs.
    if (sourcePartitions == 0) {
      sourcePartitions = records.partitions(forecaster.settings().topics().source());
    }
    return sourcePartitions;
  }

  /**
   * Returns the activations of the model.
   *
   * @throws StateUnavailableException before they are restored
   */
  Activations activations() {
    try {
      return activations.read(
          forecaster
              .streams()
              .store(
                  StoreQueryParameters.fromNameAndType(
                      ForecastTopology.ACTIVATIONS,
                      QueryableStoreTypes.<String, byte[]>keyValueStore())));
    } catch (InvalidStateStoreException | IllegalStateException e) {
      throw new StateUnavailableException("the activations are being restored", e);
    }
  }

  /** Returns the activation that a series migrates to at its next event, or null. */
  @Nullable Activation pendingMigration(StoredSeries stored) {
    long lastStepMs = stored.state().lastStepMs();
    if (lastStepMs == SeriesState.NO_TIME) {
      return null;
    }
    Set<ModelVersion> rejected = forecaster.catalog().contents().rejected().keySet();
    Activation target =
        activations()
            .find(
                Role.SERVE,
                stored.name(),
                lastStepMs,
                activation -> !rejected.contains(activation.version()));
    return target == null || stored.state().belongsTo(target.version()) ? null : target;
  }

  @Override
  public void close() {
    feed.close();
    records.close();
  }
}
