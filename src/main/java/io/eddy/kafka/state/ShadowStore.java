package io.eddy.kafka.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The store of a task's shadows. Tracks whether it is empty, so that reads can be skipped. */
final class ShadowStore implements ByteStore {
  /** Entries that one call of {@link #sweep} visits. */
  private static final int SWEEP_SIZE = 2000;

  private final KeyValueStore<Bytes, byte[]> store;
  private boolean mayHold;

  /** The key that the present sweep goes on with; null if no sweep is in progress. */
  private @Nullable Bytes next;

  /** Whether the present sweep found entries to keep, or entries were written during it. */
  private boolean isHolding;

  ShadowStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      mayHold = all.hasNext();
    }
  }

  /** Returns false if the store is empty. */
  boolean mayHold() {
    return mayHold;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return mayHold ? store.get(key) : null;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    mayHold = true;
    isHolding = true;
    store.put(key, value);
  }

  /** Deletes everything stored of a series. */
  void delete(String series) {
    KafkaPartitionStore.delete(store, StoreKeys.firstPart(series), StoreKeys.lastPart(series));
  }

  /**
   * Continues to delete the entries of series without a shadow.
   *
   * @return whether the sweep reached the end of the store
   */
  boolean sweep(Predicate<String> isKept) {
    List<Bytes> found = new ArrayList<>();
    boolean isDone;
    isHolding = next != null && isHolding;
    try (KeyValueIterator<Bytes, byte[]> rest =
        next == null ? store.all() : store.range(next, null)) {
      for (int i = 0; i < SWEEP_SIZE && rest.hasNext(); i++) {
        next = rest.next().key;
        if (isKept.test(StoreKeys.seriesOfPart(next))) {
          isHolding = true;
        } else {
          found.add(next);
        }
      }
      isDone = !rest.hasNext();
    }
    found.forEach(store::delete);
    if (isDone) {
      next = null;
      mayHold = isHolding;
    }
    return isDone;
  }
}
