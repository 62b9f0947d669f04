package io.eddy.serving.metrics;

import io.eddy.admission.RejectionKind;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.stream.ScoreTotals;
import io.eddy.kafka.stream.StreamCounters;
import io.eddy.kafka.stream.VersionScores;
import io.eddy.rollout.Activation.Role;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.ThreadMetadata;

/** Reads the metrics of a forecaster. */
final class ForecasterCollector {
  private static final String LAG_GROUP = "consumer-fetch-manager-metrics";
  private static final String LAG = "records-lag";

  private final Forecaster forecaster;
  private final Set<String> eventTopics;

  ForecasterCollector(Forecaster forecaster) {
    this.forecaster = forecaster;
    eventTopics =
        Stream.of(
                forecaster.settings().topics().events(),
                forecaster.settings().topics().keyedEvents())
            .filter(topic -> topic != null)
            .collect(Collectors.toUnmodifiableSet());
  }

  void collect(MetricFamilies families) {
    families.add(EddyMetric.FORECASTER, 1, forecaster.id().application(), forecaster.id().model());
    families.add(EddyMetric.THREAD_REPLACEMENTS, forecaster.threadReplacements());
    collectEvents(families, forecaster.counters());
    collectScores(families, forecaster.counters().scores());
    collectLag(families);
    collectState(families);
    collectModels(families);
  }

  private static void collectEvents(MetricFamilies families, StreamCounters counters) {
    families.add(EddyMetric.EVENTS, counters.events());
    families.add(EddyMetric.FORECASTS, counters.forecasts());
    families.add(EddyMetric.REVISIONS, counters.revisions());
    families.add(EddyMetric.EXPIRED, counters.expired());
    families.add(EddyMetric.LATE, counters.late());
    families.add(EddyMetric.DELETIONS, counters.deletions());
    families.add(EddyMetric.SKIPPED, counters.skipped());
    families.add(EddyMetric.NON_FINITE, counters.nonFinite());
    families.add(EddyMetric.ROUNDED_INTEGERS, counters.roundedIntegers());
    families.add(EddyMetric.INCOMPLETE_FUTURE, counters.incompleteFuture());
    for (StepResult.Reason reason : StepResult.Reason.values()) {
      families.add(EddyMetric.DROPPED, counters.dropped(reason), lowerCase(reason));
    }
    for (RejectionKind kind : RejectionKind.values()) {
      families.add(EddyMetric.DEAD_LETTERS, counters.deadLetters(kind), kind.id());
    }
    for (AnomalyKind kind : AnomalyKind.values()) {
      families.add(EddyMetric.ANOMALY_EPISODES, counters.anomalies().begun(kind), lowerCase(kind));
    }
    families.add(EddyMetric.ENDED_ANOMALY_EPISODES, counters.anomalies().ended());
    families.add(EddyMetric.FIRED_ALERTS, counters.firedAlerts());
    families.add(EddyMetric.CLEARED_ALERTS, counters.clearedAlerts());
    families.add(EddyMetric.PROCESSING, counters.processing());
    families.add(EddyMetric.LATENCY, counters.latency());
  }

  private static void collectScores(MetricFamilies families, ScoreTotals scores) {
    for (ScoreTotals.Entry entry : scores.entries()) {
      String version = entry.version().shortSha();
      String role = role(entry.role());
      VersionScores.Totals totals = entry.totals();
      families.add(EddyMetric.SCORED, totals.forecasts(), version, role);
      families.add(EddyMetric.STEPS, totals.steps(), version, role);
      VersionScores.Errors errors = totals.errors();
      families.add(EddyMetric.ERROR, errors.model(), version, role, "model");
      families.add(EddyMetric.ERROR, errors.baseline(), version, role, "baseline");
      families.add(EddyMetric.ERROR, errors.naive(), version, role, "seasonal_naive");
      for (VersionScores.Level level : totals.levels()) {
        String quantile = Double.toString(level.level());
        families.add(EddyMetric.COVERED, level.covered(), version, role, quantile);
        families.add(
            EddyMetric.EXPECTED, level.level() * (double) totals.steps(), version, role, quantile);
      }
    }
  }

  private static String role(Role role) {
    return role == Role.SERVE ? "serving" : "shadow";
  }

  private void collectLag(MetricFamilies families) {
    Map<String, Map<String, Double>> lags = new TreeMap<>();
    for (Map.Entry<MetricName, ? extends Metric> metric :
        forecaster.streams().metrics().entrySet()) {
      MetricName name = metric.getKey();
      if (name.name().equals(LAG)
          && name.group().equals(LAG_GROUP)
          && eventTopics.contains(name.tags().get("topic"))
          && metric.getValue().metricValue() instanceof Double lag
          && !lag.isNaN()) {
        lags.computeIfAbsent(name.tags().get("topic"), topic -> new TreeMap<>())
            .merge(String.valueOf(name.tags().get("partition")), lag, Math::max);
      }
    }
    lags.forEach(
        (topic, partitions) ->
            partitions.forEach(
                (partition, lag) -> families.add(EddyMetric.LAG, lag, topic, partition)));
  }

  private void collectState(MetricFamilies families) {
    families.add(EddyMetric.RESTORE_RECORDS, forecaster.restoreProgress().records());
    families.add(EddyMetric.RESTORE_STORES, forecaster.restoreProgress().partitions());
    Set<ThreadMetadata> threads = forecaster.threads();
    families.add(
        EddyMetric.TASKS,
        threads.stream().mapToInt(thread -> thread.activeTasks().size()).sum(),
        "active");
    families.add(
        EddyMetric.TASKS,
        threads.stream().mapToInt(thread -> thread.standbyTasks().size()).sum(),
        "standby");
    Map<String, Long> series = new TreeMap<>();
    for (SeriesCount count : forecaster.seriesCounts()) {
      series.merge(count.served().version().shortSha(), count.series(), Long::sum);
    }
    series.forEach((version, count) -> families.add(EddyMetric.SERIES, count, version));
  }

  private void collectModels(MetricFamilies families) {
    ModelCatalog catalog = forecaster.catalog();
    ModelCatalog.Contents contents = catalog.contents();
    families.add(EddyMetric.PENDING, catalog.getPendingMigrations());
    families.add(EddyMetric.VERSIONS, contents.loaded().size(), "loaded");
    families.add(EddyMetric.VERSIONS, contents.rejected().size(), "rejected");
    families.add(EddyMetric.LOAD_FAILURES, catalog.getRejections());
    families.add(EddyMetric.PROMOTIONS, forecaster.promotion().getPromotions());
    families.add(EddyMetric.SHADOW_DROPS, forecaster.promotion().getDrops());
    families.add(EddyMetric.ROLLBACKS, forecaster.promotion().getRollbacks());
    families.add(EddyMetric.FAILED_ROLLBACKS, forecaster.promotion().getFailedRollbacks());
    families.add(EddyMetric.CONTROLLER, forecaster.promotion().isActive() ? 1 : 0);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
