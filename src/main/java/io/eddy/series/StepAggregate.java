package io.eddy.series;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Aggregate of the observations of one step, which are not retained individually.
 *
 * <p>The result does not depend on the order in which observations with different timestamps are
 * added: sums are exact. Of two observations with the same timestamp, which are added in the order
 * of their arrival, {@link Duplicates} decides which of them is the first and the last.
 */
public final class StepAggregate {
  private long count;
  private final ExactSum sum = new ExactSum();
  private double min;
  private double max;
  private Stamped first = new Stamped(0, 0);
  private Stamped last = first;
  private final SortedMap<String, Stamped> covariates = new TreeMap<>();
  private final SortedMap<String, StampedRow> futureCovariates = new TreeMap<>();

  /** A value and the time of its measurement, epoch milliseconds. */
  public record Stamped(long timestampMs, double value) {
    /** Returns whether this value, which arrived later, replaces the latest one. */
    boolean isAfter(Stamped earlier, Duplicates rule) {
      return timestampMs != earlier.timestampMs
          ? timestampMs > earlier.timestampMs
          : rule.replaces(Double.compare(value, earlier.value));
    }

    /** Returns whether this value, which arrived later, replaces the first one. */
    boolean isBefore(Stamped earlier, Duplicates rule) {
      return timestampMs != earlier.timestampMs
          ? timestampMs < earlier.timestampMs
          : rule.replaces(Double.compare(value, earlier.value));
    }
  }

  /**
   * The future covariates of one name and the time at which they were reported, epoch milliseconds.
   */
  public static final class StampedRow {
    private final long timestampMs;
    private final double[] values;

    /**
     * Creates a row whose index 0 is one step ahead and in which NaN is unknown. The array is not
     * copied.
     */
    public StampedRow(long timestampMs, double[] values) {
      this.timestampMs = timestampMs;
      this.values = values;
    }

    public long timestampMs() {
      return timestampMs;
    }

    /** Returns the values without copying them. */
    public double[] values() {
      return values;
    }

    boolean isAfter(StampedRow earlier, Duplicates rule) {
      return timestampMs != earlier.timestampMs
          ? timestampMs > earlier.timestampMs
          : rule.replaces(Arrays.compare(values, earlier.values));
    }
  }

  /** The numeric part of an aggregate, as a codec restores it. The sum is not copied. */
  public record Statistics(
      long count, ExactSum sum, double min, double max, Stamped first, Stamped last) {}

  /** Adds an observation. */
  void add(Observation observation, Duplicates rule) {
    Stamped value = new Stamped(observation.timestampMs(), observation.value());
    boolean isEmpty = count == 0;
    min = isEmpty ? value.value() : Math.min(min, value.value());
    max = isEmpty ? value.value() : Math.max(max, value.value());
    first = isEmpty || value.isBefore(first, rule) ? value : first;
    last = isEmpty || value.isAfter(last, rule) ? value : last;
    count++;
    sum.add(value.value());
    observation
        .covariates()
        .values()
        .forEach((name, number) -> put(name, new Stamped(value.timestampMs(), number), rule));
    FutureCovariates future = observation.futureCovariates();
    for (String name : future.names()) {
      put(name, new StampedRow(value.timestampMs(), future.values(name)), rule);
    }
  }

  /** Returns an independent copy. */
  StepAggregate copy() {
    return of(statistics(), covariates, futureCovariates);
  }

  private void put(String name, Stamped number, Duplicates rule) {
    covariates.merge(name, number, (old, added) -> added.isAfter(old, rule) ? added : old);
  }

  private void put(String name, StampedRow row, Duplicates rule) {
    futureCovariates.merge(name, row, (old, added) -> added.isAfter(old, rule) ? added : old);
  }

  public long count() {
    return count;
  }

  /** Returns the value according to {@code aggregation}; undefined without observations. */
  double value(Aggregation aggregation) {
    return switch (aggregation) {
      case FIRST -> first.value();
      case LAST -> last.value();
      case MEAN -> sum.value() / count;
      case SUM -> Math.max(-Observation.MAX_VALUE, Math.min(Observation.MAX_VALUE, sum.value()));
      case MIN -> min;
      case MAX -> max;
      case COUNT -> count;
    };
  }

  /** Returns, for each covariate, the value of the latest observation that has it. */
  Covariates toCovariates() {
    Map<String, Double> values = new TreeMap<>();
    covariates.forEach((name, number) -> values.put(name, number.value()));
    return values.isEmpty() ? Covariates.NONE : new Covariates(values);
  }

  /** Returns, for each covariate, the future values of the latest observation that has them. */
  FutureCovariates toFutureCovariates() {
    Map<String, double[]> rows = new TreeMap<>();
    futureCovariates.forEach((name, row) -> rows.put(name, row.values()));
    return rows.isEmpty() ? FutureCovariates.NONE : FutureCovariates.of(rows);
  }

  public Statistics statistics() {
    return new Statistics(count, sum, min, max, first, last);
  }

  /** Returns a view of the covariates by name. */
  public Map<String, Stamped> covariates() {
    return Collections.unmodifiableMap(covariates);
  }

  /** Returns a view of the future covariates by name. */
  public Map<String, StampedRow> futureCovariates() {
    return Collections.unmodifiableMap(futureCovariates);
  }

  /** Restores an aggregate. */
  public static StepAggregate of(
      Statistics statistics,
      Map<String, Stamped> covariates,
      Map<String, StampedRow> futureCovariates) {
    StepAggregate aggregate = new StepAggregate();
    aggregate.count = statistics.count();
    aggregate.sum.add(statistics.sum());
    aggregate.min = statistics.min();
    aggregate.max = statistics.max();
    aggregate.first = statistics.first();
    aggregate.last = statistics.last();
    aggregate.covariates.putAll(covariates);
    aggregate.futureCovariates.putAll(futureCovariates);
    return aggregate;
  }
}
