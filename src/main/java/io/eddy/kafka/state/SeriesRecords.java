package io.eddy.kafka.state;

import io.eddy.admission.TimestampGuardState;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.calibration.Calibration;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.forecast.score.PendingForecastSlot;
import io.eddy.forecast.step.RingStore;
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
public final class SeriesRecords
    implements SegmentStore, PendingForecastSlot.Store, RingStore, Calibration.Store {
  private static final Logger log = LoggerFactory.getLogger(SeriesRecords.class);
  private static final long TRIAL = -1;
  private static final long SHIFTS = -2;
  private static final long CLOCK = -16;

  private final ByteStore store;
  private final String series;
  private final PendingForecastCodec trials;
  private final @Nullable SeriesRecords leader;
  private @Nullable SeriesUndoLog rewind;
  private Forecast.@Nullable Origin begun;

  /** What waits to be written, by number; null to be deleted. */
  private final Map<Long, byte @Nullable []> waiting = new HashMap<>();

  public SeriesRecords(ByteStore store, String series, PendingForecastCodec trials) {
    this(store, series, trials, null);
  }

  /**
   * A past whose trials begin only where those of another do.
   *
   * @param leader the other one, of which the event at hand was taken already; null for none
   */
  public SeriesRecords(
      ByteStore store, String series, PendingForecastCodec trials, @Nullable SeriesRecords leader) {
    this.trials = trials;
    this.store = store;
    this.series = series;
    this.leader = leader;
  }

  /** Lets what is overwritten be kept, to be put back. */
  void watchedBy(SeriesUndoLog rewind) {
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
  public @Nullable PendingForecast read() {
    byte[] bytes = get(TRIAL);
    return bytes == null ? null : trials.decode(series, bytes);
  }

  @Override
  public void write(PendingForecast trial) {
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
    return bytes == null ? null : CalibrationShiftsCodec.decode(bytes);
  }

  @Override
  public void writeShifts(float @Nullable [] shifts) {
    put(SHIFTS, shifts == null ? null : CalibrationShiftsCodec.encode(shifts));
  }

  /** What is remembered of the series' clock; null where nothing is. */
  public @Nullable TimestampGuardState readClock() {
    byte[] bytes = get(CLOCK);
    return bytes == null ? null : TimestampGuardCodec.decode(bytes);
  }

  public void writeClock(TimestampGuardState mark) {
    waiting.put(CLOCK, TimestampGuardCodec.encode(mark));
  }

  /** Writes that alone, at once. */
  public void flushClock(TimestampGuardState mark) {
    store.put(key(CLOCK), TimestampGuardCodec.encode(mark));
  }

  @Override
  public boolean read(Slot slot, long step, FloatBuffer into) {
    byte[] bytes = get(RingSlotCodec.number(slot));
    boolean isThere =
        bytes != null && RingSlotCodec.step(bytes) == step && RingSlotCodec.decode(bytes, into);
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
    put(RingSlotCodec.number(slot), RingSlotCodec.encode(step, state));
  }

  @Override
  public void delete(Slot slot) {
    put(RingSlotCodec.number(slot), null);
  }

  /** Of a past that was begun by this event nothing is there to be deleted. */
  public void forgetDeletions() {
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
  public void flush() {
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
