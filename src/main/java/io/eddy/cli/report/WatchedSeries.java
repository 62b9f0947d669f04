package io.eddy.cli.report;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.Score;
import io.eddy.series.Observation;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The last values, the last forecast and the errors of a watched series. */
final class WatchedSeries {
  private static final int MAX_VALUES = 128;

  private final String name;
  private final NavigableMap<Long, Double> values = new TreeMap<>();
  private final MeanError model = new MeanError();
  private final MeanError naive = new MeanError();
  private @Nullable Forecast forecast;
  private long updates;

  WatchedSeries(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void observe(Observation observation) {
    values.put(observation.timestampMs(), observation.value());
    if (values.size() > MAX_VALUES) {
      values.pollFirstEntry();
    }
  }

  /**
   * Takes a forecast, unless it is from an earlier origin, as a revision may be.
   *
   * @param update number of the update, ascending over all series
   */
  void forecast(Forecast newer, long update) {
    updates = update;
    if (forecast == null || newer.origin().timestampMs() >= forecast.origin().timestampMs()) {
      forecast = newer;
    }
  }

  void score(Score score) {
    model.add(score.absoluteError());
    naive.add(score.naiveAbsoluteError());
  }

  /** Returns the number of the last update. */
  long updates() {
    return updates;
  }

  @Nullable Forecast forecast() {
    return forecast;
  }

  /** Returns the last value; NaN if it is unknown or missing. */
  double lastValue() {
    Map.Entry<Long, Double> last = values.lastEntry();
    return last == null ? Double.NaN : last.getValue();
  }

  /** Returns the last values, at most {@code count}. */
  double[] lastValues(int count) {
    return values.values().stream()
        .skip(Math.max(0, values.size() - count))
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  MeanError modelError() {
    return model;
  }

  MeanError naiveError() {
    return naive;
  }
}
