package io.eddy.stream;

import io.eddy.codec.SegmentCodec;
import io.eddy.codec.StateCodec;
import io.eddy.codec.StateHeader;
import io.eddy.codec.TrialCodec;
import io.eddy.forecast.SeriesState;
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

  private final TrialCodec trials = new TrialCodec();

  SeriesStates(KeyValueStore<String, byte[]> states, KeyValueStore<Bytes, byte[]> windows) {
    this.states = states;
    this.windows = windows;
  }

  /** A state being worked on. */
  static final class Opened {
    private final String series;
    private final SeriesState state;
    private final StoredPast past;
    private final byte @Nullable [] bytes;

    private Opened(String series, SeriesState state, StoredPast past, byte @Nullable [] bytes) {
      this.series = series;
      this.state = state;
      this.past = past;
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
    StoredPast past = new StoredPast(windows, series, trials);
    SeriesState.Stores stores = new SeriesState.Stores(past, past, past, past);
    SeriesState state =
        bytes == null
            ? SeriesState.initial(serving.model(), serving.activation().epoch(), stores)
            : StateCodec.decode(bytes, serving.model(), stores);
    return new Opened(series, state, past, bytes);
  }

  /** Deletes all that there is of a series. */
  void remove(String series) {
    states.delete(series);
    int size = SegmentCodec.key(series, 0).length;
    List<Bytes> found = new ArrayList<>();
    Bytes first = Bytes.wrap(SegmentCodec.key(series, 0));
    Bytes last = Bytes.wrap(SegmentCodec.key(series, -1));
    try (KeyValueIterator<Bytes, byte[]> range = windows.range(first, last)) {
      while (range.hasNext()) {
        Bytes key = range.next().key;
        if (key.get().length == size) {
          found.add(key);
        }
      }
    }
    found.forEach(windows::delete);
  }

  /**
   * Writes a state back.
   *
   * @param heardMs when the series was heard of, for the state to say; {@link StateHeader#UNKNOWN}
   *     where it has not to
   */
  void close(Opened opened, long heardMs) {
    opened.past().flush();
    states.put(
        opened.series(),
        heardMs == StateHeader.UNKNOWN
            ? StateCodec.encode(opened.state())
            : StateCodec.encode(opened.state(), heardMs));
  }
}
