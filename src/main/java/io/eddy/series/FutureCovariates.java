package io.eddy.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Future covariates of one step: values by name and step ahead j, where j starts at 1. Absent
 * values are unknown.
 *
 * <p>An immutable view of rows. The steps of one plan share the same rows.
 */
public final class FutureCovariates {
  /** Maximum number of values in one event. */
  public static final int MAX_VALUES = 16_384;

  /** No future covariates. */
  public static final FutureCovariates NONE = new FutureCovariates(CovariateColumns.NONE, 0, 0);

  private final CovariateColumns columns;
  private final int from;
  private final int size;

  /**
   * Creates a view of {@code size} rows of {@code columns}. Row {@code from} holds the values one
   * step ahead. The columns must not be modified afterwards.
   */
  public FutureCovariates(CovariateColumns columns, int from, int size) {
    this.columns = columns;
    this.from = from;
    this.size = size;
  }

  /**
   * Creates future covariates from arrays.
   *
   * @param valuesByName values by name; index 0 is one step ahead and NaN is unknown
   * @throws IllegalArgumentException if a value is outside ±1e35
   */
  public static FutureCovariates of(Map<String, double[]> valuesByName) {
    int size = valuesByName.values().stream().mapToInt(row -> row.length).max().orElse(0);
    CovariateColumns columns = new CovariateColumns(size);
    valuesByName.forEach(
        (name, row) -> {
          for (int i = 0; i < row.length; i++) {
            if (!Double.isNaN(row[i]) && !Observation.isInRange(row[i])) {
              throw new IllegalArgumentException(
                  "ahead: %s: expected numbers within ±1e35, got %s".formatted(name, row[i]));
            }
            columns.set(i, name, row[i]);
          }
        });
    return columns.isEmpty() ? NONE : new FutureCovariates(columns, 0, size);
  }

  /** Returns whether all values are unknown. */
  public boolean isEmpty() {
    return size == 0 || columns.isEmpty();
  }

  /** Returns the names that may have known values, in ascending order. */
  public List<String> names() {
    return isEmpty() ? List.of() : new ArrayList<>(columns.names());
  }

  /** Returns the value {@code ahead} steps ahead, counted from 1, or NaN if it is unknown. */
  public double value(String name, int ahead) {
    return ahead > size ? Double.NaN : columns.value(name, from + ahead - 1);
  }

  /**
   * Returns the values of a covariate from one step ahead to the last known one; NaN is unknown.
   */
  public double[] values(String name) {
    int length = size;
    while (length > 0 && Double.isNaN(value(name, length))) {
      length--;
    }
    double[] values = new double[length];
    for (int j = 1; j <= length; j++) {
      values[j - 1] = value(name, j);
    }
    return values;
  }

  /** Returns these covariates, completed by {@code defaults} for names that are absent here. */
  public FutureCovariates withDefaults(FutureCovariates defaults) {
    if (isEmpty() || defaults.isEmpty()) {
      return isEmpty() ? defaults : this;
    }
    if (columns.names().containsAll(defaults.columns.names())) {
      return this;
    }
    Map<String, double[]> all = defaults.toMap(defaults.names());
    all.putAll(toMap(names()));
    return of(all);
  }

  /** Returns a copy of the given covariates, truncated to {@code steps} steps ahead. */
  public FutureCovariates select(Collection<String> names, int steps) {
    return of(new FutureCovariates(columns, from, Math.min(size, steps)).toMap(names));
  }

  private Map<String, double[]> toMap(Collection<String> names) {
    Map<String, double[]> map = new TreeMap<>();
    for (String name : names) {
      map.put(name, values(name));
    }
    return map;
  }

  /** Compares the known values. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FutureCovariates that && toLists().equals(that.toLists());
  }

  @Override
  public int hashCode() {
    return toLists().hashCode();
  }

  @Override
  public String toString() {
    return toLists().toString();
  }

  private Map<String, List<Double>> toLists() {
    Map<String, List<Double>> lists = new TreeMap<>();
    for (String name : names()) {
      List<Double> values = new ArrayList<>();
      for (double value : values(name)) {
        values.add(value);
      }
      if (!values.isEmpty()) {
        lists.put(name, values);
      }
    }
    return lists;
  }
}
