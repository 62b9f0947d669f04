package io.eddy.kafka.config;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.NullValues;
import io.eddy.series.Duplicates;
import io.eddy.series.DurationFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Settings of late, invalid and excess events. */
final class AdmissionSettings {
  private static final String LATENESS = "events.lateness";
  private static final String DUPLICATES = "events.duplicates";
  private static final String DUPLICATE_WINDOW = "events.duplicate-window";
  private static final String LATE_POLICY = "events.late-policy";
  private static final String REVISE_STEPS = "events.revise-steps";
  private static final String EMIT_ON = "forecasts.emit-on";

  private static final String MIN_VALUE = "events.min-value";
  private static final String MAX_VALUE = "events.max-value";
  private static final String MIN_TIMESTAMP = "events.min-timestamp";
  private static final String MAX_TIMESTAMP = "events.max-timestamp";
  private static final String MAX_AHEAD_OF_SERIES = "events.max-ahead-of-series";
  private static final String MAX_AHEAD_OF_RECORD = "events.max-ahead-of-record";
  private static final String NULL_VALUES = "events.null-values";
  private static final String MAX_PER_PARTITION = "series.max-per-partition";
  private static final String TIME_TO_LIVE = "series.time-to-live";

  private static final String DROP = "drop";
  private static final String REVISE = "revise";
  private static final String STEP = "step";
  private static final String OBSERVATION = "observation";

  private static final int DEFAULT_REVISE_STEPS = 24;
  private static final Duration MAX_LATENESS = Duration.ofDays(3660);

  private AdmissionSettings() {}

  static void define(ConfigDef definition) {
    defineLateness(definition, "Late events");
    defineLimits(definition, "Invalid and excess events");
  }

  private static void defineLateness(ConfigDef definition, String group) {
    definition
        .define(
            LATENESS,
            ConfigDef.Type.STRING,
            "PT0S",
            Validators.duration(Duration.ZERO, MAX_LATENESS),
            Importance.HIGH,
            "Grace period of a step, in event time: the step closes when its series has an"
                + " observation at least this much later than the end of the step.",
            group,
            1,
            Width.SHORT,
            "Lateness")
        .define(
            DUPLICATES,
            ConfigDef.Type.STRING,
            null,
            Validators.oneOf(Arrays.stream(Duplicates.values()).map(Duplicates::id)),
            Importance.MEDIUM,
            "Which of several observations of a series with the same timestamp counts; the others"
                + " are ignored. `first`: the first in the order of the partition. `last`: the last"
                + " in that order, so that a later observation corrects an earlier one. `max`: the"
                + " one with the largest value, whatever the order. If not set: `last` with"
                + " events.late-policy = revise, otherwise `first`. With `last` or `max`, without"
                + " revisions, a step that takes its first observation closes when the next step"
                + " begins.",
            group,
            2,
            Width.SHORT,
            "Duplicates")
        .define(
            DUPLICATE_WINDOW,
            ConfigDef.Type.INT,
            LatenessPolicy.IN_ORDER.retained(),
            Validators.range(1, LatenessPolicy.MAX_RETAINED),
            Importance.LOW,
            "Number of observations in open steps of a series that are stored individually, so that"
                + " a second one with the same timestamp is detected as a duplicate.",
            group,
            3,
            Width.SHORT,
            "Duplicate window")
        .define(
            LATE_POLICY,
            ConfigDef.Type.STRING,
            DROP,
            Validators.oneOf(Stream.of(DROP, REVISE)),
            Importance.MEDIUM,
            "Treatment of an observation whose step is closed. `drop`: it is counted and dropped."
                + " `revise`: the series is restored to the state before that step and recomputed"
                + " with the observation, and the forecasts since then are published again with the"
                + " next revision number.",
            group,
            4,
            Width.SHORT,
            "Late observations")
        .define(
            REVISE_STEPS,
            ConfigDef.Type.INT,
            DEFAULT_REVISE_STEPS,
            Validators.range(1, LatenessPolicy.MAX_REVISED_STEPS),
            Importance.LOW,
            "Number of most recent closed steps that a late observation can revise. Older"
                + " observations are dropped. Used only with events.late-policy = revise.",
            group,
            5,
            Width.SHORT,
            "Revisable steps");
  }

  private static void defineLimits(ConfigDef definition, String group) {
    definition
        .define(
            MIN_VALUE,
            ConfigDef.Type.DOUBLE,
            null,
            Validators.finiteNumber(),
            Importance.MEDIUM,
            "Smallest valid value. Events with a smaller one become dead letters.",
            group,
            1,
            Width.SHORT,
            "Smallest value")
        .define(
            MAX_VALUE,
            ConfigDef.Type.DOUBLE,
            null,
            Validators.finiteNumber(),
            Importance.MEDIUM,
            "Largest valid value. Events with a larger one become dead letters.",
            group,
            2,
            Width.SHORT,
            "Largest value")
        .define(
            MIN_TIMESTAMP,
            ConfigDef.Type.STRING,
            null,
            Validators.timestamp(),
            Importance.LOW,
            "Earliest valid timestamp. Events with an earlier one become dead letters.",
            group,
            3,
            Width.MEDIUM,
            "Earliest timestamp")
        .define(
            MAX_TIMESTAMP,
            ConfigDef.Type.STRING,
            null,
            Validators.timestamp(),
            Importance.LOW,
            "Latest valid timestamp. Events with a later one become dead letters.",
            group,
            4,
            Width.MEDIUM,
            "Latest timestamp")
        .define(
            MAX_AHEAD_OF_SERIES,
            ConfigDef.Type.STRING,
            "P366D",
            Validators.durationOrOff(Duration.ofMillis(1)),
            Importance.MEDIUM,
            "Maximum time by which an observation may be ahead of the previous one of its series."
                + " An observation farther ahead becomes a dead letter; it is accepted if the next"
                + " one agrees with it. Use more than the longest gap between two observations.",
            group,
            5,
            Width.SHORT,
            "Ahead of series")
        .define(
            MAX_AHEAD_OF_RECORD,
            ConfigDef.Type.STRING,
            Validators.OFF,
            Validators.durationOrOff(Duration.ZERO),
            Importance.LOW,
            "Maximum time by which an event's timestamp may be ahead of the record's own timestamp."
                + " Useful if the record's timestamp comes from a more reliable clock: the broker's"
                + " (message.timestamp.type=LogAppendTime) or a gateway's.",
            group,
            6,
            Width.SHORT,
            "Ahead of record")
        .define(
            NULL_VALUES,
            ConfigDef.Type.STRING,
            NullValues.DEAD_LETTER.id(),
            Validators.oneOf(Stream.of(NullValues.values()).map(NullValues::id)),
            Importance.MEDIUM,
            "Treatment of an event with a null value (a tombstone). `dead-letter`: it becomes a"
                + " dead letter. `skip`: it is counted and ignored. `delete`: its series is deleted;"
                + " requires the record's key to be the name of the series. A change event of"
                + " Debezium for a deleted row is skipped, or deletes the series with `delete`.",
            group,
            7,
            Width.SHORT,
            "Null values")
        .define(
            MAX_PER_PARTITION,
            ConfigDef.Type.STRING,
            Validators.OFF,
            Validators.rangeOr(1, Integer.MAX_VALUE, Validators.OFF),
            Importance.MEDIUM,
            "Maximum number of series in a partition. Events of further series become dead"
                + " letters.",
            group,
            8,
            Width.SHORT,
            "Series per partition")
        .define(
            TIME_TO_LIVE,
            ConfigDef.Type.STRING,
            Validators.OFF,
            Validators.durationOrOff(Duration.ofMillis(1)),
            Importance.MEDIUM,
            "Time without an observation, in the event time of the partition, after which a series"
                + " is deleted. It starts again if it returns.",
            group,
            9,
            Width.SHORT,
            "Time to live");
  }

  /** Defines when a forecast is published, in the group of the forecasts. */
  static void defineEmit(ConfigDef definition, String group) {
    definition.define(
        EMIT_ON,
        ConfigDef.Type.STRING,
        STEP,
        Validators.oneOf(Stream.of(STEP, OBSERVATION)),
        Importance.MEDIUM,
        "When a forecast is published. `step`: when a step closes. `observation`: after every"
            + " observation, including those of an open step.",
        group,
        2,
        Width.SHORT,
        "Emit on");
  }

  /**
   * Returns the policies.
   *
   * @param events mapping of the events, which decides whether null values can delete a series
   */
  static StreamPolicies policies(SettingValues values, EventMapping events, ModelPolicies models) {
    NullValues nullValues = NullValues.of(values.text(NULL_VALUES));
    if (nullValues == NullValues.DELETE && (events.isRekeyed() || events.hasSeveralValues())) {
      values.problem(
          "delete requires events.key = record and a single events.value, because a null value does"
              + " not name its series",
          NULL_VALUES);
    }
    return new StreamPolicies(
        lateness(values),
        limits(values),
        series(values),
        nullValues,
        models,
        AnomalyPolicySettings.policy(values),
        AlertSettings.rules(values));
  }

  private static LatenessPolicy lateness(SettingValues values) {
    boolean isRevising = values.text(LATE_POLICY).equals(REVISE);
    String rule = values.optionalText(DUPLICATES);
    Duplicates defaultRule = isRevising ? Duplicates.LAST : Duplicates.FIRST;
    return new LatenessPolicy(
        DurationFormat.parse(values.text(LATENESS)),
        values.integer(DUPLICATE_WINDOW),
        values.text(EMIT_ON).equals(OBSERVATION),
        isRevising ? values.integer(REVISE_STEPS) : 0,
        rule == null ? defaultRule : Duplicates.of(rule));
  }

  private static EventLimits limits(SettingValues values) {
    EventLimits defaults = EventLimits.NONE;
    double minValue = values.number(MIN_VALUE, defaults.minValue());
    double maxValue = values.number(MAX_VALUE, defaults.maxValue());
    long earliestMs = timestampMs(values, MIN_TIMESTAMP, defaults.earliestMs());
    long latestMs = timestampMs(values, MAX_TIMESTAMP, defaults.latestMs());
    if (minValue > maxValue) {
      values.problem(
          "expected the first to be at most the second, got %s and %s"
              .formatted(minValue, maxValue),
          MIN_VALUE,
          MAX_VALUE);
      return defaults;
    }
    if (earliestMs > latestMs) {
      values.problem(
          "expected the first to be at most the second, got %s and %s"
              .formatted(Instant.ofEpochMilli(earliestMs), Instant.ofEpochMilli(latestMs)),
          MIN_TIMESTAMP,
          MAX_TIMESTAMP);
      return defaults;
    }
    Duration ahead = durationOrOff(values, MAX_AHEAD_OF_RECORD);
    return new EventLimits(
        minValue,
        maxValue,
        earliestMs,
        latestMs,
        ahead == null ? defaults.aheadOfRecordMs() : ahead.toMillis());
  }

  private static long timestampMs(SettingValues values, String key, long defaultMs) {
    String text = values.optionalText(key);
    return text == null ? defaultMs : Instant.parse(text).toEpochMilli();
  }

  private static SeriesLimits series(SettingValues values) {
    SeriesLimits defaults = SeriesLimits.DEFAULT;
    Duration ahead = durationOrOff(values, MAX_AHEAD_OF_SERIES);
    Duration timeToLive = durationOrOff(values, TIME_TO_LIVE);
    String maxSeries = values.text(MAX_PER_PARTITION);
    return values.create(
        "series.",
        () ->
            new SeriesLimits(
                ahead == null ? TimestampGuard.OFF : TimestampGuard.of(ahead),
                maxSeries.equals(Validators.OFF)
                    ? defaults.maxSeries()
                    : Integer.parseInt(maxSeries),
                timeToLive == null ? defaults.timeToLiveMs() : timeToLive.toMillis()),
        defaults);
  }

  private static @Nullable Duration durationOrOff(SettingValues values, String key) {
    String text = values.text(key);
    return text.equals(Validators.OFF) ? null : DurationFormat.parse(text);
  }
}
