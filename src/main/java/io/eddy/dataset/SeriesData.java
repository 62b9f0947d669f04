package io.eddy.dataset;

import io.eddy.series.Aggregation;
import io.eddy.series.CovariateColumns;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The observations of one series, in order of time, each with what it brought of the steps after
 * it; {@link #withFutureCovariates} lets the rows after it tell the rest.
 */
public final class SeriesData {
  private final String name;
  private final long[] timestampsMs;
  private final double[] values;
  private final CovariateColumns covariates;
  private final FutureCovariateRows plan;

  /** Values alone. */
  public SeriesData(String name, long[] timestampsMs, double[] values) {
    this(name, timestampsMs, values, CovariateColumns.NONE, FutureCovariateRows.NONE);
  }

  public SeriesData(
      String name,
      long[] timestampsMs,
      double[] values,
      CovariateColumns covariates,
      FutureCovariateRows plan) {
    this.plan = plan;
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
        return new Observation(
            name, timestampsMs[index], values[index], covariates.row(index), plan.own(index));
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
        covariates.resized(size),
        plan.first(size));
  }

  /** The same with covariates of times without a value. */
  SeriesData with(long[] planMs, CovariateColumns planned) {
    return new SeriesData(
        name, timestampsMs, values, covariates, new FutureCovariateRows(own(), planMs, planned));
  }

  private FutureCovariates[] own() {
    FutureCovariates[] own = new FutureCovariates[size()];
    Arrays.setAll(own, plan::own);
    return own;
  }

  /**
   * The same, where each observation knows covariates of later steps as the rows have them, with a
   * value or without. Of several rows of a step the last one with a number counts, one with a value
   * before one without. A covariate of which any observation brought its own look-ahead stays as
   * they brought it: what was known then is what will be known.
   *
   * @param names of the covariates
   * @param interval length of a step
   * @param steps ahead that are told
   * @throws IllegalArgumentException where the rows span more steps than times that are right do
   */
  public SeriesData withFutureCovariates(Collection<String> names, Duration interval, int steps) {
    if (names.isEmpty()) {
      return this;
    }
    Set<String> told = new TreeSet<>(names);
    FutureCovariates[] own = own();
    for (FutureCovariates one : own) {
      one.names().forEach(told::remove);
    }
    if (size() == 0 || told.isEmpty()) {
      return this;
    }
    Rows rows = rows(told, interval);
    for (int i = 0; i < own.length; i++) {
      own[i] = own[i].withDefaults(rows.after(timestampsMs[i], steps));
    }
    return new SeriesData(name, timestampsMs, values, covariates, plan.with(own));
  }

  /** What all rows tell, by steps from one on. */
  private record Rows(Sampling steps, long first, CovariateColumns columns, int size) {
    FutureCovariates after(long timestampMs, int most) {
      int next = (int) (steps.stepOf(timestampMs) - first) + 1;
      return new FutureCovariates(columns, next, Math.min(most, size - next));
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

  private Rows rows(Set<String> names, Duration interval) {
    Sampling steps = new Sampling(interval, Aggregation.LAST, 0);
    long first = steps.stepOf(timestampsMs[0]);
    long last = steps.stepOf(timestampsMs[size() - 1]);
    for (long timeMs : plan.timestampsMs()) {
      last = Math.max(last, steps.stepOf(timeMs));
    }
    int size = SteppedSeries.span(name, first, last, interval);
    Rows rows = new Rows(steps, first, new CovariateColumns(size), size);
    rows.gather(names, plan.timestampsMs(), plan.covariates());
    rows.gather(names, timestampsMs, covariates);
    return rows;
  }

  public int size() {
    return values.length;
  }
}
