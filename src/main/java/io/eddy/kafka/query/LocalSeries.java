package io.eddy.kafka.query;

import io.eddy.kafka.state.StoredSeries;
import io.eddy.kafka.stream.ForecastTopology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads the series of this instance from its state stores. Thread-safe. */
public final class LocalSeries {
  /** The order of series: by the bytes of their names in UTF-8, as in the state store. */
  public static final Comparator<String> ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final KafkaStreams streams;
  private final String sourceTopic;

  /**
   * A series and its partition.
   *
   * @param partition of the events that it is computed from, and of its forecasts
   */
  public record Entry(StoredSeries series, int partition) {}

  /**
   * Some series, in their order.
   *
   * @param isTruncated whether more series match
   */
  public record Page(List<Entry> entries, boolean isTruncated) {}

  /** The stores of one partition. */
  private record Stores(
      int partition,
      ReadOnlyKeyValueStore<String, byte[]> states,
      ReadOnlyKeyValueStore<Bytes, byte[]> windows) {
    Entry entry(String name, byte[] state) {
      return new Entry(new StoredSeries(name, state, windows::get), partition);
    }
  }

  /** The remaining series of one partition. */
  private record Cursor(Stores stores, KeyValueIterator<String, byte[]> remaining) {
    String next() {
      return remaining.peekNextKey();
    }
  }

  /**
   * Creates a reader.
   *
   * @param sourceTopic topic that forecasts are computed from
   */
  public LocalSeries(KafkaStreams streams, String sourceTopic) {
    this.streams = streams;
    this.sourceTopic = sourceTopic;
  }

  /** Returns the partitions that this instance serves now. */
  public SortedSet<Integer> partitions() {
    SortedSet<Integer> partitions = new TreeSet<>();
    streams
        .metadataForLocalThreads()
        .forEach(
            thread ->
                thread.activeTasks().stream()
                    .flatMap(task -> task.topicPartitions().stream())
                    .filter(partition -> partition.topic().equals(sourceTopic))
                    .forEach(partition -> partitions.add(partition.partition())));
    return partitions;
  }

  /**
   * Returns the first series whose names begin with a prefix.
   *
   * @throws StateUnavailableException during a rebalance or before the state is restored
   */
  public Page list(String prefix, int limit) {
    PriorityQueue<Cursor> cursors = new PriorityQueue<>(Comparator.comparing(Cursor::next, ORDER));
    List<KeyValueIterator<String, byte[]>> opened = new ArrayList<>();
    try {
      for (Stores stores : stores()) {
        KeyValueIterator<String, byte[]> found =
            prefix.isEmpty()
                ? stores.states().all()
                : stores.states().prefixScan(prefix, new StringSerializer());
        opened.add(found);
        if (found.hasNext()) {
          cursors.add(new Cursor(stores, found));
        }
      }
      List<Entry> entries = new ArrayList<>();
      while (entries.size() < limit && !cursors.isEmpty()) {
        Cursor cursor = cursors.remove();
        KeyValue<String, byte[]> next = cursor.remaining().next();
        entries.add(cursor.stores().entry(next.key, next.value));
        if (cursor.remaining().hasNext()) {
          cursors.add(cursor);
        }
      }
      return new Page(entries, !cursors.isEmpty());
    } catch (InvalidStateStoreException e) {
      throw unavailable(e);
    } finally {
      opened.forEach(KeyValueIterator::close);
    }
  }

  /**
   * Returns a series, or null if this instance does not have it.
   *
   * @throws StateUnavailableException during a rebalance or before the state is restored
   */
  public @Nullable Entry find(String name) {
    try {
      for (Stores stores : stores()) {
        byte[] state = stores.states().get(name);
        if (state != null) {
          return stores.entry(name, state);
        }
      }
      return null;
    } catch (InvalidStateStoreException e) {
      throw unavailable(e);
    }
  }

  /**
   * Returns a series of a partition, or null if the partition does not have it.
   *
   * @throws StateUnavailableException if this instance does not serve the partition now
   */
  public @Nullable Entry find(String name, int partition) {
    try {
      Stores stores = stores(partition);
      byte[] state = stores.states().get(name);
      return state == null ? null : stores.entry(name, state);
    } catch (InvalidStateStoreException e) {
      throw unavailable(e);
    }
  }

  private List<Stores> stores() {
    KafkaStreams.State state = streams.state();
    if (state != KafkaStreams.State.RUNNING) {
      throw new StateUnavailableException(describe(state));
    }
    List<Stores> stores = new ArrayList<>();
    for (int partition : partitions()) {
      stores.add(stores(partition));
    }
    return stores;
  }

  private Stores stores(int partition) {
    return new Stores(
        partition,
        this.<String>store(ForecastTopology.STATES, partition),
        this.<Bytes>store(ForecastTopology.WINDOWS, partition));
  }

  private <K> ReadOnlyKeyValueStore<K, byte[]> store(String name, int partition) {
    try {
      return streams.store(
          StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, byte[]>keyValueStore())
              .withPartition(partition));
    } catch (InvalidStateStoreException | IllegalStateException e) {
      throw unavailable(e);
    }
  }

  private static String describe(KafkaStreams.State state) {
    return switch (state) {
      case CREATED -> "the forecaster is starting";
      case REBALANCING -> "partitions are being assigned or their state is being restored";
      default -> "the forecaster is stopping (" + state + ")";
    };
  }

  private static StateUnavailableException unavailable(RuntimeException cause) {
    return new StateUnavailableException(
        "partitions are being assigned or their state is being restored", cause);
  }
}
