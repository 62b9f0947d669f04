package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one event that a mapping names, as a reader finds them. What is wrong with one of
 * several values is kept beside the others; anything else that is wrong is thrown at once, as an
 * {@link InvalidRecordException}.
 */
final class EventFields {
  private static final long LATEST_MS = 253_402_300_799_999L;

  private final EventMapping mapping;
  private final @Nullable String[] keys;
  private final double[] values;
  private final boolean[] isThere;
  private final @Nullable String[] faults;
  private final Map<String, Double> covariates = new TreeMap<>();
  private FutureCovariates ahead = FutureCovariates.NONE;
  private boolean hasTime;
  private long timestampMs;

  EventFields(EventMapping mapping) {
    this.mapping = mapping;
    keys = new String[mapping.key().fields().size()];
    values = new double[mapping.values().size()];
    isThere = new boolean[values.length];
    faults = new String[values.length];
  }

  /** Forgets what was found. */
  void clear() {
    Arrays.fill(keys, null);
    Arrays.fill(isThere, false);
    Arrays.fill(faults, null);
    covariates.clear();
    ahead = FutureCovariates.NONE;
    hasTime = false;
  }

  void putKey(int index, String part) {
    keys[index] = part;
  }

  void putTime(long timestampMs) {
    hasTime = true;
    this.timestampMs = timestampMs;
  }

  void putValue(int index, double value) {
    values[index] = value;
    isThere[index] = true;
    faults[index] = null;
  }

  /** A value is there and is none. */
  void putFault(int index, InvalidRecordException fault) {
    if (values.length == 1) {
      throw fault;
    }
    isThere[index] = false;
    faults[index] = fault.reason();
  }

  /** One of several values is there and says nothing. */
  void putNothing(int index) {
    isThere[index] = false;
    faults[index] = null;
  }

  /** Sets a covariate; NaN takes it away. */
  void putCovariate(String name, double value) {
    if (Double.isNaN(value)) {
      covariates.remove(name);
    } else if (!Observation.isInRange(value)) {
      throw new InvalidRecordException("%s: expected a number within ±1e35", name).got(value);
    } else {
      covariates.put(name, value);
    }
  }

  void putAhead(FutureCovariates ahead) {
    this.ahead = ahead;
  }

  /**
   * What was found.
   *
   * @param recordKey name of the series where the record's key is it
   * @param recordTimestampMs counts where the mapping says so, or lets it stand in
   */
  DecodedEvent toEvent(@Nullable String recordKey, long recordTimestampMs) {
    String key = recordKey == null ? mapping.key().join(keys) : recordKey;
    if (!hasTime && mapping.time().isRequired()) {
      throw new InvalidRecordException(
          "field %s is missing: expected a time", mapping.time().field());
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
    if (!isThere[0]) {
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
      } else if (isThere[i]) {
        try {
          observations.add(common.observation(series, field, values[i]));
        } catch (InvalidRecordException e) {
          refused.put(series, e.reason());
        }
      }
    }
    if (observations.isEmpty() && refused.isEmpty()) {
      throw new InvalidRecordException(
          "none of the fields %s is there: expected a number in at least one",
          String.join(", ", mapping.values()));
    }
    return new DecodedEvent(key, observations, refused);
  }

  /** What all observations of an event have in common. */
  record Common(long timestampMs, Covariates covariates, FutureCovariates ahead) {
    /** Times of this era: what is beyond was counted in other units. */
    void requireTime() {
      if (timestampMs > LATEST_MS) {
        throw new InvalidRecordException(
                "timestamp: expected epoch milliseconds up to the year 9999; other units can be"
                    + " set")
            .got(timestampMs);
      }
      if (timestampMs < 0) {
        throw new InvalidRecordException("timestamp: expected epoch milliseconds from 0 on")
            .got(timestampMs);
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
