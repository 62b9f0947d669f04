package io.eddy.series;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came with a value that may tell of those to come: numbers by name. A name that is not there
 * is a number that is missing.
 *
 * @param values in the order of their names, each within ±1e35
 */
public record Covariates(Map<String, Double> values) {
  /** Most that a series may have. */
  public static final int MAX_COUNT = 64;

  /** Where nothing came. */
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

  /** The number of that name; NaN where it is missing. */
  public double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** These, and of {@code others} what is missing here. */
  public Covariates withDefaults(Covariates others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    Map<String, Double> all = new TreeMap<>(others.values);
    all.putAll(values);
    return new Covariates(all);
  }
}
