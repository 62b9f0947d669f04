package io.eddy.codec;

import io.eddy.series.CovariateColumns;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers observations by series and sorts them by time; of equal times the first is kept. */
public final class SeriesCollector {
  private final Map<String, Columns> series = new LinkedHashMap<>();

  private static final class Columns {
    long[] timestampsMs = new long[64];
    double[] values = new double[64];
    CovariateColumns covariates = new CovariateColumns(64);
    int size;

    void add(Observation observation) {
      if (size == values.length) {
        timestampsMs = Arrays.copyOf(timestampsMs, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
        covariates = covariates.resized(2 * size);
      }
      timestampsMs[size] = observation.timestampMs();
      covariates.set(size, observation.covariates());
      values[size++] = observation.value();
    }

    SeriesData sorted(String name) {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingLong(i -> timestampsMs[i]));
      long[] times = new long[size];
      double[] sorted = new double[size];
      int[] rows = new int[size];
      int kept = 0;
      for (int i : order) {
        if (kept == 0 || timestampsMs[i] != times[kept - 1]) {
          times[kept] = timestampsMs[i];
          rows[kept] = i;
          sorted[kept++] = values[i];
        }
      }
      return new SeriesData(
          name,
          Arrays.copyOf(times, kept),
          Arrays.copyOf(sorted, kept),
          covariates.picked(Arrays.copyOf(rows, kept)));
    }
  }

  /** Takes an observation. */
  public void add(Observation observation) {
    series.computeIfAbsent(observation.series(), name -> new Columns()).add(observation);
  }

  /** The series in the order in which they first came. */
  public List<SeriesData> toList() {
    List<SeriesData> list = new ArrayList<>();
    series.forEach((name, columns) -> list.add(columns.sorted(name)));
    return list;
  }
}
