package io.eddy.kafka.stream;

import io.eddy.kafka.state.ByteStore;
import io.eddy.kafka.state.PendingForecastCodec;
import io.eddy.kafka.state.SegmentCodec;
import io.eddy.kafka.state.SeriesRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store of a task's shadows: of each series under one number the state, under the others what
 * {@link SeriesRecords} keeps. Knows whether it is empty, so that nobody has to look.
 */
final class ShadowStore {
  /** Beside what the past has under numbers of its own: −1 and −2 are the trial and the shifts. */
  private static final long STATE = -3;

  private static final int NUMBER_BYTES = 1 + Long.BYTES;

  /** Entries looked at in one go when the store is swept. */
  private static final int CHUNK = 2000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final PendingForecastCodec trials = new PendingForecastCodec();
  private boolean mayHold;

  /** Where the sweep goes on; null where none is under way. */
  private @Nullable Bytes next;

  /** Whether the sweep under way has found, or seen written, anything that stays. */
  private boolean isHolding;

  ShadowStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      mayHold = all.hasNext();
    }
  }

  /** Whether there may be anything in it. */
  boolean mayHold() {
    return mayHold;
  }

  byte @Nullable [] state(String series) {
    return mayHold ? store.get(key(series, STATE)) : null;
  }

  void put(String series, byte[] state) {
    mayHold = true;
    isHolding = true;
    store.put(key(series, STATE), state);
  }

  /** The past of a series whose trials begin only where the leader's do. */
  SeriesRecords past(String series, @Nullable SeriesRecords leader) {
    return new SeriesRecords(ByteStore.of(store), series, trials, leader);
  }

  /** Deletes all that there is of a series. */
  void remove(String series) {
    List<Bytes> found = new ArrayList<>();
    int size = series.getBytes(StandardCharsets.UTF_8).length + NUMBER_BYTES;
    try (KeyValueIterator<Bytes, byte[]> range = store.range(key(series, 0), key(series, -1))) {
      while (range.hasNext()) {
        Bytes key = range.next().key;
        if (key.get().length == size) {
          found.add(key);
        }
      }
    }
    found.forEach(store::delete);
  }

  /**
   * Goes on deleting what there is of series that are no longer shadowed.
   *
   * @return whether it came to the end
   */
  boolean sweep(Predicate<String> isKept) {
    List<Bytes> found = new ArrayList<>();
    boolean isDone;
    isHolding = next != null && isHolding;
    try (KeyValueIterator<Bytes, byte[]> rest =
        next == null ? store.all() : store.range(next, null)) {
      for (int i = 0; i < CHUNK && rest.hasNext(); i++) {
        next = rest.next().key;
        if (isKept.test(series(next))) {
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

  private static String series(Bytes key) {
    return new String(key.get(), 0, key.get().length - NUMBER_BYTES, StandardCharsets.UTF_8);
  }

  private static Bytes key(String series, long number) {
    return Bytes.wrap(SegmentCodec.key(series, number));
  }
}
