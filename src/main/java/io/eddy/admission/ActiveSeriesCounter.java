package io.eddy.admission;

import java.util.Arrays;

/**
 * Counts the active series of a partition exactly, and detects which have expired. The counts
 * depend on the applied observations and their order only.
 *
 * <p>The partition's time is the latest of its observations', in spans of a {@value #SPANS}th of
 * the time to live. A series expires when it had no event for {@value #SPANS} whole spans, so one
 * count for each of the last spans is sufficient. An expired series stays expired, whenever its
 * state is deleted.
 *
 * <p>A single series with wrong timestamps does not expire the others: an observation more than
 * {@value #MAX_JUMP} spans ahead advances the partition's time only if two in a row, of different
 * series, are near each other. The time never goes back; if it is ahead, no series expires until
 * the others have caught up.
 */
public final class ActiveSeriesCounter {
  /** Number of spans in the time to live. */
  public static final int SPANS = 64;

  /** Stands for the span of the last event of a new series. */
  public static final long NEW = Long.MIN_VALUE;

  /** Stands for the span of the last event of a series that has none recorded. */
  public static final long UNRECORDED = Long.MIN_VALUE + 1;

  private static final int MAX_JUMP = SPANS / 2;
  private static final int HEADER = 6;

  private final int maxSeries;
  private final long spanMs;
  private final long[] counts = new long[SPANS + 1];
  private boolean hasBegun;
  private long now;
  private boolean isPending;
  private long pendingSpan;
  private long pendingSeries;
  private long unrecorded;
  private long total;
  private boolean isChanged;

  /**
   * Creates a counter of no series.
   *
   * @param maxSeries maximum number of series
   * @param timeToLiveMs how long a series may have no event; {@code Long.MAX_VALUE} for no limit
   */
  public ActiveSeriesCounter(int maxSeries, long timeToLiveMs) {
    this.maxSeries = maxSeries;
    spanMs = timeToLiveMs == Long.MAX_VALUE ? 0 : Math.max(1, timeToLiveMs / SPANS);
  }

  /** Returns the span of the partition's time. */
  public long now() {
    return now;
  }

  /** Returns the span of a time; {@link #UNRECORDED} for {@code Long.MIN_VALUE}. */
  public long spanOf(long timeMs) {
    return timeMs == Long.MIN_VALUE ? UNRECORDED : Math.floorDiv(timeMs, spanMs);
  }

  /** Returns the start of a span, epoch milliseconds. */
  public long beginMs(long span) {
    return span * spanMs;
  }

  /** Returns whether the maximum number of series is reached. */
  public boolean isFull() {
    return total >= maxSeries;
  }

  /** Returns the number of active series. */
  public long total() {
    return total;
  }

  /**
   * Returns whether a series expired.
   *
   * @param lastSpan span of its last event
   */
  public boolean isExpired(long lastSpan) {
    return spanMs > 0
        && hasBegun
        && lastSpan != NEW
        && lastSpan != UNRECORDED
        && now - lastSpan > SPANS;
  }

  /**
   * Counts an applied observation.
   *
   * @param before span of the series' last event before it
   * @return span to record as that of the series' last event
   */
  public long countEvent(String series, long timeMs, long before) {
    if (spanMs > 0) {
      updateTime(Math.floorDiv(timeMs, spanMs), series.hashCode());
    }
    move(before);
    return now;
  }

  /** Counts the deletion of a series, whose last event was in {@code lastSpan}. */
  public void countDeletion(long lastSpan) {
    if (!isExpired(lastSpan)) {
      add(lastSpan, -1);
    }
  }

  /**
   * Moves a series without a recorded event to the present span.
   *
   * @return that span; {@link #UNRECORDED} if the partition has no time yet
   */
  public long recordPresent() {
    if (!hasBegun) {
      return UNRECORDED;
    }
    move(UNRECORDED);
    return now;
  }

  /** Returns whether the counter changed since the last call. */
  public boolean takeChanged() {
    boolean wasChanged = isChanged;
    isChanged = false;
    return wasChanged;
  }

  private void move(long before) {
    if (before != now) {
      if (before != NEW && !isExpired(before)) {
        add(before, -1);
      }
      add(now, 1);
    }
  }

  private void add(long lastSpan, int by) {
    isChanged = true;
    total += by;
    if (lastSpan == UNRECORDED) {
      unrecorded += by;
    } else {
      counts[index(lastSpan)] += by;
    }
  }

  private static int index(long span) {
    return (int) Math.floorMod(span, (long) SPANS + 1);
  }

  private void updateTime(long span, int series) {
    if (!hasBegun) {
      hasBegun = true;
      now = span;
      isChanged = true;
    } else if (span - now <= MAX_JUMP) {
      advance(span);
    } else if (isPending && pendingSeries != series && Math.abs(span - pendingSpan) <= MAX_JUMP) {
      advance(Math.min(span, pendingSpan));
    } else {
      isChanged = true;
      isPending = true;
      pendingSpan = span;
      pendingSeries = series;
    }
  }

  private void advance(long span) {
    isChanged |= isPending || span > now;
    isPending = false;
    expireTo(span);
  }

  private void expireTo(long span) {
    for (long next = now + 1; next <= Math.min(span, now + SPANS + 1); next++) {
      total -= counts[index(next)];
      counts[index(next)] = 0;
    }
    now = Math.max(now, span);
  }

  /**
   * Counts a stored series, before the first event.
   *
   * @param lastSpan span of its last event
   */
  public void countStored(long lastSpan) {
    if (lastSpan == UNRECORDED) {
      add(UNRECORDED, 1);
      return;
    }
    if (!hasBegun || lastSpan > now) {
      if (hasBegun) {
        expireTo(lastSpan);
      }
      hasBegun = true;
      now = lastSpan;
    }
    if (now - lastSpan <= SPANS) {
      add(lastSpan, 1);
    }
  }

  /** Returns the numbers to restore the counter from. */
  public long[] snapshot() {
    long[] numbers = new long[HEADER + counts.length];
    numbers[0] = spanMs;
    numbers[1] = now;
    numbers[2] = (hasBegun ? 1 : 0) | (isPending ? 2 : 0);
    numbers[3] = pendingSpan;
    numbers[4] = pendingSeries;
    numbers[5] = unrecorded;
    System.arraycopy(counts, 0, numbers, HEADER, counts.length);
    return numbers;
  }

  /**
   * Restores the counter.
   *
   * @return false if the snapshot is of another time to live; the counter stays unchanged
   */
  public boolean restore(long[] numbers) {
    if (numbers.length != HEADER + counts.length || numbers[0] != spanMs) {
      return false;
    }
    now = numbers[1];
    hasBegun = (numbers[2] & 1) != 0;
    isPending = (numbers[2] & 2) != 0;
    pendingSpan = numbers[3];
    pendingSeries = numbers[4];
    unrecorded = numbers[5];
    System.arraycopy(numbers, HEADER, counts, 0, counts.length);
    total = unrecorded + Arrays.stream(counts).sum();
    return true;
  }
}
