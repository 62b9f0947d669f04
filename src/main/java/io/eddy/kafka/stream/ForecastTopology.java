package io.eddy.kafka.stream;

import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.topics.TopicNames;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the forecaster's topology. Every operator and store is named by hand: generated names
 * change with the code and would orphan the state.
 */
public final class ForecastTopology {
  static final String EVENTS = "events";
  static final String FORECASTER = "forecaster";
  static final String FORECASTS = "forecasts";
  static final String SCORES = "scores";
  static final String ANOMALIES = "anomalies";
  static final String DEAD_LETTERS = "dead-letters";

  /** Sink of alerts; exists only if there are rules. */
  static final String ALERTS = "alerts";

  /** Re-keys events by series, if fields name the series. */
  static final String KEYER = "keyer";

  static final String KEYED_EVENTS = "keyed-events";
  static final String KEYED_EVENTS_SINK = "keyed-events-sink";
  public static final String KEYER_DEAD_LETTERS = "keyer-dead-letters";

  /**
   * Start of the names of all stores with a changelog topic. A permission on internal topics covers
   * those that start with the application's id and this text, and no other topic.
   */
  public static final String SERIES_STORES = "series-";

  /** State store of the series' states. */
  public static final String STATES = SERIES_STORES + "state";

  /** State store of the other parts of the series: segments, rings, pending forecasts. */
  public static final String WINDOWS = SERIES_STORES + "window";

  /** State store of the shadows: states and other parts. */
  static final String SHADOWS = SERIES_STORES + "shadow";

  /** State store of the series' undo logs; exists only if late observations revise. */
  public static final String UNDO_LOGS = SERIES_STORES + "undo";

  /** Global store of model manifests and parts. */
  public static final String MODELS = "models";

  /** Global store of activations. */
  public static final String ACTIVATIONS = "activations";

  private ForecastTopology() {}

  /** Returns the names of the changelog topics that an application may have. */
  public static List<String> changelogTopics(String applicationId) {
    return Stream.of(STATES, WINDOWS, SHADOWS, UNDO_LOGS)
        .map(store -> applicationId + "-" + store + "-changelog")
        .toList();
  }

  /** Returns the names of the changelog topics that every application with state has. */
  public static List<String> requiredChangelogTopics(String applicationId) {
    return Stream.of(STATES, WINDOWS, SHADOWS)
        .map(store -> applicationId + "-" + store + "-changelog")
        .toList();
  }

  /** Builds the topology. Reads no configuration and does no I/O. */
  public static Topology build(StreamSettings settings) {
    return build(settings, new ModelCatalog(ModelLoader.of(settings)));
  }

  /** Builds the topology with a catalog of versions. */
  public static Topology build(StreamSettings settings, ModelCatalog catalog) {
    return build(settings, catalog, UnaryOperator.identity());
  }

  /**
   * Builds the topology with a catalog of versions, the counters of the process and the forecasts
   * of watched series.
   */
  public static Topology build(
      StreamSettings settings,
      ModelCatalog catalog,
      StreamCounters counters,
      WatchedForecasts watched) {
    return build(
        settings,
        new Parts(catalog, new ForecastProcessor.Observers(counters, watched)),
        UnaryOperator.identity());
  }

  private record Parts(ModelCatalog catalog, ForecastProcessor.Observers observers) {}

  /** Builds the topology with a catalog of versions and a decorator of the forecast processor. */
  public static Topology build(
      StreamSettings settings,
      ModelCatalog catalog,
      UnaryOperator<Processor<byte[], byte[], byte[], byte[]>> around) {
    return build(
        settings,
        new Parts(
            catalog, new ForecastProcessor.Observers(new StreamCounters(), new WatchedForecasts())),
        around);
  }

  private static Topology build(
      StreamSettings settings,
      Parts parts,
      UnaryOperator<Processor<byte[], byte[], byte[], byte[]>> around) {
    ModelCatalog catalog = parts.catalog();
    TopicNames topics = settings.topics();
    Topology topology = new Topology();
    // Holds every version ever published, few of which are in use: on disk it costs no heap.
    addGlobalStore(topology, Stores.persistentKeyValueStore(MODELS), topics.models(), catalog);
    addGlobalStore(
        topology, Stores.inMemoryKeyValueStore(ACTIVATIONS), topics.activations(), catalog);
    SourcePartitioner partition = new SourcePartitioner();
    topology.addSource(
        EVENTS, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events());
    String keyed = topics.keyedEvents();
    String source =
        keyed == null ? EVENTS : addKeyer(topology, settings, parts.observers().counters(), keyed);
    topology
        .addProcessor(
            FORECASTER,
            () ->
                around.apply(
                    new ForecastProcessor(settings, catalog, parts.observers(), partition)),
            source)
        .addStateStore(seriesStore(STATES, Serdes.String()), FORECASTER)
        .addStateStore(seriesStore(WINDOWS, Serdes.Bytes()), FORECASTER)
        .addStateStore(seriesStore(SHADOWS, Serdes.Bytes()), FORECASTER);
    if (settings.policies().lateness().isRevising()) {
      topology.addStateStore(seriesStore(UNDO_LOGS, Serdes.Bytes()), FORECASTER);
    }
    topology.addSink(
        FORECASTS,
        topics.forecasts(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        partition,
        FORECASTER);
    addSink(topology, SCORES, topics.scores(), FORECASTER);
    String anomalies = topics.anomalies();
    if (anomalies != null) {
      topology.addSink(
          ANOMALIES,
          anomalies,
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          partition,
          FORECASTER);
    }
    addSink(topology, DEAD_LETTERS, topics.deadLetters(), FORECASTER);
    String alerts = topics.alerts();
    if (alerts != null) {
      topology.addSink(
          ALERTS,
          alerts,
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          partition,
          FORECASTER);
    }
    return topology;
  }

  /**
   * Returns a store of the series, without Kafka's record cache: most series have at most one event
   * between two commits, so that the cache costs time and saves no changelog records.
   */
  private static <K> StoreBuilder<KeyValueStore<K, byte[]>> seriesStore(
      String name, Serde<K> keys) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), keys, Serdes.ByteArray());
  }

  /** Adds the re-keying of events; returns the name of the source of re-keyed events. */
  private static String addKeyer(
      Topology topology, StreamSettings settings, StreamCounters counters, String keyed) {
    topology.addProcessor(
        KEYER,
        () -> new EventKeyer(settings.events(), settings.policies().nullValues(), counters),
        EVENTS);
    addSink(topology, KEYED_EVENTS_SINK, keyed, KEYER);
    addSink(topology, KEYER_DEAD_LETTERS, settings.topics().deadLetters(), KEYER);
    topology.addSource(
        KEYED_EVENTS, new ByteArrayDeserializer(), new ByteArrayDeserializer(), keyed);
    return KEYED_EVENTS;
  }

  private static void addGlobalStore(
      Topology topology, KeyValueBytesStoreSupplier kept, String topic, ModelCatalog catalog) {
    String name = kept.name();
    StoreBuilder<KeyValueStore<String, byte[]>> store =
        Stores.keyValueStoreBuilder(kept, Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled();
    topology.addGlobalStore(
        store,
        name + "-source",
        new StringDeserializer(),
        new ByteArrayDeserializer(),
        topic,
        name + "-keeper",
        () -> new GlobalStoreUpdater(name, catalog));
  }

  private static void addSink(Topology topology, String name, String topic, String parent) {
    topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
  }
}
