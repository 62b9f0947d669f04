package io.eddy.codec;

/** The observations of one series, in order of time. */
public final class SeriesData {
  private final String name;
  private final long[] timestampsMs;
  private final double[] values;

  SeriesData(String name, long[] timestampsMs, double[] values) {
    this.name = name;
    this.timestampsMs = timestampsMs;
    this.values = values;
  }

  public String name() {
    return name;
  }

  /** Epoch milliseconds, ascending; not a copy. */
  public long[] timestampsMs() {
    return timestampsMs;
  }

  /** As many values; not a copy. */
  public double[] values() {
    return values;
  }

  public int size() {
    return values.length;
  }
}
