package io.eddy.kafka.config;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.admission.TimestampGuard;
import io.eddy.kafka.event.EventMapping;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The settings of how events are taken that are not as they should be. */
final class PolicySettings {
  private static final String LATENESS = "events.lateness";
  private static final String REMEMBERED = "events.remembered";
  private static final String FORECAST_ON = "events.forecast-on";
  private static final String LATE = "events.late";
  private static final String REVISE_STEPS = "events.revise-steps";
  private static final int USUALLY_REVISED = 24;

  private static final String MIN_VALUE = "events.min-value";
  private static final String MAX_VALUE = "events.max-value";
  private static final String EARLIEST = "events.earliest";
  private static final String LATEST = "events.latest";
  private static final String MAX_AHEAD = "events.max-ahead";
  private static final String MAX_AHEAD_OF_RECORD = "events.max-ahead-of-record";
  private static final String NULL = "events.null";
  private static final String MOST = "series.max-per-partition";
  private static final String TIME_TO_LIVE = "series.time-to-live";

  /** Stands for no limit. */
  private static final String OFF = "off";

  static final List<String> KEYS =
      List.of(
          LATENESS,
          REMEMBERED,
          FORECAST_ON,
          LATE,
          REVISE_STEPS,
          MIN_VALUE,
          MAX_VALUE,
          EARLIEST,
          LATEST,
          MAX_AHEAD,
          MAX_AHEAD_OF_RECORD,
          NULL,
          MOST,
          TIME_TO_LIVE);

  private final Properties properties;
  private final String where;

  /**
   * Settings.
   *
   * @param where begins every error
   */
  PolicySettings(Properties properties, String where) {
    this.properties = properties;
    this.where = where;
  }

  /**
   * The policies.
   *
   * @param events whose key has to be the series where one without a value deletes it
   */
  StreamPolicies read(EventMapping events, ModelPolicies models) {
    boolean nullDeletes = choice(NULL, "dead-letter", "delete");
    if (nullDeletes && (!events.key().isRecordKey() || events.hasSeveralValues())) {
      throw new UsageException(
          "%s%s: delete needs the record's key to be the series: without a value nothing else names it"
              .formatted(where, NULL));
    }
    return new StreamPolicies(arrival(), limits(), series(), nullDeletes, models);
  }

  private SeriesLimits series() {
    SeriesLimits usual = SeriesLimits.DEFAULT;
    int most = text(MOST, OFF).equals(OFF) ? usual.most() : integer(MOST, usual.most());
    Duration timeToLive = span(TIME_TO_LIVE);
    try {
      return new SeriesLimits(
          clock(), most, timeToLive == null ? usual.timeToLiveMs() : timeToLive.toMillis());
    } catch (ArithmeticException e) {
      throw new UsageException(
          "%s%s: expected a duration of millions of years at most, got %s"
              .formatted(where, TIME_TO_LIVE, timeToLive));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "series." + e.getMessage());
    }
  }

  private TimestampGuard clock() {
    Duration maxAhead = span(MAX_AHEAD);
    if (maxAhead == null) {
      return text(MAX_AHEAD, "").isEmpty() ? SeriesLimits.DEFAULT.clock() : TimestampGuard.OFF;
    }
    try {
      return TimestampGuard.of(maxAhead);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  /** A duration; null where it is left out or off. */
  private @Nullable Duration span(String key) {
    return text(key, OFF).equals(OFF) ? null : duration(key, Duration.ZERO);
  }

  private EventLimits limits() {
    EventLimits usual = EventLimits.NONE;
    double minValue = number(MIN_VALUE, usual.minValue());
    double maxValue = number(MAX_VALUE, usual.maxValue());
    long earliestMs = time(EARLIEST, usual.earliestMs());
    long latestMs = time(LATEST, usual.latestMs());
    Duration ahead = span(MAX_AHEAD_OF_RECORD);
    try {
      return new EventLimits(
          minValue,
          maxValue,
          earliestMs,
          latestMs,
          ahead == null ? usual.aheadOfRecordMs() : ahead.toMillis());
    } catch (ArithmeticException e) {
      throw new UsageException(
          "%s%s: expected a duration of millions of years at most, got %s"
              .formatted(where, MAX_AHEAD_OF_RECORD, ahead));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  private double number(String key, double usual) {
    String text = text(key, Double.toString(usual));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UsageException("%s%s: expected a number, got '%s'".formatted(where, key, text));
    }
  }

  private long time(String key, long usual) {
    String text = text(key, "");
    try {
      return text.isEmpty() ? usual : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          "%s%s: expected a time as in 2026-01-20T00:00:00Z, got '%s'".formatted(where, key, text));
    }
  }

  private LatenessPolicy arrival() {
    LatenessPolicy usual = LatenessPolicy.IN_ORDER;
    Duration lateness = duration(LATENESS, usual.lateness());
    int remembered = integer(REMEMBERED, usual.remembered());
    boolean everyObservation = choice(FORECAST_ON, "step", "observation");
    int revisedSteps = revisedSteps();
    try {
      return new LatenessPolicy(lateness, remembered, everyObservation, revisedSteps);
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "events." + e.getMessage());
    }
  }

  private int revisedSteps() {
    boolean revises = choice(LATE, "drop", "revise");
    int steps = integer(REVISE_STEPS, USUALLY_REVISED);
    if (steps < 1 || steps > LatenessPolicy.MOST_REVISED) {
      throw new UsageException(
          "%s%s: expected 1 to %d, got %d"
              .formatted(where, REVISE_STEPS, LatenessPolicy.MOST_REVISED, steps));
    }
    return revises ? steps : 0;
  }

  /** Whether the second of two words is chosen; the first is usual. */
  private boolean choice(String key, String usual, String other) {
    String text = text(key, usual);
    if (!text.equals(usual) && !text.equals(other)) {
      throw new UsageException(
          "%s%s: expected %s or %s, got '%s'".formatted(where, key, usual, other, text));
    }
    return text.equals(other);
  }

  private Duration duration(String key, Duration usual) {
    String text = text(key, usual.toString());
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          "%s%s: expected a duration as in PT15M or P1D, got '%s'".formatted(where, key, text));
    }
  }

  private int integer(String key, int usual) {
    String text = text(key, Integer.toString(usual));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "%s%s: expected a whole number, got '%s'".formatted(where, key, text));
    }
  }

  /** What is left out or empty has its default. */
  private String text(String key, String usual) {
    String text = properties.getProperty(key, "").strip();
    return text.isEmpty() ? usual : text;
  }
}
