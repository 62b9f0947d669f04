package io.eddy.serving.api;

import io.eddy.kafka.topics.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of the forecaster.
 *
 * @param state of Kafka Streams on this instance
 * @param version of Eddy
 * @param uptimeMs since this instance opened its port
 * @param horizon of the version that serves the series that no narrower scope contains, with its
 *     interval and quantile levels; null if there is none
 */
record StatusDocument(
    String application,
    String model,
    String instance,
    String state,
    String version,
    List<StreamThread> threads,
    Topics topics,
    long uptimeMs,
    Counts counts,
    Series series,
    List<Instance> instances,
    @Nullable Integer horizon,
    @Nullable String interval,
    @Nullable Long intervalMs,
    List<Double> quantileLevels) {
  record StreamThread(String name, String state) {}

  record Topics(
      String events,
      String forecasts,
      String scores,
      String models,
      String activations,
      String deadLetters,
      String status) {
    static Topics of(TopicNames names) {
      return new Topics(
          names.events(),
          names.forecasts(),
          names.scores(),
          names.models(),
          names.activations(),
          names.deadLetters(),
          names.status());
    }
  }

  /** Numbers of records since the start. */
  record Counts(
      long events,
      long forecasts,
      Map<String, Long> deadLetters,
      Map<String, Long> dropped,
      long late) {
    Counts plus(Counts other) {
      return new Counts(
          events + other.events,
          forecasts + other.forecasts,
          sum(deadLetters, other.deadLetters),
          sum(dropped, other.dropped),
          late + other.late);
    }

    private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
      Map<String, Long> sums = new TreeMap<>(a);
      b.forEach((reason, count) -> sums.merge(reason, count, Long::sum));
      return sums;
    }
  }

  /** Numbers of series, counted some seconds ago. */
  record Series(long active, long pendingMigrations) {
    Series plus(Series other) {
      return new Series(active + other.active, pendingMigrations + other.pendingMigrations);
    }
  }

  /**
   * An instance of the application.
   *
   * @param host address as {@code host:port}
   * @param error why it did not answer; null if it did
   */
  record Instance(String host, String url, @Nullable String error) {}

  /**
   * Returns the status of this instance with the sums over all instances.
   *
   * @param others answers of other instances
   * @param known all instances, this one included
   */
  StatusDocument merge(List<StatusDocument> others, List<Instance> known) {
    Counts allCounts = counts;
    Series allSeries = series;
    StatusDocument specified = this;
    for (StatusDocument other : others) {
      allCounts = allCounts.plus(other.counts);
      allSeries = allSeries.plus(other.series);
      specified = specified.horizon == null ? other : specified;
    }
    return new StatusDocument(
        application,
        model,
        instance,
        state,
        version,
        threads,
        topics,
        uptimeMs,
        allCounts,
        allSeries,
        new ArrayList<>(known),
        specified.horizon,
        specified.interval,
        specified.intervalMs,
        specified.quantileLevels);
  }
}
