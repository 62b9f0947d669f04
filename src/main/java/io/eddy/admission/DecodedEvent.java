package io.eddy.admission;

import io.eddy.series.Observation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one event says. Where it has several values, one that is bad does not lose the others.
 *
 * @param key the name of the series, or of its several series without their fields
 * @param observations one for each value, in the mapping's order
 * @param refused what is wrong with other values, by their series
 */
public record DecodedEvent(
    String key, List<Observation> observations, Map<String, String> refused) {
  public DecodedEvent {
    refused =
        refused.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(refused));
  }

  public static DecodedEvent of(Observation observation) {
    return new DecodedEvent(observation.series(), List.of(observation), Map.of());
  }
}
