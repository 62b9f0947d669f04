package io.eddy.dataset;

import io.eddy.series.CovariateColumns;
import io.eddy.series.Covariates;
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
 * Collects observations by series and sorts them by time. Observations with equal timestamps keep
 * their order, and all are kept; sampling decides which of them counts. Rows of covariates without
 * a value are collected separately as future covariates; of equal timestamps the first is kept.
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

    SeriesData sorted(String name, @Nullable Columns future) {
      SeriesData sorted = sorted(name, true);
      if (future == null) {
        return sorted;
      }
      SeriesData rows = future.sorted(name, false);
      return sorted.with(rows.timestampsMs(), rows.covariates());
    }

    private SeriesData sorted(String name, boolean keepsDuplicates) {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingLong(i -> timestampsMs[i]));
      long[] times = new long[size];
      double[] sorted = new double[size];
      int[] rows = new int[size];
      int kept = 0;
      for (int i : order) {
        if (keepsDuplicates || kept == 0 || timestampsMs[i] != times[kept - 1]) {
          times[kept] = timestampsMs[i];
          rows[kept] = i;
          sorted[kept++] = values[i];
        }
      }
      return new SeriesData(
          name,
          Arrays.copyOf(times, kept),
          Arrays.copyOf(sorted, kept),
          covariates.select(Arrays.copyOf(rows, kept)),
          FutureCovariateRows.NONE.with(ahead(Arrays.copyOf(rows, kept))));
    }

    private FutureCovariates[] ahead(int[] rows) {
      return ahead.length == 0
          ? ahead
          : Arrays.stream(rows).mapToObj(row -> ahead[row]).toArray(FutureCovariates[]::new);
    }
  }

  /** Adds covariates without a value. */
  void addFutureCovariates(String name, long timestampMs, Covariates covariates) {
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

  /** Returns the series in the order of their first observations. */
  public List<SeriesData> toList() {
    List<SeriesData> list = new ArrayList<>();
    series.forEach((name, columns) -> list.add(columns.sorted(name, futureRows.get(name))));
    return list;
  }
}
