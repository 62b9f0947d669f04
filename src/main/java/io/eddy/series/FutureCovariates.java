package io.eddy.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of the steps after the one at hand: numbers by name and step ahead, j from 1. What
 * is not there is unknown.
 *
 * <p>A view of rows that are not changed any more, so that steps of one plan share its rows.
 */
public final class FutureCovariates {
  /** Most numbers that an event may bring. */
  public static final int MAX_VALUES = 16_384;

  /** Where nothing is known. */
  public static final FutureCovariates NONE = new FutureCovariates(CovariateColumns.NONE, 0, 0);

  private final CovariateColumns columns;
  private final int from;
  private final int size;

  /**
   * The {@code size} rows of {@code columns} from row {@code from} on, the first one step ahead.
   */
  public FutureCovariates(CovariateColumns columns, int from, int size) {
    this.columns = columns;
    this.from = from;
    this.size = size;
  }

  /**
   * Numbers by name, the first one step ahead; NaN where unknown.
   *
   * @throws IllegalArgumentException where one is beyond ±1e35
   */
  public static FutureCovariates of(Map<String, double[]> numbers) {
    int size = numbers.values().stream().mapToInt(row -> row.length).max().orElse(0);
    CovariateColumns columns = new CovariateColumns(size);
    numbers.forEach(
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

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return size == 0 || columns.isEmpty();
  }

  /** The names of which something may be known, in their order. */
  public List<String> names() {
    return isEmpty() ? List.of() : new ArrayList<>(columns.names());
  }

  /** The number of that name {@code ahead} steps ahead, from 1; NaN where it is unknown. */
  public double value(String name, int ahead) {
    return ahead > size ? Double.NaN : columns.value(name, from + ahead - 1);
  }

  /** The numbers of a name up to the last one that is known; NaN among them where unknown. */
  public double[] values(String name) {
    int length = size;
    while (length > 0 && Double.isNaN(value(name, length))) {
      length--;
    }
    double[] known = new double[length];
    for (int j = 1; j <= length; j++) {
      known[j - 1] = value(name, j);
    }
    return known;
  }

  /** These, and of {@code others} the names that are not here. */
  public FutureCovariates withDefaults(FutureCovariates others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    if (columns.names().containsAll(others.columns.names())) {
      return this;
    }
    Map<String, double[]> all = others.toMap(others.names());
    all.putAll(toMap(names()));
    return of(all);
  }

  /** Of these names at most that many steps; a copy. */
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

  /** Whether the same is known. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FutureCovariates ahead && toLists().equals(ahead.toLists());
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
    Map<String, List<Double>> words = new TreeMap<>();
    for (String name : names()) {
      List<Double> known = new ArrayList<>();
      for (double number : values(name)) {
        known.add(number);
      }
      if (!known.isEmpty()) {
        words.put(name, known);
      }
    }
    return words;
  }
}
