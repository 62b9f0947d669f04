package io.eddy.stream;

import io.eddy.codec.SegmentCodec;
import io.eddy.codec.TrialCodec;
import io.eddy.forecast.Trial;
import io.eddy.forecast.TrialSlot;
import io.eddy.series.Segment;
import io.eddy.series.SegmentStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The full segments and the trial of the series at hand, in the window store; the trial stands at
 * segment number {@value #TRIAL}.
 *
 * <p>Writes wait until {@link #flush}, so that an event that fails leaves no trace.
 */
final class StoredPast implements SegmentStore, TrialSlot.Store {
  private final KeyValueStore<Bytes, byte[]> store;
  private final String series;
  private static final long TRIAL = -1;

  private final TrialCodec trials;
  private @Nullable Trial writtenTrial;
  private final Map<Long, Segment> written = new HashMap<>();
  private final Set<Long> deleted = new HashSet<>();

  StoredPast(KeyValueStore<Bytes, byte[]> store, String series, TrialCodec trials) {
    this.trials = trials;
    this.store = store;
    this.series = series;
  }

  @Override
  public @Nullable Segment read(long number) {
    Segment waiting = written.get(number);
    if (waiting != null) {
      return waiting;
    }
    byte[] bytes = store.get(key(number));
    return bytes == null ? null : SegmentCodec.decode(bytes);
  }

  @Override
  public void write(long number, Segment segment) {
    written.put(number, segment);
  }

  @Override
  public void delete(long number) {
    written.remove(number);
    deleted.add(number);
  }

  @Override
  public @Nullable Trial read() {
    byte[] bytes = store.get(key(TRIAL));
    return bytes == null ? null : trials.decode(series, bytes);
  }

  @Override
  public void write(Trial trial) {
    writtenTrial = trial;
  }

  /** Writes what waits. */
  void flush() {
    if (writtenTrial != null) {
      store.put(key(TRIAL), trials.encode(writtenTrial));
    }
    deleted.forEach(number -> store.delete(key(number)));
    written.forEach((number, segment) -> store.put(key(number), SegmentCodec.encode(segment)));
  }

  private Bytes key(long number) {
    return Bytes.wrap(SegmentCodec.key(series, number));
  }
}
