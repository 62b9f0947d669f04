package io.eddy.bench.stream;

import io.eddy.kafka.StreamProperties;
import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.rocksdb.RocksDbSettings;
import io.eddy.kafka.rocksdb.SharedMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The main class of the process that Eddy is compared with: a topology with one store, between the
 * same topics, with the same properties of Kafka Streams and RocksDB.
 */
public final class BareStream {
  /** Name of the state store. */
  static final String STATES = "bare-state";

  /** Topic of the results. */
  static final String RESULTS = "bare-results";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private BareStream() {}

  /**
   * Runs until SIGTERM.
   *
   * @param arguments the file of the {@link RecordSample}, then Eddy's settings as {@code
   *     key=value}
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<RecordSample.Pair> samples = RecordSample.read(Path.of(arguments[0])).pairs();
    EddyConfig config =
        new SettingSources().assignments(List.of(arguments).subList(1, arguments.length)).load();
    Deployment deployment = config.deployment();
    RocksDbSettings rocksDb = deployment.rocksDb();
    KafkaStreams streams =
        new KafkaStreams(
            topology(config.stream().topics().events(), samples),
            StreamProperties.of(deployment, rocksDb == null ? null : new SharedMemory(rocksDb)));
    CountDownLatch ended = new CountDownLatch(1);
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            ended.countDown();
          }
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(CLOSE_TIMEOUT)));
    streams.start();
    ended.await();
    System.exit(1);
  }

  /** Builds the topology. */
  static Topology topology(String events, List<RecordSample.Pair> samples) {
    Topology topology = new Topology();
    topology.addSource("events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), events);
    topology.addProcessor("bare", () -> new BareProcessor(samples), "events");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STATES), Serdes.Bytes(), Serdes.ByteArray()),
        "bare");
    topology.addSink(
        "results", RESULTS, new ByteArraySerializer(), new ByteArraySerializer(), "bare");
    return topology;
  }
}
