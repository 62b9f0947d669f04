package io.eddy.dataset;

import io.eddy.series.Aggregation;
import io.eddy.series.CovariateColumns;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The observations of one series, sorted by time. {@link #withFutureCovariates} fills in future
 * covariates that the observations do not carry themselves.
 */
public final class SeriesData {
  private final String name;
  private final long[] timestampsMs;
  private final double[] values;
  private final CovariateColumns covariates;
  private final FutureCovariateRows future;

  /** Creates a series without covariates. */
  public SeriesData(String name, long[] timestampsMs, double[] values) {
    this(name, timestampsMs, values, CovariateColumns.NONE, FutureCovariateRows.NONE);
  }

  public SeriesData(
      String name,
      long[] timestampsMs,
      double[] values,
      CovariateColumns covariates,
      FutureCovariateRows future) {
    this.future = future;
    this.name = name;
    this.timestampsMs = timestampsMs;
    this.values = values;
    this.covariates = covariates;
  }

  public String name() {
    return name;
  }

  /** Returns the timestamps, ascending, in epoch milliseconds; not a copy. */
  public long[] timestampsMs() {
    return timestampsMs;
  }

  /** Returns the values; not a copy. */
  public double[] values() {
    return values;
  }

  /** Returns the covariates of the observations; not a copy. */
  public CovariateColumns covariates() {
    return covariates;
  }

  /** Samples the series into steps. */
  public SteppedSeries stepped(Sampling sampling) {
    return SteppedSeries.of(name, observations(), sampling);
  }

  /** Returns the observations; a view. */
  public List<Observation> observations() {
    return new AbstractList<>() {
      @Override
      public Observation get(int index) {
        return new Observation(
            name, timestampsMs[index], values[index], covariates.row(index), future.own(index));
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }

  /** Returns the first {@code size} observations; a copy. */
  public SeriesData first(int size) {
    return new SeriesData(
        name,
        Arrays.copyOf(timestampsMs, size),
        Arrays.copyOf(values, size),
        covariates.resized(size),
        future.first(size));
  }

  /** Returns this series with rows of covariates without a value. */
  SeriesData with(long[] rowsMs, CovariateColumns rows) {
    return new SeriesData(
        name, timestampsMs, values, covariates, new FutureCovariateRows(own(), rowsMs, rows));
  }

  private FutureCovariates[] own() {
    FutureCovariates[] own = new FutureCovariates[size()];
    Arrays.setAll(own, future::own);
    return own;
  }

  /**
   * Returns this series with future covariates for each observation, taken from the later rows with
   * and without a value. If a step has several rows, the last one with a number counts, and a row
   * with a value takes precedence. A covariate for which any observation carries future values
   * itself is left as it is, because serving will have the same values.
   *
   * @param names covariates
   * @param interval of the steps
   * @param steps number of future steps
   * @throws IllegalArgumentException if the rows span more steps than plausible timestamps do
   */
  public SeriesData withFutureCovariates(Collection<String> names, Interval interval, int steps) {
    if (names.isEmpty()) {
      return this;
    }
    Set<String> missing = new TreeSet<>(names);
    FutureCovariates[] own = own();
    for (FutureCovariates carried : own) {
      carried.names().forEach(missing::remove);
    }
    if (size() == 0 || missing.isEmpty()) {
      return this;
    }
    Rows rows = rows(missing, interval);
    for (int i = 0; i < own.length; i++) {
      own[i] = own[i].withDefaults(rows.after(timestampsMs[i], steps));
    }
    return new SeriesData(name, timestampsMs, values, covariates, future.with(own));
  }

  /**
   * Covariates of all rows by step.
   *
   * @param first step of the first row
   * @param size number of steps
   */
  private record Rows(Sampling steps, long first, CovariateColumns columns, int size) {
    FutureCovariates after(long timestampMs, int maxSteps) {
      int next = (int) (steps.stepOf(timestampMs) - first) + 1;
      return new FutureCovariates(columns, next, Math.min(maxSteps, size - next));
    }

    void gather(Set<String> names, long[] timesMs, CovariateColumns covariates) {
      for (String name : names) {
        for (int i = 0; i < timesMs.length; i++) {
          long row = steps.stepOf(timesMs[i]) - first;
          if (row >= 0) {
            columns.set((int) row, name, covariates.value(name, i));
          }
        }
      }
    }
  }

  private Rows rows(Set<String> names, Interval interval) {
    Sampling steps = new Sampling(interval, Aggregation.LAST, 0);
    long first = steps.stepOf(timestampsMs[0]);
    long last = steps.stepOf(timestampsMs[size() - 1]);
    for (long timeMs : future.timestampsMs()) {
      last = Math.max(last, steps.stepOf(timeMs));
    }
    int size = SteppedSeries.span(name, first, last, interval);
    Rows rows = new Rows(steps, first, new CovariateColumns(size), size);
    rows.gather(names, future.timestampsMs(), future.covariates());
    rows.gather(names, timestampsMs, covariates);
    return rows;
  }

  public int size() {
    return values.length;
  }
}
