package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.series.InvalidRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Forecasts the last part of series from their earlier values.
 *
 * @param name shown in progress and reports
 * @param data up to the last value that is forecast
 * @param scored names of the series that are forecast; others may be trained on
 * @param origins of the forecasts
 */
public record AccuracyTask(
    String name, List<SeriesData> data, Set<String> scored, Origins origins) {
  /**
   * The origins of the forecasts, counted from each series' end.
   *
   * @param horizon J, steps ahead; the last origin is J steps before the end
   * @param steps after the first origin
   * @param every steps between two origins
   * @param season m of MASE and of the seasonal naive forecast
   */
  public record Origins(int horizon, int steps, int every, int season) {}

  /** Creates a task that forecasts all series. */
  AccuracyTask(String name, List<SeriesData> data, Origins origins) {
    this(name, data, data.stream().map(SeriesData::name).collect(Collectors.toSet()), origins);
  }

  public AccuracyTask {
    data = List.copyOf(data);
    scored = Set.copyOf(scored);
    for (String series : scored) {
      find(series, data);
    }
    requireValues(origins.steps() + 1, data);
  }

  private static SeriesData find(String series, List<SeriesData> data) {
    return data.stream()
        .filter(s -> s.name().equals(series))
        .findFirst()
        .orElseThrow(() -> new InvalidRecordException("no series %s", series));
  }

  /**
   * Requires a minimum number of values of each series.
   *
   * @throws InvalidRecordException if a series is shorter
   */
  static void requireValues(int min, List<SeriesData> data) {
    for (SeriesData s : data) {
      if (s.size() < min) {
        throw new InvalidRecordException(
            "series %s: expected at least %d values, got %d; is the file complete?",
            s.name(), min, s.size());
      }
    }
  }

  /** Returns the first {@code size} values of each series, which must have that many. */
  static List<SeriesData> first(int size, List<SeriesData> data) {
    requireValues(size, data);
    return data.stream().map(s -> s.first(size)).toList();
  }

  /** Returns all but the last {@code steps} values of each series. */
  static List<SeriesData> allBut(int steps, List<SeriesData> data) {
    return data.stream().map(s -> s.first(Math.max(0, s.size() - steps))).toList();
  }

  /** Returns the population standard deviation of a series' values in [from, to). */
  double deviation(String series, int from, int to) {
    double[] values = find(series, data).values();
    double mean = Arrays.stream(values, from, to).average().orElse(Double.NaN);
    double square =
        Arrays.stream(values, from, to).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    return Math.sqrt(square);
  }
}
