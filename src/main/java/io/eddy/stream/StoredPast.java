package io.eddy.stream;

import io.eddy.codec.ClockMarkCodec;
import io.eddy.codec.SegmentCodec;
import io.eddy.codec.ShiftsCodec;
import io.eddy.codec.SlotCodec;
import io.eddy.codec.TrialCodec;
import io.eddy.forecast.Calibration;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.RingStore;
import io.eddy.forecast.Trial;
import io.eddy.forecast.TrialSlot;
import io.eddy.series.ClockMark;
import io.eddy.series.Segment;
import io.eddy.series.SegmentStore;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full segments, the trial, the shifts, the clock and the rings of the series at hand, in the
 * window store, each under a number: a segment's own, {@value #TRIAL} for the trial, {@value
 * #SHIFTS} for the shifts, {@value #CLOCK} for the clock, and those far below for the slots of
 * rings.
 *
 * <p>Writes wait until {@link #flush}, so that an event that fails leaves no trace.
 */
final class StoredPast implements SegmentStore, TrialSlot.Store, RingStore, Calibration.Store {
  private static final Logger log = LoggerFactory.getLogger(StoredPast.class);
  private static final long TRIAL = -1;
  private static final long SHIFTS = -2;
  private static final long CLOCK = -16;

  private final ByteStore store;
  private final String series;
  private final TrialCodec trials;
  private final @Nullable StoredPast leader;
  private @Nullable Rewind rewind;
  private Forecast.@Nullable Origin begun;

  /** What waits to be written, by number; null to be deleted. */
  private final Map<Long, byte @Nullable []> waiting = new HashMap<>();

  StoredPast(ByteStore store, String series, TrialCodec trials) {
    this(store, series, trials, null);
  }

  /**
   * A past whose trials begin only where those of another do.
   *
   * @param leader the other one, of which the event at hand was taken already; null for none
   */
  StoredPast(ByteStore store, String series, TrialCodec trials, @Nullable StoredPast leader) {
    this.trials = trials;
    this.store = store;
    this.series = series;
    this.leader = leader;
  }

  /** Lets what is overwritten be kept, to be put back. */
  void watchedBy(Rewind rewind) {
    this.rewind = rewind;
    rewind.watch(this);
  }

  @Override
  public @Nullable Segment read(long number) {
    byte[] bytes = get(number);
    return bytes == null ? null : SegmentCodec.decode(bytes);
  }

  @Override
  public void write(long number, Segment segment) {
    put(number, SegmentCodec.encode(segment));
  }

  @Override
  public void delete(long number) {
    put(number, null);
  }

  @Override
  public @Nullable Trial read() {
    byte[] bytes = get(TRIAL);
    return bytes == null ? null : trials.decode(series, bytes);
  }

  @Override
  public void write(Trial trial) {
    begun = trial.forecast().origin();
    put(TRIAL, trials.encode(trial));
  }

  @Override
  public boolean takes(Forecast.Origin origin) {
    return leader == null
        || (leader.begun != null && leader.begun.timestampMs() == origin.timestampMs());
  }

  @Override
  public boolean makesWay() {
    return leader != null;
  }

  @Override
  public float @Nullable [] readShifts() {
    byte[] bytes = get(SHIFTS);
    return bytes == null ? null : ShiftsCodec.decode(bytes);
  }

  @Override
  public void writeShifts(float @Nullable [] shifts) {
    put(SHIFTS, shifts == null ? null : ShiftsCodec.encode(shifts));
  }

  /** What is remembered of the series' clock; null where nothing is. */
  @Nullable ClockMark readClock() {
    byte[] bytes = get(CLOCK);
    return bytes == null ? null : ClockMarkCodec.decode(bytes);
  }

  void writeClock(ClockMark mark) {
    waiting.put(CLOCK, ClockMarkCodec.encode(mark));
  }

  /** Writes that alone, at once. */
  void flushClock(ClockMark mark) {
    store.put(key(CLOCK), ClockMarkCodec.encode(mark));
  }

  @Override
  public boolean read(Slot slot, long step, FloatBuffer into) {
    byte[] bytes = get(SlotCodec.number(slot));
    boolean isThere =
        bytes != null && SlotCodec.step(bytes) == step && SlotCodec.decode(bytes, into);
    if (!isThere) {
      log.warn(
          "series {}: {} does not hold the state of step {}; the state is rebuilt from its past",
          series,
          slot,
          step);
    }
    return isThere;
  }

  @Override
  public void write(Slot slot, long step, FloatBuffer state) {
    put(SlotCodec.number(slot), SlotCodec.encode(step, state));
  }

  @Override
  public void delete(Slot slot) {
    put(SlotCodec.number(slot), null);
  }

  /** Of a past that was begun by this event nothing is there to be deleted. */
  void forgetDeletions() {
    waiting.values().removeIf(Objects::isNull);
  }

  private void put(long number, byte @Nullable [] value) {
    if (rewind != null) {
      rewind.overwriting(number, get(number));
    }
    waiting.put(number, value);
  }

  /** Puts back what was there. */
  void putBack(long number, byte @Nullable [] value) {
    waiting.put(number, value);
  }

  /** Forgets what waits. */
  void discard() {
    waiting.clear();
  }

  /** Writes what waits. */
  void flush() {
    waiting.forEach((number, bytes) -> store.put(key(number), bytes));
    waiting.clear();
  }

  private byte @Nullable [] get(long number) {
    return waiting.containsKey(number) ? waiting.get(number) : store.get(key(number));
  }

  private Bytes key(long number) {
    return Bytes.wrap(SegmentCodec.key(series, number));
  }
}
