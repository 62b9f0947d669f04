package io.eddy.series;

/** The observations of the one step that is still open, gathered without keeping them. */
public final class OpenStep {
  private long step;
  private long count;
  private double sum;
  private double min;
  private double max;
  private double last;
  private long lastTimestampMs;

  /** Whether no observation is in it. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** The step's index; meaningful only while it is not empty. */
  public long step() {
    return step;
  }

  public long count() {
    return count;
  }

  public double sum() {
    return sum;
  }

  public double min() {
    return min;
  }

  public double max() {
    return max;
  }

  public double last() {
    return last;
  }

  public long lastTimestampMs() {
    return lastTimestampMs;
  }

  /** Forgets every observation. */
  public void clear() {
    count = 0;
  }

  /** Begins {@code step} with its first observation. */
  public void open(long step, long timestampMs, double value) {
    this.step = step;
    count = 1;
    sum = value;
    min = value;
    max = value;
    last = value;
    lastTimestampMs = timestampMs;
  }

  /** Adds a further observation; the one measured last counts as the last, in whatever order. */
  public void add(long timestampMs, double value) {
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (timestampMs >= lastTimestampMs) {
      last = value;
      lastTimestampMs = timestampMs;
    }
  }

  /** Sets every field to what was read before from one that is now restored. */
  public void restore(long step, long count, double[] sumMinMaxLast, long lastTimestampMs) {
    this.step = step;
    this.count = count;
    sum = sumMinMaxLast[0];
    min = sumMinMaxLast[1];
    max = sumMinMaxLast[2];
    last = sumMinMaxLast[3];
    this.lastTimestampMs = lastTimestampMs;
  }

  /** The step's value by {@code aggregation}. */
  public double value(Aggregation aggregation) {
    return switch (aggregation) {
      case FIRST, LAST -> last;
      case MEAN -> sum / count;
      case SUM -> sum;
      case MIN -> min;
      case MAX -> max;
      case COUNT -> count;
    };
  }
}
