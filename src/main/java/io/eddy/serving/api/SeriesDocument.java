package io.eddy.serving.api;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.kafka.query.LocalSeries;
import io.eddy.kafka.state.StoredSeries;
import io.eddy.rollout.Activation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One series: its window, forecasts and accuracy.
 *
 * @param interval text form of the interval
 * @param intervalMs mean length of a step
 * @param seasonSteps season of the seasonal naive forecast, 0 for the naive one; null if the
 *     version is not loaded
 * @param pendingMigration the version that the series migrates to at its next event; null for none
 * @param lastStepMs start of the last closed step; null before the first one
 * @param history oldest step first
 * @param forecast the newest one; null if none was found
 * @param pastForecasts earlier ones, newest first
 */
record SeriesDocument(
    String name,
    int partition,
    String interval,
    long intervalMs,
    String version,
    long epoch,
    @Nullable Integer seasonSteps,
    @Nullable Target pendingMigration,
    @Nullable Long lastStepMs,
    List<StepDocument> history,
    @Nullable ForecastDocument forecast,
    List<ForecastDocument> pastForecasts,
    @Nullable AccuracyDocument accuracy) {
  /** A version and the epoch of its activation. */
  record Target(String version, long epoch) {
    static Target of(Activation activation) {
      return new Target(activation.version().shortSha(), activation.epoch());
    }
  }

  /**
   * Creates a document.
   *
   * @param pending activation that the series migrates to; null for none
   * @param forecasts newest first
   */
  static SeriesDocument of(
      LocalSeries.Entry entry,
      int steps,
      @Nullable Activation pending,
      List<Forecast> forecasts,
      @Nullable AccuracyDocument accuracy) {
    StoredSeries series = entry.series();
    List<ForecastDocument> documents = forecasts.stream().map(ForecastDocument::of).toList();
    return new SeriesDocument(
        series.name(),
        entry.partition(),
        series.state().sampling().interval().toString(),
        series.state().sampling().interval().meanLength().toMillis(),
        series.state().served().version().shortSha(),
        series.state().served().epoch(),
        null,
        pending == null ? null : Target.of(pending),
        time(series.state().lastStepMs()),
        series.history(steps).stream().map(StepDocument::of).toList(),
        documents.isEmpty() ? null : documents.get(0),
        documents.subList(Math.min(1, documents.size()), documents.size()),
        accuracy);
  }

  /** Returns this document with the season of the series' version. */
  SeriesDocument withSeasonSteps(@Nullable Integer steps) {
    return new SeriesDocument(
        name,
        partition,
        interval,
        intervalMs,
        version,
        epoch,
        steps,
        pendingMigration,
        lastStepMs,
        history,
        forecast,
        pastForecasts,
        accuracy);
  }

  static @Nullable Long time(long timeMs) {
    return timeMs == SeriesState.NO_TIME ? null : timeMs;
  }

  /**
   * Returns the last forecast from each origin, the newest origin first.
   *
   * @param found in the order in which they were made
   */
  static List<Forecast> newestByOrigin(List<Forecast> found, int limit) {
    Map<Long, Forecast> byOrigin = new TreeMap<>(Comparator.reverseOrder());
    found.forEach(forecast -> byOrigin.put(forecast.origin().timestampMs(), forecast));
    List<Forecast> newest = new ArrayList<>(byOrigin.values());
    return newest.subList(0, Math.min(limit, newest.size()));
  }
}
