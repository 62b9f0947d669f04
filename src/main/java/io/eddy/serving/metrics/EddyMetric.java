package io.eddy.serving.metrics;

import java.util.List;

/** Eddy's own metrics. The page {@code src/docs/metrics.md} is generated from these definitions. */
enum EddyMetric {
  BUILD(
      Type.INFO,
      "eddy_build",
      "Version of Eddy, Kafka's libraries and Java.",
      "version",
      "kafka",
      "java"),
  FORECASTER(
      Type.INFO,
      "eddy_forecaster",
      "Application id and model of the process.",
      "application",
      "model"),
  STATE(
      Type.GAUGE,
      "eddy_state",
      "1 for the present state of the process, 0 for the others: starting, waiting for the first"
          + " activation, stopping, or that of Kafka Streams.",
      "state"),
  LIVE(Type.GAUGE, "eddy_live", "1 if /health/live answers 200, else 0."),
  STARTED(Type.GAUGE, "eddy_started", "1 if /health/started answers 200, else 0."),
  READY(Type.GAUGE, "eddy_ready", "1 if /health/ready answers 200, else 0."),
  THREAD_REPLACEMENTS(
      Type.COUNTER,
      "eddy_thread_replacements",
      "Stream threads that failed and were replaced: after an outage of the brokers, or another"
          + " failure."),
  EVENTS(Type.COUNTER, "eddy_events", "Records read from the events topic."),
  EXPIRED(
      Type.COUNTER,
      "eddy_expired_events",
      "Events that the topic's retention deleted before they were processed."),
  FORECASTS(Type.COUNTER, "eddy_forecasts", "Forecasts published, revisions included."),
  REVISIONS(Type.COUNTER, "eddy_revised_forecasts", "Forecasts that a late observation revised."),
  LATE(
      Type.COUNTER,
      "eddy_late_events",
      "Observations older than the newest one of their series, whether used or dropped."),
  DROPPED(
      Type.COUNTER,
      "eddy_dropped_events",
      "Observations that changed nothing: late, or duplicate.",
      "reason"),
  DELETIONS(Type.COUNTER, "eddy_deletion_events", "Records that deleted their series."),
  SKIPPED(
      Type.COUNTER,
      "eddy_skipped_events",
      "Records that were skipped: deleted rows and null values."),
  ROUNDED_INTEGERS(
      Type.COUNTER,
      "eddy_rounded_integers",
      "Integers beyond ±2^53 in values and covariates that were rounded to a float64."),
  DEAD_LETTERS(
      Type.COUNTER,
      "eddy_dead_letters",
      "Records written to the dead letters. One with several reasons counts for the first.",
      "reason"),
  NON_FINITE(
      Type.COUNTER,
      "eddy_nonfinite_forecasts",
      "Forecasts that were not finite. They are withheld; another version forecasts."),
  INCOMPLETE_FUTURE(
      Type.COUNTER,
      "eddy_incomplete_future_events",
      "Observations without all known-future covariates of the serving version. Its forecast uses"
          + " the last known numbers."),
  ANOMALY_EPISODES(
      Type.COUNTER,
      "eddy_anomaly_episodes",
      "Episodes of anomalous steps that began, by the kind at their begin.",
      "kind"),
  ENDED_ANOMALY_EPISODES(
      Type.COUNTER,
      "eddy_ended_anomaly_episodes",
      "Episodes of anomalous steps that ended. Episodes that began less those that ended are open."),
  FIRED_ALERTS(Type.COUNTER, "eddy_fired_alerts", "Alerts that fired."),
  CLEARED_ALERTS(
      Type.COUNTER,
      "eddy_cleared_alerts",
      "Alerts that cleared. Alerts that fired less those that cleared are active."),
  PROCESSING(
      Type.HISTOGRAM,
      "eddy_event_processing_seconds",
      "Time to process one record on the stream thread: decode, step, forecast, score, encode."),
  LATENCY(
      Type.HISTOGRAM,
      "eddy_event_latency_seconds",
      "Time from the timestamp of an event's record, set by the producer or the broker, until Kafka"
          + " Streams took it up for its forecast. The forecast becomes visible at the next commit,"
          + " after at most kafka.commit.interval.ms."),
  LAG(
      Type.GAUGE,
      "eddy_event_lag_records",
      "Records of the partition that are not processed yet, for the partitions of this process.",
      "topic",
      "partition"),
  SERIES(Type.GAUGE, "eddy_series", "Series by the version of their state.", "version"),
  PENDING(
      Type.GAUGE, "eddy_pending_migrations", "Series whose state will migrate to another version."),
  RESTORE_RECORDS(
      Type.GAUGE,
      "eddy_restore_remaining_records",
      "Records left to restore from changelogs before all partitions are processed."),
  RESTORE_STORES(
      Type.GAUGE, "eddy_restoring_partitions", "Partitions of state stores being restored."),
  TASKS(Type.GAUGE, "eddy_tasks", "Tasks of this process, active or standby.", "type"),
  VERSIONS(Type.GAUGE, "eddy_model_versions", "Versions that are loaded or rejected.", "state"),
  LOAD_FAILURES(
      Type.COUNTER, "eddy_model_load_failures", "Rejections of a version when it was loaded."),
  PROMOTIONS(Type.COUNTER, "eddy_promotions", "Shadows promoted automatically."),
  SHADOW_DROPS(Type.COUNTER, "eddy_shadow_drops", "Shadows dropped automatically."),
  ROLLBACKS(Type.COUNTER, "eddy_rollbacks", "Automatic rollbacks."),
  FAILED_ROLLBACKS(
      Type.COUNTER,
      "eddy_failed_rollbacks",
      "Automatic rollbacks without a previous version to return to."),
  CONTROLLER(
      Type.GAUGE,
      "eddy_promotion_controller_active",
      "1 in the instance that decides on promotions and rollbacks. The four counters above count"
          + " the decisions of this process."),
  SCORED(
      Type.COUNTER,
      "eddy_scored_forecasts",
      "Forecasts compared with the values that followed, from a complete context, of series whose"
          + " seasonal naive error is not 0.",
      "version",
      "role"),
  ERROR(
      Type.COUNTER,
      "eddy_scaled_error",
      "Sum over these forecasts of the mean absolute error divided by the series' seasonal naive"
          + " error: of the model, of its own baseline and of seasonal naive. Divided by"
          + " eddy_scored_forecasts_total it is the MASE; model divided by seasonal_naive is below 1"
          + " if the model is better.",
      "version",
      "role",
      "forecaster"),
  STEPS(
      Type.COUNTER,
      "eddy_scored_steps",
      "Steps of these forecasts with a measured value.",
      "version",
      "role"),
  COVERED(
      Type.COUNTER,
      "eddy_covered_steps",
      "Scored steps whose value was at or below the quantile.",
      "version",
      "role",
      "quantile"),
  EXPECTED(
      Type.COUNTER,
      "eddy_expected_covered_steps",
      "The number of covered steps if every quantile were exact: scored steps times level.",
      "version",
      "role",
      "quantile"),
  STREAMS(Type.GAUGE, "eddy_http_event_streams", "Open streams of server-sent events.");

  /** The types of metrics. */
  enum Type {
    COUNTER("_total"),
    GAUGE(""),
    HISTOGRAM(""),
    INFO("_info");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Type type;
  private final String name;
  private final String help;

  /** Separated by commas. */
  private final String labels;

  EddyMetric(Type type, String name, String help, String... labels) {
    this.type = type;
    this.name = name;
    this.help = help;
    this.labels = String.join(",", labels);
  }

  Type type() {
    return type;
  }

  /** Returns the name without the suffix that its type adds in a scrape. */
  String baseName() {
    return name;
  }

  /** Returns the name in a scrape; a histogram's has further suffixes there. */
  String scrapedName() {
    return name + type.suffix;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(","));
  }
}
