package io.eddy.dataset;

import io.eddy.series.Sampling;
import java.util.List;

/**
 * Numbers of steps of series that are sampled.
 *
 * @param missing steps without an observation between the first and the last of their series
 * @param filled missing steps that are imputed; longer gaps restart the series
 */
public record StepCounts(long missing, long filled) {
  /** Counts the steps of a grid. */
  public static StepCounts of(List<SeriesData> series, Sampling sampling) {
    StepCounts total = new StepCounts(0, 0);
    for (SeriesData data : series) {
      total = total.plus(of(data.timestampsMs(), sampling));
    }
    return total;
  }

  /** Returns the number of observations whose series and time an earlier one has. */
  public static long duplicates(List<SeriesData> series) {
    long count = 0;
    for (SeriesData data : series) {
      long[] timesMs = data.timestampsMs();
      for (int i = 1; i < timesMs.length; i++) {
        count += timesMs[i] == timesMs[i - 1] ? 1 : 0;
      }
    }
    return count;
  }

  private static StepCounts of(long[] timesMs, Sampling sampling) {
    long missing = 0;
    long filled = 0;
    for (int i = 1; i < timesMs.length; i++) {
      long gap = sampling.stepOf(timesMs[i]) - sampling.stepOf(timesMs[i - 1]) - 1;
      if (gap > 0) {
        missing += gap;
        filled += gap <= sampling.maxGapSteps() ? gap : 0;
      }
    }
    return new StepCounts(missing, filled);
  }

  private StepCounts plus(StepCounts other) {
    return new StepCounts(missing + other.missing, filled + other.filled);
  }
}
