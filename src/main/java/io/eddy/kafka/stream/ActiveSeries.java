package io.eddy.kafka.stream;

import io.eddy.admission.ActiveSeriesCounter;
import io.eddy.admission.SeriesLimits;
import io.eddy.kafka.state.ActiveSeriesCounterCodec;
import io.eddy.kafka.state.StateHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The series of one task, counted: the census lies in the store beside their states and changes in
 * the same transaction, so that no start has to count. Where nothing is to be counted, an event
 * costs no look.
 */
final class ActiveSeries {
  private static final Bytes CENSUS = Bytes.wrap(ActiveSeriesCounterCodec.key());

  /** States looked at in one go when those of silent series are swept. */
  private static final int CHUNK = 2000;

  private final SeriesLimits limits;
  private final KeyValueStore<String, byte[]> states;
  private final KeyValueStore<Bytes, byte[]> windows;
  private final ActiveSeriesCounter census;

  /** Where the sweep under way goes on; null where none is. */
  private @Nullable String next;

  /** The span in which the sweep under way began, and in which the last whole one did. */
  private long sweeping;

  private long swept = Long.MIN_VALUE;

  ActiveSeries(
      SeriesLimits limits,
      KeyValueStore<String, byte[]> states,
      KeyValueStore<Bytes, byte[]> windows) {
    this.limits = limits;
    this.states = states;
    this.windows = windows;
    census = limits.census();
    byte[] kept = windows.get(CENSUS);
    if (!limits.areCounted()) {
      if (kept != null) {
        // Whoever counts again has to begin with what is there then.
        windows.delete(CENSUS);
      }
    } else if (kept == null || !ActiveSeriesCounterCodec.restore(census, kept)) {
      count();
    }
  }

  /** Counts what was there before anybody counted, or was counted by another time to live. */
  private void count() {
    try (KeyValueIterator<String, byte[]> all = states.all()) {
      while (all.hasNext()) {
        census.found(seen(all.next().value));
      }
    }
    keep();
  }

  /** The span in which a series was last heard of. */
  private long seen(byte @Nullable [] state) {
    if (state == null) {
      return ActiveSeriesCounter.NEW;
    }
    return limits.areTimed() ? census.spanOf(StateHeader.heardMs(state)) : 0;
  }

  /** Whether the series of a state was silent for so long that it is there no longer. */
  boolean isOver(byte @Nullable [] state) {
    return limits.areTimed() && state != null && census.isOver(seen(state));
  }

  /** Whether there is no place for one more. */
  boolean isFull() {
    return limits.areCounted() && census.isFull();
  }

  /**
   * Takes an observation that acted.
   *
   * @param before the state that its series had; null where it is new
   * @return when the series was heard of, for its state to say; {@link StateHeader#UNKNOWN} where
   *     it has not to
   */
  long heard(String series, long timeMs, byte @Nullable [] before) {
    if (!limits.areCounted()) {
      return StateHeader.UNKNOWN;
    }
    long now = census.heard(series, timeMs, seen(before));
    keep();
    return limits.areTimed() ? census.beginMs(now) : StateHeader.UNKNOWN;
  }

  /** Takes a series that is deleted, whose state that was; null where there was none. */
  void gone(byte @Nullable [] state) {
    if (limits.areCounted() && state != null) {
      census.gone(seen(state));
      keep();
    }
  }

  private void keep() {
    if (census.takeChanged()) {
      windows.put(CENSUS, ActiveSeriesCounterCodec.encode(census));
    }
  }

  /**
   * Goes on looking for series that were silent for too long. When they are found makes no
   * difference to what is forecast: they are there no longer, whether their states are or not.
   *
   * @return those that are to be deleted
   */
  List<String> sweep() {
    if (!limits.areTimed() || (next == null && swept == census.now())) {
      return List.of();
    }
    sweeping = next == null ? census.now() : sweeping;
    List<String> over = new ArrayList<>();
    List<KeyValue<String, byte[]>> unmarked = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> rest =
        next == null ? states.all() : states.range(next, null)) {
      for (int i = 0; i < CHUNK && rest.hasNext(); i++) {
        KeyValue<String, byte[]> one = rest.next();
        if (isOver(one.value)) {
          over.add(one.key);
        } else if (seen(one.value) == ActiveSeriesCounter.UNMARKED) {
          unmarked.add(one);
        }
      }
      next = rest.hasNext() ? rest.peekNextKey() : null;
    }
    swept = next == null ? sweeping : swept;
    unmarked.forEach(one -> mark(one.key, one.value));
    keep();
    return over;
  }

  private void mark(String series, byte[] state) {
    long now = census.mark();
    if (now != ActiveSeriesCounter.UNMARKED) {
      states.put(series, StateHeader.withHeard(state, census.beginMs(now)));
    }
  }
}
