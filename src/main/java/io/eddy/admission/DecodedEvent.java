package io.eddy.admission;

import io.eddy.series.Observation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The observations of one event. An invalid value does not affect the event's other values.
 *
 * @param key name of the series; for several series their common name, without fields
 * @param observations one for each valid value, in the mapping's order; empty, as {@code refused}
 *     is, for an event that reports a deleted row
 * @param refused why other values were rejected, by series
 */
public record DecodedEvent(
    String key, List<Observation> observations, Map<String, String> refused) {
  /** An event that reports a deleted row. */
  public static final DecodedEvent NONE = new DecodedEvent("", List.of(), Map.of());

  public DecodedEvent {
    refused =
        refused.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(refused));
  }

  /** Returns an event with a single observation. */
  public static DecodedEvent of(Observation observation) {
    return new DecodedEvent(observation.series(), List.of(observation), Map.of());
  }
}
