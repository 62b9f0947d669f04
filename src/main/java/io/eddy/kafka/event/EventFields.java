package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.time.InvalidTimestampException;
import io.eddy.series.time.TimestampCounts;
import io.eddy.series.time.TimestampReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The mapped fields of one event, filled by a format's reader and reused for the next event. An
 * invalid value among several is recorded; any other invalid field is rejected at once with an
 * {@link InvalidRecordException}.
 */
final class EventFields {
  private final EventMapping mapping;
  private final TimestampReader times;
  private final @Nullable String[] keys;
  private final double[] values;
  private final boolean[] isPresent;
  private final @Nullable String[] faults;
  private final Map<String, Double> covariates = new TreeMap<>();
  private FutureCovariates ahead = FutureCovariates.NONE;
  private boolean hasTime;
  private boolean isWithoutRow;
  private boolean isDeleted;
  private long timestampMs;

  EventFields(EventMapping mapping) {
    this.mapping = mapping;
    times = mapping.time().newReader();
    keys = new String[mapping.key().fields().size()];
    values = new double[mapping.values().size()];
    isPresent = new boolean[values.length];
    faults = new String[values.length];
  }

  /** Removes all fields. */
  void clear() {
    Arrays.fill(keys, null);
    Arrays.fill(isPresent, false);
    Arrays.fill(faults, null);
    covariates.clear();
    ahead = FutureCovariates.NONE;
    hasTime = false;
    isWithoutRow = false;
    isDeleted = false;
  }

  void putKey(int index, String part) {
    keys[index] = part;
  }

  /** Sets the time in epoch milliseconds. */
  void putTime(long timestampMs) {
    hasTime = true;
    this.timestampMs = timestampMs;
  }

  /** Sets the time from text in the mapping's format. */
  void putTime(String field, String text) {
    try {
      putTime(times.ofText(text));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, text);
    }
  }

  /** Sets the time from a whole number in the mapping's format. */
  void putTime(String field, long number) {
    try {
      putTime(times.ofInteger(number));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  /** Sets the time from a number with a fraction in the mapping's format. */
  void putTime(String field, double number) {
    try {
      putTime(times.ofFraction(number));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  /** Sets the time from a number whose type tells what it means. */
  void putTime(String field, long number, LogicalTime type) {
    try {
      putTime(type.read(field, number, times));
    } catch (InvalidTimestampException e) {
      throw invalidTime(field, e, number);
    }
  }

  private static InvalidRecordException invalidTime(
      String field, InvalidTimestampException e, Object content) {
    return new InvalidRecordException("field %s: %s", field, e.reason())
        .because("the field holds " + content);
  }

  /** Returns the exception for a field of another type. */
  InvalidRecordException noTime(String field, String type) {
    return new InvalidRecordException(
        "field %s: expected %s, got %s", field, times.format().description(), type);
  }

  /** Returns the counts of the times read so far. */
  TimestampCounts timestampCounts() {
    return times.counts();
  }

  void putValue(int index, double value) {
    values[index] = value;
    isPresent[index] = true;
    faults[index] = null;
  }

  /** Records an invalid value; throws the fault if the event has only one value. */
  void putFault(int index, InvalidRecordException fault) {
    if (values.length == 1) {
      throw fault;
    }
    isPresent[index] = false;
    faults[index] = fault.reason();
  }

  /** Records that one of several values is null. */
  void putNull(int index) {
    isPresent[index] = false;
    faults[index] = null;
  }

  /** Sets a covariate; NaN removes it. */
  void putCovariate(String name, double value) {
    if (Double.isNaN(value)) {
      covariates.remove(name);
    } else if (!Observation.isInRange(value)) {
      throw new InvalidRecordException("%s: expected a number within ±1e35", name).got(value);
    } else {
      covariates.put(name, value);
    }
  }

  /** Sets the operation of a change event, or the mark of a deleted row. */
  void putChange(FieldPaths.Field field, @Nullable String text) {
    if (field.isDeleted()) {
      isDeleted = "true".equals(text);
    }
    if (field.isOperation()) {
      isWithoutRow = text != null && ChangeEvents.isWithoutRow(text);
    }
  }

  private boolean hasValue() {
    for (int i = 0; i < values.length; i++) {
      if (isPresent[i] || faults[i] != null) {
        return true;
      }
    }
    return false;
  }

  void putAhead(FutureCovariates ahead) {
    this.ahead = ahead;
  }

  /**
   * Builds the decoded event.
   *
   * @param recordKey the series name in the record's key; null if fields name the series
   * @param recordTimestampMs used if the event has no timestamp of its own
   * @throws InvalidRecordException if a required field is missing or invalid
   */
  DecodedEvent toEvent(@Nullable String recordKey, long recordTimestampMs) {
    if (isDeleted || (isWithoutRow && !hasValue())) {
      return DecodedEvent.NONE;
    }
    String key = recordKey == null ? mapping.key().join(keys) : recordKey;
    if (!hasTime && mapping.time().isRequired()) {
      throw new InvalidRecordException(
          "field %s is missing: expected a timestamp", mapping.time().field());
    }
    Common common =
        new Common(
            hasTime ? timestampMs : recordTimestampMs,
            covariates.isEmpty() ? Covariates.NONE : new Covariates(covariates),
            ahead);
    if (values.length > 1) {
      return several(key, common);
    }
    String field = mapping.values().get(0);
    if (!isPresent[0]) {
      throw new InvalidRecordException("field %s is missing: expected a number", field);
    }
    return DecodedEvent.of(common.observation(key, field, values[0]));
  }

  private DecodedEvent several(String key, Common common) {
    List<Observation> observations = new ArrayList<>(values.length);
    Map<String, String> refused = new LinkedHashMap<>();
    common.requireTime();
    for (int i = 0; i < values.length; i++) {
      String field = mapping.values().get(i);
      String series = mapping.key().withField(key, field);
      String fault = faults[i];
      if (fault != null) {
        refused.put(series, fault);
      } else if (isPresent[i]) {
        try {
          observations.add(common.observation(series, field, values[i]));
        } catch (InvalidRecordException e) {
          refused.put(series, e.reason());
        }
      }
    }
    if (observations.isEmpty() && refused.isEmpty()) {
      throw new InvalidRecordException(
          "fields %s are missing: expected a number in at least one",
          String.join(", ", mapping.values()));
    }
    return new DecodedEvent(key, observations, refused);
  }

  /** The parts that all observations of an event share. */
  record Common(long timestampMs, Covariates covariates, FutureCovariates ahead) {
    /**
     * Rejects timestamps before 1970 and after the year 9999, which usually are in another unit.
     */
    void requireTime() {
      if (timestampMs > TimestampReader.MAX_MS) {
        throw new InvalidRecordException(
                "timestamp: expected epoch milliseconds up to the year 9999; for other units set"
                    + " events.timestamp-format")
            .got(timestampMs);
      }
      if (timestampMs < 0) {
        throw new InvalidRecordException("timestamp: expected a time from 1970 on")
            .because(timestampMs + " ms");
      }
    }

    Observation observation(String series, String field, double value) {
      requireTime();
      if (!Double.isFinite(value)) {
        throw new InvalidRecordException("%s: expected a finite number", field).got(value);
      }
      if (!Observation.isInRange(value)) {
        throw new InvalidRecordException("%s: expected a number within ±1e35", field).got(value);
      }
      return new Observation(series, timestampMs, value, covariates, ahead);
    }
  }
}
