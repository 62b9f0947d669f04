package io.eddy.series;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Covariate values of one observation or step, by name. An absent name is a missing value.
 *
 * @param values in ascending order of their names, each within ±1e35
 */
public record Covariates(Map<String, Double> values) {
  /** Maximum number of covariates of a series. */
  public static final int MAX_COUNT = 64;

  /** No covariates. */
  public static final Covariates NONE = new Covariates(Map.of());

  public Covariates {
    values.forEach(
        (name, value) -> {
          if (!Observation.isInRange(value)) {
            throw new IllegalArgumentException(
                "covariate %s: expected a number within ±1e35, got %s".formatted(name, value));
          }
        });
    values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** Returns the value of a covariate, or NaN if it is missing. */
  public double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }
}
