package io.eddy.dataset;

import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
import io.eddy.series.Duplicates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects observations by series and sorts them by time. Of several observations of a series with
 * the same timestamp all are returned, in their order, or the one that {@link Duplicates} chooses.
 * Rows of covariates without a value are collected separately as future covariates; of equal
 * timestamps the first is kept.
 */
public final class SeriesCollector {
  private final Map<String, Columns> series = new LinkedHashMap<>();
  private final Map<String, Columns> futureRows = new HashMap<>();

  private static final class Columns {
    long[] timestampsMs = new long[64];
    double[] values = new double[64];
    CovariateColumns covariates = new CovariateColumns(64);
    FutureCovariates[] ahead = {};
    int size;

    void add(Observation observation) {
      if (size == values.length) {
        timestampsMs = Arrays.copyOf(timestampsMs, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
        covariates = covariates.resized(2 * size);
        ahead = ahead.length == 0 ? ahead : Arrays.copyOf(ahead, 2 * size);
      }
      if (!observation.futureCovariates().isEmpty() && ahead.length == 0) {
        ahead = new FutureCovariates[values.length];
        Arrays.fill(ahead, 0, size, FutureCovariates.NONE);
      }
      if (ahead.length > 0) {
        ahead[size] = observation.futureCovariates();
      }
      timestampsMs[size] = observation.timestampMs();
      covariates.set(size, observation.covariates());
      values[size++] = observation.value();
    }

    SeriesData sorted(String name, @Nullable Duplicates rule, @Nullable Columns future) {
      SeriesData sorted = sorted(name, rule);
      if (future == null) {
        return sorted;
      }
      SeriesData rows = future.sorted(name, Duplicates.FIRST);
      return sorted.with(rows.timestampsMs(), rows.covariates());
    }

    /** Returns the series with one observation of each time, or with all if there is no rule. */
    private SeriesData sorted(String name, @Nullable Duplicates rule) {
      int[] order = order();
      int[] rows = new int[size];
      int kept = 0;
      for (int i : order) {
        if (rule == null || kept == 0 || timestampsMs[i] != timestampsMs[rows[kept - 1]]) {
          rows[kept++] = i;
        } else if (rule.replaces(observation(i), observation(rows[kept - 1]))) {
          rows[kept - 1] = i;
        }
      }
      int[] chosen = Arrays.copyOf(rows, kept);
      return new SeriesData(
          name,
          Arrays.stream(chosen).mapToLong(row -> timestampsMs[row]).toArray(),
          Arrays.stream(chosen).mapToDouble(row -> values[row]).toArray(),
          covariates.select(chosen),
          FutureCovariateRows.NONE.with(ahead(chosen)));
    }

    /** Returns the indexes in order of time, and of equal times in their own order. */
    private int[] order() {
      int[] order = new int[size];
      Arrays.setAll(order, i -> i);
      for (int i = 1; i < size; i++) {
        if (timestampsMs[i] < timestampsMs[i - 1]) {
          return Arrays.stream(order)
              .boxed()
              .sorted(Comparator.comparingLong(row -> timestampsMs[row]))
              .mapToInt(Integer::intValue)
              .toArray();
        }
      }
      return order;
    }

    private Observation observation(int row) {
      return new Observation(
          "",
          timestampsMs[row],
          values[row],
          covariates.row(row),
          ahead.length == 0 ? FutureCovariates.NONE : ahead[row]);
    }

    private FutureCovariates[] ahead(int[] rows) {
      return ahead.length == 0
          ? ahead
          : Arrays.stream(rows).mapToObj(row -> ahead[row]).toArray(FutureCovariates[]::new);
    }
  }

  /** Adds covariates without a value. */
  public void addFutureCovariates(String name, long timestampMs, Covariates covariates) {
    futureRows
        .computeIfAbsent(name, absent -> new Columns())
        .add(new Observation(name, timestampMs, 0, covariates));
  }

  /** Adds an observation. */
  public void add(Observation observation) {
    series.computeIfAbsent(observation.series(), name -> new Columns()).add(observation);
  }

  /** Removes all observations of a series. */
  public void remove(String name) {
    series.remove(name);
  }

  /** Returns the series with all observations, in the order of their first observations. */
  public List<SeriesData> toList() {
    return list(null);
  }

  /**
   * Returns the series with one observation of each time, in the order of their first observations.
   */
  public List<SeriesData> toList(Duplicates rule) {
    return list(rule);
  }

  private List<SeriesData> list(@Nullable Duplicates rule) {
    List<SeriesData> list = new ArrayList<>();
    series.forEach((name, columns) -> list.add(columns.sorted(name, rule, futureRows.get(name))));
    return list;
  }

  /** Returns the number of observations. */
  public long size() {
    return series.values().stream().mapToLong(columns -> columns.size).sum();
  }
}
