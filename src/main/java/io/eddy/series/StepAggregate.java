package io.eddy.series;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Aggregate of the observations of one step, which are not retained individually.
 *
 * <p>The result does not depend on the order in which observations are added: sums are exact, and
 * of two observations with the same timestamp the larger value counts as the first and as the last.
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
    boolean isAfter(Stamped other) {
      return timestampMs != other.timestampMs
          ? timestampMs > other.timestampMs
          : Double.compare(value, other.value) > 0;
    }

    boolean isBefore(Stamped other) {
      return timestampMs != other.timestampMs
          ? timestampMs < other.timestampMs
          : Double.compare(value, other.value) > 0;
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

    boolean isAfter(StampedRow other) {
      return timestampMs != other.timestampMs
          ? timestampMs > other.timestampMs
          : Arrays.compare(values, other.values) > 0;
    }
  }

  /** The numeric part of an aggregate, as a codec restores it. The sum is not copied. */
  public record Statistics(
      long count, ExactSum sum, double min, double max, Stamped first, Stamped last) {}

  /** Adds an observation. */
  void add(Observation observation) {
    Stamped value = new Stamped(observation.timestampMs(), observation.value());
    merge(count == 0, value, value, value.value(), value.value());
    count++;
    sum.add(value.value());
    observation
        .covariates()
        .values()
        .forEach((name, number) -> put(name, new Stamped(value.timestampMs(), number)));
    FutureCovariates future = observation.futureCovariates();
    for (String name : future.names()) {
      put(name, new StampedRow(value.timestampMs(), future.values(name)));
    }
  }

  /** Adds all observations of another aggregate. */
  void add(StepAggregate other) {
    if (other.count > 0) {
      merge(count == 0, other.first, other.last, other.min, other.max);
      count += other.count;
      sum.add(other.sum);
      other.covariates.forEach(this::put);
      other.futureCovariates.forEach(this::put);
    }
  }

  private void merge(boolean isEmpty, Stamped first, Stamped last, double min, double max) {
    this.min = isEmpty ? min : Math.min(this.min, min);
    this.max = isEmpty ? max : Math.max(this.max, max);
    this.first = isEmpty || first.isBefore(this.first) ? first : this.first;
    this.last = isEmpty || last.isAfter(this.last) ? last : this.last;
  }

  private void put(String name, Stamped number) {
    covariates.merge(name, number, (old, added) -> added.isAfter(old) ? added : old);
  }

  private void put(String name, StampedRow row) {
    futureCovariates.merge(name, row, (old, added) -> added.isAfter(old) ? added : old);
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
