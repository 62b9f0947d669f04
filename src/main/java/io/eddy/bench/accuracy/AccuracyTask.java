package io.eddy.bench.accuracy;

import io.eddy.dataset.SeriesData;
import io.eddy.series.InvalidRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Series of which an end is forecast from what came before.
 *
 * @param name for people
 * @param data up to the last value that is forecast
 * @param scored names of the series that are forecast; the others may be learnt from
 * @param origins where forecasts begin
 */
public record AccuracyTask(
    String name, List<SeriesData> data, Set<String> scored, Origins origins) {
  /**
   * Where forecasts begin, counted from each series' end.
   *
   * @param horizon J: steps ahead; the last origin is so many steps before the end
   * @param steps behind the first origin
   * @param every steps between two origins
   * @param season m of MASE and of the seasonal naive forecast
   */
  public record Origins(int horizon, int steps, int every, int season) {}

  /** A task on all of the series. */
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
        .filter(one -> one.name().equals(series))
        .findFirst()
        .orElseThrow(() -> new InvalidRecordException("there is no series %s", series));
  }

  /**
   * Refuses series that are too short.
   *
   * @throws InvalidRecordException that names the first of them
   */
  static void requireValues(int least, List<SeriesData> data) {
    for (SeriesData one : data) {
      if (one.size() < least) {
        throw new InvalidRecordException(
            "series %s: expected at least %d values, got %d: is the file whole?",
            one.name(), least, one.size());
      }
    }
  }

  /** The first {@code size} values of each series, which must have as many. */
  static List<SeriesData> first(int size, List<SeriesData> data) {
    requireValues(size, data);
    return data.stream().map(one -> one.first(size)).toList();
  }

  /** All but the last {@code steps} values of each series. */
  static List<SeriesData> allBut(int steps, List<SeriesData> data) {
    return data.stream().map(one -> one.first(Math.max(0, one.size() - steps))).toList();
  }

  /** Standard deviation, by the number of values, of those of a series from one on to another. */
  double deviation(String series, int from, int to) {
    double[] values = find(series, data).values();
    double mean = Arrays.stream(values, from, to).average().orElse(Double.NaN);
    double square =
        Arrays.stream(values, from, to).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    return Math.sqrt(square);
  }
}
