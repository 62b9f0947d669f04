package io.eddy.series;

import org.jspecify.annotations.Nullable;

/**
 * The last steps of a series, read by lag; appending is O(1) and writes nothing but a full segment.
 *
 * <p>Position p of the series (0 is its first step) lies in segment p / 16. The open segment is
 * here; full ones are in a {@link SegmentStore}, read when asked for and kept only until the window
 * is dropped.
 */
public final class Window {
  private final SegmentStore store;
  private int capacity;
  private int retained;
  private Segment open = new Segment();
  private long count;
  private long start;
  private @Nullable Segment cached;
  private long cachedNumber = -1;

  /**
   * An empty window.
   *
   * @param capacity steps that can be read back, at least 1
   */
  public Window(int capacity, SegmentStore store) {
    this.capacity = capacity;
    this.retained = capacity;
    this.store = store;
  }

  /** Steps that can be read back at most. */
  public int capacity() {
    return capacity;
  }

  /** Steps that are kept: the largest capacity there has been. */
  public int retained() {
    return retained;
  }

  /** Steps appended since the series began, over every restart. */
  public long count() {
    return count;
  }

  /** Position of the first step that belongs to the present run of steps. */
  public long start() {
    return start;
  }

  /** Steps that can be read now: lags 0 … {@code size() − 1}. */
  public int size() {
    return (int) Math.min(count - start, capacity);
  }

  /** The segment that is being filled; its first {@code count() % 16} steps are set. */
  public Segment open() {
    return open;
  }

  /** Takes the next step, with which no covariates came. */
  public void append(double value, boolean imputed) {
    append(value, imputed, Covariates.NONE);
  }

  /** Takes the next step and what came with it. */
  public void append(double value, boolean imputed, Covariates covariates) {
    int index = (int) (count % Segment.STEPS);
    open.set(index, value, imputed);
    open.setCovariates(index, covariates);
    count++;
    if (index == Segment.STEPS - 1) {
      long number = (count - 1) / Segment.STEPS;
      store.write(number, open);
      if (number >= segmentsKept()) {
        store.delete(number - segmentsKept());
      }
      open = new Segment();
    }
  }

  /**
   * Lets {@code capacity} steps be read from now on. Steps once kept stay kept where it shrinks, so
   * that it can grow back; those already forgotten stay forgotten.
   */
  public void resize(int capacity) {
    if (capacity > retained) {
      start = Math.max(start, count - retained);
      retained = capacity;
    }
    this.capacity = capacity;
  }

  /** Forgets the steps so far, after a gap too long to bridge. */
  public void restart() {
    start = count;
  }

  /** Value {@code lag} steps before the last one; {@code lag} in 0 … {@code size() − 1}. */
  public double value(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).value((int) (position % Segment.STEPS));
  }

  /** Whether the step {@code lag} steps before the last one was imputed. */
  public boolean isImputed(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).isImputed((int) (position % Segment.STEPS));
  }

  /** What came with the step {@code lag} steps before the last one. */
  public Covariates covariates(int lag) {
    long position = count - 1 - lag;
    return segmentOf(position).covariates().row((int) (position % Segment.STEPS));
  }

  /**
   * Sets what was read before from one that is now restored. Where fewer steps were retained than
   * can be read from now on, those before them stay forgotten.
   */
  public void restore(int retained, long count, long start, Segment open) {
    this.retained = Math.max(retained, capacity);
    this.count = count;
    this.start = capacity > retained ? Math.max(start, count - retained) : start;
    this.open = open;
  }

  /** Copies the full segments that steps which can still be read lie in. */
  public void copyTo(SegmentStore other) {
    long oldest = Math.max(start, count - retained);
    for (long number = oldest / Segment.STEPS; number < count / Segment.STEPS; number++) {
      Segment segment = store.read(number);
      if (segment != null) {
        other.write(number, segment);
      }
    }
  }

  /** The same steps, to be appended to apart: what that writes stays on the heap. */
  public Window copyOnWrite() {
    Window aside = new Window(capacity, new OverlaySegments(store));
    aside.restore(retained, count, start, open.copy());
    return aside;
  }

  private int segmentsKept() {
    return (retained + Segment.STEPS - 1) / Segment.STEPS + 1;
  }

  private Segment segmentOf(long position) {
    long number = position / Segment.STEPS;
    if (number == count / Segment.STEPS) {
      return open;
    }
    if (cached == null || number != cachedNumber) {
      Segment segment = store.read(number);
      if (segment == null) {
        throw new IllegalStateException(
            "segment " + number + " of a window of " + capacity + " steps is missing");
      }
      cached = segment;
      cachedNumber = number;
    }
    return cached;
  }
}
