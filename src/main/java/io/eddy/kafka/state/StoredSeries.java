package io.eddy.kafka.state;

import io.eddy.forecast.step.SeriesState;
import io.eddy.series.Interval;
import io.eddy.series.Segment;
import io.eddy.series.SegmentKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The stored parts of a series that can be read without its model: the header of its state and the
 * steps of its window.
 *
 * <p>A reader outside the stream thread may see parts of different events. A segment that the
 * stream has deleted in the meantime is skipped.
 */
public final class StoredSeries {
  private final String series;
  private final EncodedState state;
  private final Interval interval;
  private final Function<Bytes, byte @Nullable []> parts;
  private final long firstPosition;
  private final long count;
  private final Segment open;
  private @Nullable Segment cached;
  private long cachedNumber = -1;

  /**
   * A closed step.
   *
   * @param timeMs start of the step, epoch milliseconds
   * @param value NaN if nothing was measured
   */
  public record Step(long timeMs, double value) {}

  /**
   * Reads a series.
   *
   * @param state as {@link StateCodec} encoded it; not copied
   * @param parts returns the value under a key of the window store, or null
   * @throws UnknownLayoutException on an unknown layout
   */
  public StoredSeries(String series, byte[] state, Function<Bytes, byte @Nullable []> parts) {
    this.series = series;
    this.state = new EncodedState(state);
    interval = this.state.sampling().interval();
    this.parts = parts;
    ByteBuffer bytes = ByteBuffer.wrap(state);
    bytes.position(StateCodec.afterGrid(bytes));
    int retained = bytes.getInt();
    count = bytes.getLong();
    firstPosition = Math.max(bytes.getLong(), count - retained);
    bytes.get(); // whether the open segment has covariates, which follow its values
    open = SegmentCodec.get(bytes, (int) (count % Segment.STEPS));
  }

  public String name() {
    return series;
  }

  public EncodedState state() {
    return state;
  }

  /** Returns the last closed step, or null if none is stored. */
  public @Nullable Step last() {
    return step(count - 1);
  }

  /** Returns the closed step that begins at a time, or null if it is not stored. */
  public @Nullable Step stepAt(long timeMs) {
    long lastMs = state.lastStepMs();
    if (lastMs == SeriesState.NO_TIME || interval.startMs(interval.stepOf(timeMs)) != timeMs) {
      return null;
    }
    return step(count - 1 - (interval.stepOf(lastMs) - interval.stepOf(timeMs)));
  }

  /**
   * Returns the closed steps that begin after one time and not after another, the oldest first.
   *
   * @param untilMs start of a step
   * @param limit maximum number of steps; the latest are returned
   */
  public List<Step> between(long afterMs, long untilMs, int limit) {
    List<Step> steps = new ArrayList<>();
    Step step = stepAt(untilMs);
    while (step != null && step.timeMs() > afterMs && steps.size() < limit) {
      steps.add(step);
      step = stepAt(interval.plusSteps(step.timeMs(), -1));
    }
    Collections.reverse(steps);
    return steps;
  }

  /** Returns the latest closed steps, at most {@code limit}, the oldest first. */
  public List<Step> history(int limit) {
    List<Step> steps = new ArrayList<>();
    for (long position = count - 1; position >= firstPosition && steps.size() < limit; position--) {
      Step step = step(position);
      if (step == null) {
        break;
      }
      steps.add(step);
    }
    Collections.reverse(steps);
    return steps;
  }

  private @Nullable Step step(long position) {
    if (position < firstPosition || position >= count) {
      return null;
    }
    Segment segment = segmentOf(position / Segment.STEPS);
    if (segment == null) {
      return null;
    }
    int index = (int) (position % Segment.STEPS);
    return new Step(
        interval.plusSteps(state.lastStepMs(), position - (count - 1)),
        segment.isImputed(index) ? Double.NaN : segment.value(index));
  }

  private @Nullable Segment segmentOf(long number) {
    if (number == count / Segment.STEPS) {
      return open;
    }
    if (number != cachedNumber) {
      byte[] value = parts.apply(StoreKeys.part(series, new SegmentKey(number)));
      cached = value == null ? null : SegmentCodec.decode(value);
      cachedNumber = number;
    }
    return cached;
  }
}
