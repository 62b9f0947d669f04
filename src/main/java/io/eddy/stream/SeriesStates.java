package io.eddy.stream;

import io.eddy.codec.RewindCodec;
import io.eddy.codec.SegmentCodec;
import io.eddy.codec.StateCodec;
import io.eddy.codec.StateHeader;
import io.eddy.codec.TrialCodec;
import io.eddy.forecast.SeriesState;
import io.eddy.forecast.StepResult;
import io.eddy.series.Arrival;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The states of the series of one task, in its two stores. */
final class SeriesStates {
  private final KeyValueStore<String, byte[]> states;
  private final KeyValueStore<Bytes, byte[]> windows;
  private final ByteStore pasts;

  private final @Nullable KeyValueStore<Bytes, byte[]> rewinds;
  private final Revisions revisions;
  private final TrialCodec trials = new TrialCodec();

  /**
   * Of one task.
   *
   * @param rewinds where what series can be taken back to is kept; null where nothing is revised
   */
  SeriesStates(
      KeyValueStore<String, byte[]> states,
      KeyValueStore<Bytes, byte[]> windows,
      @Nullable KeyValueStore<Bytes, byte[]> rewinds,
      Arrival arrival) {
    this.states = states;
    this.windows = windows;
    pasts = ByteStore.of(windows);
    this.rewinds = rewinds;
    revisions = new Revisions(arrival);
  }

  /** A state being worked on. */
  static final class Opened {
    private final String series;
    private final StoredPast past;
    private final Revisions.@Nullable Kept kept;
    private final byte @Nullable [] bytes;
    private SeriesState state;

    private Opened(
        SeriesState state,
        StoredPast past,
        Revisions.@Nullable Kept kept,
        String series,
        byte @Nullable [] bytes) {
      this.series = series;
      this.state = state;
      this.past = past;
      this.kept = kept;
      this.bytes = bytes;
    }

    String series() {
      return series;
    }

    SeriesState state() {
      return state;
    }

    StoredPast past() {
      return past;
    }

    /** The state as it was found; null where there was none; not to be modified. */
    byte @Nullable [] bytes() {
      return bytes;
    }
  }

  /** The bytes of a series' state; null where it was never seen. */
  byte @Nullable [] find(String series) {
    return states.get(series);
  }

  /**
   * The state of a series, or that of one never seen.
   *
   * @param bytes of the state
   */
  Opened open(String series, byte @Nullable [] bytes, ServingModels.Serving serving) {
    StoredPast past = new StoredPast(pasts, series, trials);
    Revisions.Kept kept =
        rewinds == null ? null : revisions.keeping(past, () -> ByteStore.of(rewinds), series);
    SeriesState.Stores stores = new SeriesState.Stores(past, past, past, past);
    SeriesState state =
        bytes == null
            ? SeriesState.initial(serving.model(), serving.activation().epoch(), stores)
            : StateCodec.decode(bytes, serving.model(), stores);
    return new Opened(state, past, kept, series, bytes);
  }

  /** Lets an observation act on a state. */
  StepResult apply(Opened opened, Observation observation, ServingModels.Serving serving) {
    Revisions.Applied applied = revisions.apply(opened.state, observation, serving, opened.kept);
    opened.state = applied.state();
    return applied.result();
  }

  /** Deletes all that there is of a series. */
  void remove(String series) {
    states.delete(series);
    remove(windows, SegmentCodec.key(series, 0), SegmentCodec.key(series, -1));
    if (rewinds != null) {
      remove(rewinds, RewindCodec.firstKey(series), RewindCodec.lastKey(series));
    }
  }

  /** Deletes what is between two keys and as long as they are. */
  private static void remove(KeyValueStore<Bytes, byte[]> store, byte[] first, byte[] last) {
    List<Bytes> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> range = store.range(Bytes.wrap(first), Bytes.wrap(last))) {
      while (range.hasNext()) {
        Bytes key = range.next().key;
        if (key.get().length == first.length) {
          found.add(key);
        }
      }
    }
    found.forEach(store::delete);
  }

  /**
   * Writes a state back.
   *
   * @param heardMs when the series was heard of, for the state to say; {@link StateHeader#UNKNOWN}
   *     where it has not to
   */
  void close(Opened opened, long heardMs) {
    opened.past().flush();
    if (opened.kept != null) {
      opened.kept.rewind().flush(opened.state);
    }
    states.put(
        opened.series(),
        heardMs == StateHeader.UNKNOWN
            ? StateCodec.encode(opened.state())
            : StateCodec.encode(opened.state(), heardMs));
  }
}
