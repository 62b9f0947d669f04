package io.eddy.kafka.stream;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.state.ByteStore;
import io.eddy.kafka.state.LateRevisions;
import io.eddy.kafka.state.PendingForecastCodec;
import io.eddy.kafka.state.SegmentCodec;
import io.eddy.kafka.state.SeriesRecords;
import io.eddy.kafka.state.StateCodec;
import io.eddy.kafka.state.StateHeader;
import io.eddy.kafka.state.UndoLogCodec;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The states of the series of one task, in its two stores. */
final class SeriesStateStore {
  private final KeyValueStore<String, byte[]> states;
  private final KeyValueStore<Bytes, byte[]> windows;
  private final ByteStore pasts;

  private final @Nullable KeyValueStore<Bytes, byte[]> rewinds;
  private final LateRevisions revisions;
  private final PendingForecastCodec trials = new PendingForecastCodec();

  /**
   * Of one task.
   *
   * @param rewinds where what series can be taken back to is kept; null where nothing is revised
   */
  SeriesStateStore(
      KeyValueStore<String, byte[]> states,
      KeyValueStore<Bytes, byte[]> windows,
      @Nullable KeyValueStore<Bytes, byte[]> rewinds,
      LatenessPolicy arrival) {
    this.states = states;
    this.windows = windows;
    pasts = ByteStore.of(windows);
    this.rewinds = rewinds;
    revisions = new LateRevisions(arrival);
  }

  /** A state being worked on. */
  static final class Opened {
    private final String series;
    private final SeriesRecords past;
    private final LateRevisions.@Nullable Kept kept;
    private final byte @Nullable [] bytes;
    private SeriesState state;

    private Opened(
        SeriesState state,
        SeriesRecords past,
        LateRevisions.@Nullable Kept kept,
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

    SeriesRecords past() {
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
  Opened open(String series, byte @Nullable [] bytes, ServingVersion serving) {
    SeriesRecords past = new SeriesRecords(pasts, series, trials);
    LateRevisions.Kept kept =
        rewinds == null ? null : revisions.keeping(past, () -> ByteStore.of(rewinds), series);
    SeriesState.Stores stores = new SeriesState.Stores(past, past, past, past);
    SeriesState state =
        bytes == null
            ? SeriesState.initial(serving.model(), serving.activation().epoch(), stores)
            : StateCodec.decode(bytes, serving.model(), stores);
    return new Opened(state, past, kept, series, bytes);
  }

  /** Lets an observation act on a state. */
  StepResult apply(Opened opened, Observation observation, ServingVersion serving) {
    LateRevisions.Applied applied =
        revisions.apply(opened.state, observation, serving, opened.kept);
    opened.state = applied.state();
    return applied.result();
  }

  /** Deletes all that there is of a series. */
  void remove(String series) {
    states.delete(series);
    remove(windows, SegmentCodec.key(series, 0), SegmentCodec.key(series, -1));
    if (rewinds != null) {
      remove(rewinds, UndoLogCodec.firstKey(series), UndoLogCodec.lastKey(series));
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
