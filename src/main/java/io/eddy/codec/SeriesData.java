package io.eddy.codec;

import io.eddy.series.Observation;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

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

  /** The same one by one; a view. */
  public List<Observation> observations() {
    return new AbstractList<>() {
      @Override
      public Observation get(int index) {
        return new Observation(name, timestampsMs[index], values[index]);
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }

  /** The first {@code size} of them; a copy. */
  public SeriesData first(int size) {
    return new SeriesData(name, Arrays.copyOf(timestampsMs, size), Arrays.copyOf(values, size));
  }

  public int size() {
    return values.length;
  }
}
