package io.eddy.admission;

import java.util.Arrays;

/**
 * How many series of a partition are there, exactly, and which were silent for too long. What it
 * says follows from the observations that acted, in their order, and from nothing else.
 *
 * <p>The partition's time is the latest of its observations', in spans of a {@value #SPANS}th of
 * the time to live; a series is over once it was not heard of for {@value #SPANS} whole spans. So a
 * counter for each of the last spans is all that it takes to count, and a series that is over stays
 * so, whenever its state is really deleted.
 *
 * <p>One clock that is ahead does not end all the others: what is more than {@value #REACH} spans
 * ahead moves the partition's time only if two observations in a row, of different series, are near
 * each other there. The time never goes back: where it is ahead all the same, no series is over
 * until the others have caught up.
 */
public final class ActiveSeriesCounter {
  /** Spans in the time to live. */
  public static final int SPANS = 64;

  /** When a series was last heard of that is new. */
  public static final long NEW = Long.MIN_VALUE;

  /** The same of one that was there before anybody counted. */
  public static final long UNMARKED = Long.MIN_VALUE + 1;

  private static final int REACH = SPANS / 2;
  private static final int HEAD = 6;

  private final int most;
  private final long spanMs;
  private final long[] counts = new long[SPANS + 1];
  private boolean hasBegun;
  private long now;
  private boolean isDoubted;
  private long doubted;
  private long doubtedBy;
  private long unmarked;
  private long total;
  private boolean isChanged;

  /**
   * Of no series.
   *
   * @param most how many there may be
   * @param timeToLiveMs how long a series may be silent; {@code Long.MAX_VALUE} for any time
   */
  public ActiveSeriesCounter(int most, long timeToLiveMs) {
    this.most = most;
    spanMs = timeToLiveMs == Long.MAX_VALUE ? 0 : Math.max(1, timeToLiveMs / SPANS);
  }

  /** The span that the partition's time is in. */
  public long now() {
    return now;
  }

  /** The span of a time; {@link #UNMARKED} of the least of all. */
  public long spanOf(long timeMs) {
    return timeMs == Long.MIN_VALUE ? UNMARKED : Math.floorDiv(timeMs, spanMs);
  }

  /** When a span begins, epoch milliseconds. */
  public long beginMs(long span) {
    return span * spanMs;
  }

  /** Whether there is no place for a series that is new. */
  public boolean isFull() {
    return total >= most;
  }

  /** How many there are. */
  public long total() {
    return total;
  }

  /**
   * Whether a series was silent for too long.
   *
   * @param seen the span in which it was last heard of
   */
  public boolean isOver(long seen) {
    return spanMs > 0 && hasBegun && seen != NEW && seen != UNMARKED && now - seen > SPANS;
  }

  /**
   * Takes an observation that acted.
   *
   * @param before the span in which its series was heard of before
   * @return the one in which it is now
   */
  public long heard(String series, long timeMs, long before) {
    if (spanMs > 0) {
      pass(Math.floorDiv(timeMs, spanMs), series.hashCode());
    }
    move(before);
    return now;
  }

  /** Takes a series that is no longer there, and was last heard of in that span. */
  public void gone(long seen) {
    if (!isOver(seen)) {
      add(seen, -1);
    }
  }

  /**
   * Counts a series that was there before anybody counted as heard of now.
   *
   * @return the span in which that is; {@link #UNMARKED} where no time is known yet
   */
  public long mark() {
    if (!hasBegun) {
      return UNMARKED;
    }
    move(UNMARKED);
    return now;
  }

  /** Whether anything is other than when it was asked last. */
  public boolean takeChanged() {
    boolean was = isChanged;
    isChanged = false;
    return was;
  }

  private void move(long before) {
    if (before != now) {
      if (before != NEW && !isOver(before)) {
        add(before, -1);
      }
      add(now, 1);
    }
  }

  private void add(long seen, int by) {
    isChanged = true;
    total += by;
    if (seen == UNMARKED) {
      unmarked += by;
    } else {
      counts[index(seen)] += by;
    }
  }

  private static int index(long span) {
    return (int) Math.floorMod(span, (long) SPANS + 1);
  }

  private void pass(long span, int series) {
    if (!hasBegun) {
      hasBegun = true;
      now = span;
      isChanged = true;
    } else if (span - now <= REACH) {
      believe(span);
    } else if (isDoubted && doubtedBy != series && Math.abs(span - doubted) <= REACH) {
      believe(Math.min(span, doubted));
    } else {
      isChanged = true;
      isDoubted = true;
      doubted = span;
      doubtedBy = series;
    }
  }

  private void believe(long span) {
    isChanged |= isDoubted || span > now;
    isDoubted = false;
    moveTo(span);
  }

  private void moveTo(long span) {
    for (long next = now + 1; next <= Math.min(span, now + SPANS + 1); next++) {
      total -= counts[index(next)];
      counts[index(next)] = 0;
    }
    now = Math.max(now, span);
  }

  /**
   * Counts a series that is found, while nothing else is known yet.
   *
   * @param seen as its state says
   */
  public void found(long seen) {
    if (seen == UNMARKED) {
      add(UNMARKED, 1);
      return;
    }
    if (!hasBegun || seen > now) {
      if (hasBegun) {
        moveTo(seen);
      }
      hasBegun = true;
      now = seen;
    }
    if (now - seen <= SPANS) {
      add(seen, 1);
    }
  }

  /** Everything there is to restore. */
  public long[] snapshot() {
    long[] numbers = new long[HEAD + counts.length];
    numbers[0] = spanMs;
    numbers[1] = now;
    numbers[2] = (hasBegun ? 1 : 0) | (isDoubted ? 2 : 0);
    numbers[3] = doubted;
    numbers[4] = doubtedBy;
    numbers[5] = unmarked;
    System.arraycopy(counts, 0, numbers, HEAD, counts.length);
    return numbers;
  }

  /**
   * Goes on from a snapshot.
   *
   * @return false, and nothing is changed, where it was made with another time to live
   */
  public boolean restore(long[] numbers) {
    if (numbers.length != HEAD + counts.length || numbers[0] != spanMs) {
      return false;
    }
    now = numbers[1];
    hasBegun = (numbers[2] & 1) != 0;
    isDoubted = (numbers[2] & 2) != 0;
    doubted = numbers[3];
    doubtedBy = numbers[4];
    unmarked = numbers[5];
    System.arraycopy(numbers, HEAD, counts, 0, counts.length);
    total = unmarked + Arrays.stream(counts).sum();
    return true;
  }
}
