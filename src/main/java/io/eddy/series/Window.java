package io.eddy.series;

import io.eddy.series.store.SeriesStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest steps of a series, read by lag. Appending is O(1) and writes to the store only when a
 * segment is full.
 *
 * <p>Position p of the series, where its first step is 0, is in segment p / {@value Segment#STEPS}.
 * The open segment is held in memory. Full segments are in a {@link SeriesStore}; they are read on
 * demand, and the last ones read are cached.
 */
public final class Window {
  /** Number of cached segments, a power of 2. */
  private static final int CACHED = 16;

  /** Maximum number of {@linkplain #expectedSegments expected} segments. */
  private static final int MAX_EXPECTED = 4;

  private static final float[] NO_MEANS = {};

  private final SeriesStore store;
  private int capacity;
  private int retained;
  private Segment open = new Segment();
  private long count;
  private long start;
  private int expectedLag;
  private int expectedSteps;
  private final @Nullable Segment[] cached = new Segment[CACHED];
  private final long[] cachedNumbers = new long[CACHED];

  /**
   * Creates an empty window.
   *
   * @param capacity maximum number of readable steps, at least 1
   */
  public Window(int capacity, SeriesStore store) {
    this.capacity = capacity;
    this.retained = capacity;
    this.store = store;
  }

  /** Returns the number of steps that are stored: the largest capacity so far. */
  public int retained() {
    return retained;
  }

  /** Returns the number of steps appended since the series began, across restarts. */
  public long count() {
    return count;
  }

  /** Returns the position of the first step after the last restart. */
  public long start() {
    return start;
  }

  /** Returns the number of readable steps: lags 0 … {@code size() − 1}. */
  public int size() {
    return (int) Math.min(count - start, capacity);
  }

  /** Returns the open segment. Its first {@code count() % 16} steps are set. */
  public Segment open() {
    return open;
  }

  /**
   * Sets which steps are read for every step that is appended: those with the lags {@code lag} to
   * {@code lag} − {@code steps}, as a seasonal forecast does.
   */
  public void expect(int lag, int steps) {
    expectedLag = lag;
    expectedSteps = Math.min(lag, steps);
  }

  /**
   * Returns the full segments that hold the steps that the next one {@linkplain #expect reads}, the
   * oldest first. Whoever keeps them spares reads from the store. Empty if they are not in the
   * window, carry covariates, or are more than {@value #MAX_EXPECTED}.
   */
  public List<Segment> expectedSegments() {
    long first = firstExpected();
    long last =
        Math.min(count / Segment.STEPS - 1, (count - expectedLag + expectedSteps) / Segment.STEPS);
    if (expectedLag == 0 || expectedLag > size() || last - first >= MAX_EXPECTED) {
      return List.of();
    }
    List<Segment> segments = new ArrayList<>(MAX_EXPECTED);
    for (long number = first; number <= last; number++) {
      Segment segment = segmentOf(number * Segment.STEPS);
      if (!segment.covariates().isEmpty()) {
        return List.of();
      }
      segments.add(segment);
    }
    return segments;
  }

  /** Returns the number of the first of the {@link #expectedSegments}. */
  public long firstExpected() {
    return (count - expectedLag) / Segment.STEPS;
  }

  /** Takes over a full segment that the store holds too, which spares its read. */
  public void restoreSegment(long number, Segment segment) {
    cache(number, segment);
  }

  /** Appends a step without covariates. */
  public void append(double value, boolean imputed) {
    append(value, imputed, Covariates.NONE);
  }

  /** Appends a step without seasonal means. */
  public void append(double value, boolean imputed, Covariates covariates) {
    append(value, imputed, covariates, NO_MEANS);
  }

  /**
   * Appends a step.
   *
   * @param means seasonal means minus the value; copied
   */
  public void append(double value, boolean imputed, Covariates covariates, float[] means) {
    int index = (int) (count % Segment.STEPS);
    open.set(index, value, imputed);
    open.setSeasonalMeans(index, means);
    open.setCovariates(index, covariates);
    count++;
    if (index == Segment.STEPS - 1) {
      long number = (count - 1) / Segment.STEPS;
      store.put(new SegmentKey(number), open);
      if (number >= segmentsKept()) {
        store.delete(new SegmentKey(number - segmentsKept()));
      }
      open = new Segment();
    }
  }

  /**
   * Changes the capacity. Shrinking keeps the stored steps, so the window can grow back; steps that
   * have been deleted stay deleted.
   */
  public void resize(int capacity) {
    if (capacity > retained) {
      start = Math.max(start, count - retained);
      retained = capacity;
    }
    this.capacity = capacity;
  }

  /** Makes all steps so far unreadable. Called after a gap that is too long to impute. */
  public void restart() {
    start = count;
  }

  /**
   * Returns the value {@code lag} steps before the last one; {@code lag} is in 0 … {@code size() −
   * 1}.
   */
  public double value(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).value((int) (position % Segment.STEPS));
  }

  /**
   * Copies the values of consecutive steps.
   *
   * @param lag of the first step, in {@code count} − 1 … {@code size()} − 1
   * @param values set to the values from that step on [count]
   */
  public void copyValues(int lag, int count, double[] values) {
    long position = this.count - 1 - lag;
    for (int copied = 0; copied < count; ) {
      int index = (int) ((position + copied) % Segment.STEPS);
      Segment segment = segmentOf(position + copied);
      int end = Math.min(count, copied + Segment.STEPS - index);
      for (; copied < end; copied++) {
        values[copied] = segment.value(index++);
      }
    }
  }

  /** Returns whether the step {@code lag} steps before the last one was imputed. */
  public boolean isImputed(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).isImputed((int) (position % Segment.STEPS));
  }

  /**
   * Returns a seasonal mean minus the value {@code lag} steps before the last one; NaN if it is not
   * stored.
   */
  public float seasonalMean(int lag, int season) {
    long position = count - 1 - lag;
    return segmentOf(position).seasonalMean((int) (position % Segment.STEPS), season);
  }

  /**
   * Copies a seasonal mean minus the value of consecutive steps.
   *
   * @param lag of the first step, in {@code count} − 1 … {@code size()} − 1
   * @param means set to the differences from that step on [count]; NaN where none is stored
   */
  public void copySeasonalMeans(int lag, int count, int season, float[] means) {
    long position = this.count - 1 - lag;
    for (int copied = 0; copied < count; ) {
      int index = (int) ((position + copied) % Segment.STEPS);
      Segment segment = segmentOf(position + copied);
      int end = Math.min(count, copied + Segment.STEPS - index);
      for (; copied < end; copied++) {
        means[copied] = segment.seasonalMean(index++, season);
      }
    }
  }

  /**
   * Replaces the seasonal means of the readable steps by those of another window of the same last
   * steps; those that the other window does not have become NaN.
   *
   * @param seasons number of seasonal means of each step
   */
  public void replaceSeasonalMeans(Window other, int seasons) {
    float[] means = new float[seasons];
    for (int lag = size() - 1; lag >= 0; ) {
      long position = count - 1 - lag;
      long number = position / Segment.STEPS;
      Segment segment = segmentOf(position).copy();
      for (; lag >= 0 && (count - 1 - lag) / Segment.STEPS == number; lag--) {
        for (int season = 0; season < seasons; season++) {
          means[season] = lag < other.size() ? other.seasonalMean(lag, season) : Float.NaN;
        }
        segment.setSeasonalMeans((int) ((count - 1 - lag) % Segment.STEPS), means);
      }
      replace(number, segment);
    }
  }

  private void replace(long number, Segment segment) {
    if (number == count / Segment.STEPS) {
      open = segment;
    } else {
      store.put(new SegmentKey(number), segment);
      cache(number, segment);
    }
  }

  /** Returns the covariates of the step {@code lag} steps before the last one. */
  public Covariates covariates(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).covariates().row((int) (position % Segment.STEPS));
  }

  /**
   * Restores stored state. If fewer steps were retained than the capacity of this window, the
   * missing steps stay unreadable.
   */
  public void restore(int retained, long count, long start, Segment open) {
    this.retained = Math.max(retained, capacity);
    this.count = count;
    this.start = capacity > retained ? Math.max(start, count - retained) : start;
    this.open = open;
  }

  /** Copies the full segments that contain readable or retained steps. */
  public void copyTo(SeriesStore target) {
    long oldest = Math.max(start, count - retained);
    for (long number = oldest / Segment.STEPS; number < count / Segment.STEPS; number++) {
      SegmentKey key = new SegmentKey(number);
      Segment segment = store.get(key);
      if (segment != null) {
        target.put(key, segment);
      }
    }
  }

  /** Returns an independent copy over another store, which must hold the same segments. */
  public Window copyOver(SeriesStore other) {
    Window copy = new Window(capacity, other);
    copy.restore(retained, count, start, open.copy());
    copy.expect(expectedLag, expectedSteps);
    return copy;
  }

  private int segmentsKept() {
    return (retained + Segment.STEPS - 1) / Segment.STEPS + 1;
  }

  private Segment segmentOf(long position) {
    long number = position / Segment.STEPS;
    if (number == count / Segment.STEPS) {
      return open;
    }
    int slot = (int) (number & CACHED - 1);
    Segment known = cached[slot];
    if (known != null && number == cachedNumbers[slot]) {
      return known;
    }
    Segment segment = store.get(new SegmentKey(number));
    if (segment == null) {
      throw new IllegalStateException(
          "segment " + number + " of a window of " + capacity + " steps is missing");
    }
    cache(number, segment);
    return segment;
  }

  private void cache(long number, Segment segment) {
    int slot = (int) (number & CACHED - 1);
    cached[slot] = segment;
    cachedNumbers[slot] = number;
  }
}
