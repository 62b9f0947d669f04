package io.eddy.codec;

import io.eddy.series.CovariateColumns;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** The observations of one series, in order of time. */
public final class SeriesData {
  private final String name;
  private final long[] timestampsMs;
  private final double[] values;
  private final CovariateColumns covariates;

  /** Values alone. */
  SeriesData(String name, long[] timestampsMs, double[] values) {
    this(name, timestampsMs, values, CovariateColumns.NONE);
  }

  SeriesData(String name, long[] timestampsMs, double[] values, CovariateColumns covariates) {
    this.name = name;
    this.timestampsMs = timestampsMs;
    this.values = values;
    this.covariates = covariates;
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

  /** What came with each; not a copy. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /** Gathers them into steps. */
  public SteppedSeries stepped(Sampling sampling) {
    return SteppedSeries.of(name, observations(), sampling);
  }

  /** The same one by one; a view. */
  public List<Observation> observations() {
    return new AbstractList<>() {
      @Override
      public Observation get(int index) {
        return new Observation(name, timestampsMs[index], values[index], covariates.at(index));
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }

  /** The first {@code size} of them; a copy. */
  public SeriesData first(int size) {
    return new SeriesData(
        name,
        Arrays.copyOf(timestampsMs, size),
        Arrays.copyOf(values, size),
        covariates.resized(size));
  }

  public int size() {
    return values.length;
  }
}
