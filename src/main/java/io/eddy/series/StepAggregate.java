package io.eddy.series;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What observations of one step amount to, without keeping them. They may join in any order: of
 * equal times the larger value counts as the first and as the last, and sums are exact.
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

  /** A number and when it was measured, epoch milliseconds. */
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

  /** What was known of the steps ahead by one name, and when. */
  public static final class StampedRow {
    private final long timestampMs;
    private final double[] values;

    /** Numbers from one step ahead on, NaN where unknown; not copied. */
    public StampedRow(long timestampMs, double[] values) {
      this.timestampMs = timestampMs;
      this.values = values;
    }

    public long timestampMs() {
      return timestampMs;
    }

    /** Not a copy. */
    public double[] values() {
      return values;
    }

    boolean isAfter(StampedRow other) {
      return timestampMs != other.timestampMs
          ? timestampMs > other.timestampMs
          : Arrays.compare(values, other.values) > 0;
    }
  }

  /** The numbers of totals, as a codec restores them; the sum is not a copy. */
  public record Statistics(
      long count, ExactSum sum, double min, double max, Stamped first, Stamped last) {}

  /** Takes an observation. */
  void add(Observation observation) {
    Stamped value = new Stamped(observation.timestampMs(), observation.value());
    join(count == 0, value, value, value.value(), value.value());
    count++;
    sum.add(value.value());
    observation
        .covariates()
        .values()
        .forEach((name, number) -> put(name, new Stamped(value.timestampMs(), number)));
    FutureCovariates known = observation.futureCovariates();
    for (String name : known.names()) {
      put(name, new StampedRow(value.timestampMs(), known.values(name)));
    }
  }

  /** Takes what others amount to. */
  void add(StepAggregate others) {
    if (others.count > 0) {
      join(count == 0, others.first, others.last, others.min, others.max);
      count += others.count;
      sum.add(others.sum);
      others.covariates.forEach(this::put);
      others.futureCovariates.forEach(this::put);
    }
  }

  private void join(boolean isEmpty, Stamped first, Stamped last, double min, double max) {
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

  /** Their value by {@code aggregation}; of no observation it means nothing. */
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

  /** Each number that came with them as the one measured last has it. */
  Covariates toCovariates() {
    Map<String, Double> values = new TreeMap<>();
    covariates.forEach((name, number) -> values.put(name, number.value()));
    return values.isEmpty() ? Covariates.NONE : new Covariates(values);
  }

  /** What was known of the steps ahead, each name as the one measured last has it. */
  FutureCovariates toFutureCovariates() {
    Map<String, double[]> rows = new TreeMap<>();
    futureCovariates.forEach((name, row) -> rows.put(name, row.values()));
    return rows.isEmpty() ? FutureCovariates.NONE : FutureCovariates.of(rows);
  }

  public Statistics statistics() {
    return new Statistics(count, sum, min, max, first, last);
  }

  /** The covariates by name; a view. */
  public Map<String, Stamped> covariates() {
    return Collections.unmodifiableMap(covariates);
  }

  /** What was known ahead by name; a view. */
  public Map<String, StampedRow> futureCovariates() {
    return Collections.unmodifiableMap(futureCovariates);
  }

  /** Totals that were read before. */
  public static StepAggregate of(
      Statistics numbers, Map<String, Stamped> covariates, Map<String, StampedRow> ahead) {
    StepAggregate totals = new StepAggregate();
    totals.count = numbers.count();
    totals.sum.add(numbers.sum());
    totals.min = numbers.min();
    totals.max = numbers.max();
    totals.first = numbers.first();
    totals.last = numbers.last();
    totals.covariates.putAll(covariates);
    totals.futureCovariates.putAll(ahead);
    return totals;
  }
}
